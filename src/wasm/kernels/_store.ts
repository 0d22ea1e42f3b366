// Storing a part of four lanes: what is left at the end of an array.

/** Stores the first `count` of four float32 or int32 lanes. */
@inline
export function storeSome32(to: usize, lanes: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, lanes);
    return;
  }
  store<i32>(to, i32x4.extract_lane(lanes, 0));
  if (count > 1) store<i32>(to, i32x4.extract_lane(lanes, 1), 4);
  if (count > 2) store<i32>(to, i32x4.extract_lane(lanes, 2), 8);
}

/** Stores the low 16 bits of the first `count` of four lanes. */
@inline
export function storeSome16(to: usize, lanes: v128, count: i32): void {
  if (count >= 4) {
    const packed = i8x16.shuffle(lanes, lanes, 0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13);
    store<i64>(to, i64x2.extract_lane(packed, 0));
    return;
  }
  store<i16>(to, <i16>i32x4.extract_lane(lanes, 0));
  if (count > 1) store<i16>(to, <i16>i32x4.extract_lane(lanes, 1), 2);
  if (count > 2) store<i16>(to, <i16>i32x4.extract_lane(lanes, 2), 4);
}

/** Stores the low byte of the first `count` of four lanes. */
@inline
export function storeSome8(to: usize, lanes: v128, count: i32): void {
  if (count >= 4) {
    const packed = i8x16.shuffle(lanes, lanes, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
    store<i32>(to, i32x4.extract_lane(packed, 0));
    return;
  }
  store<i8>(to, <i8>i32x4.extract_lane(lanes, 0));
  if (count > 1) store<i8>(to, <i8>i32x4.extract_lane(lanes, 1), 1);
  if (count > 2) store<i8>(to, <i8>i32x4.extract_lane(lanes, 2), 2);
}
