// Streams of bits, the highest bit of a byte first, and symbols of any width.

/** Stores the eight bytes of a number, the highest first. */
@inline
export function storeBig(to: usize, value: u64): void {
  const bytes = i64x2.splat(value);
  v128.store64_lane(to, i8x16.shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0);
}

/** Loads eight bytes as a number, the highest first. */
@inline
export function loadBig(from: usize): u64 {
  const bytes = v128.load64_zero(from);
  return i64x2.extract_lane(i8x16.shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0);
}

/** Returns a symbol's place in its alphabet. T is unsigned, or i32: a difference of 8 or 16 bits wraps to the right one. */
@inline
export function placeOf<T>(from: usize, min: i32): usize {
  if (sizeof<T>() === 4) return load<i32>(from) - min;
  if (sizeof<T>() === 2) return <usize>((load<u16>(from) - min) & 0xffff);
  return <usize>((load<u8>(from) - min) & 0xff);
}
