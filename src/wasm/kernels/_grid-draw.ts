// Float32 values brought to a uniform grid at random, as src/quantization/rounder.ts says it: 32 at a time, the
// quotients in float64, two to a vector.
import { draw32, startDraws } from "./_draws";
import { infinityBits, magnitudeBits } from "./_simd";

/**
 * Runs of `length` neighbours, each with its scale and zero point.
 * @param work 272 bytes
 * @param offset place of the first of all values in the key's stream; k0 and k1 are the key
 * @param kind what is written: 0 values, 1, 2, 3 codes of 8, 16, 32 bits
 */
export function runsDraw(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  scales: usize,
  zeroPoints: usize,
  work: usize,
  k0: i32,
  k1: i32,
  offset: f64,
  length: i32,
  low: f64,
  high: f64,
  kind: i32,
): i32 {
  startDraws(work, k0, k1);
  scales += <usize>first << 3;
  zeroPoints += <usize>first << 3;
  let index = <u64>offset + <u64>first * <u64>length;
  const bytes: usize = kind == 1 ? 1 : kind == 2 ? 2 : 4;
  let odd = 0;
  for (; count > 0; count--, scales += 8, zeroPoints += 8, index += length) {
    odd |= run(length, from, to, work, index, load<f64>(scales), load<f64>(zeroPoints), low, high, kind);
    from += <usize>length << 2;
    to += <usize>length * bytes;
  }
  return odd;
}

/** All values with one scale and one zero point. Parameters as of `runsDraw`. */
export function flatDraw(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  work: usize,
  k0: i32,
  k1: i32,
  offset: f64,
  scale: f64,
  zeroPoint: f64,
  low: f64,
  high: f64,
  kind: i32,
): i32 {
  startDraws(work, k0, k1);
  return run(count, from, to, work, <u64>offset + <u64>first, scale, zeroPoint, low, high, kind);
}

function run(
  length: i32,
  from: usize,
  to: usize,
  work: usize,
  index: u64,
  scale: f64,
  zeroPoint: f64,
  low: f64,
  high: f64,
  kind: i32,
): i32 {
  const whole = floor(zeroPoint);
  const step = f64x2.splat(scale);
  const rest = f64x2.splat(zeroPoint - whole);
  const least = f64x2.splat(low - whole);
  const most = f64x2.splat(high - whole);
  const shift = f64x2.splat(whole);
  let worst = i32x4.splat(0);
  const width = kind == 1 ? 1 : kind == 2 ? 2 : 4;
  while (length > 0) {
    const skip = <i32>(index & 1);
    const some = min(32 - skip, length);
    const words = work + (skip << 2);
    draw32(work, index >> 1);
    for (let i = 0; i < some; i += 2) {
      const given = i + 1 < some ? v128.load64_zero(from) : v128.load32_zero(from);
      worst = i32x4.max_s(worst, v128.and(given, i32x4.splat(magnitudeBits)));
      const place = f64x2.add(f64x2.div(f64x2.promote_low_f32x4(given), step), rest);
      const clamped = f64x2.pmin(f64x2.pmax(place, least), most);
      const code = f64x2.add(drawn(clamped, words + (i << 2)), shift);
      if (kind == 0) {
        store2(to, f32x4.demote_f64x2_zero(f64x2.mul(step, f64x2.sub(code, f64x2.splat(zeroPoint)))), some - i);
        to += 8;
      } else to = storeCodes(to, i32x4.trunc_sat_f64x2_s_zero(code), some - i, kind);
      from += 8;
    }
    // An odd number of values: the last pair was of one.
    from -= (some & 1) << 2;
    to -= (some & 1) * width;
    length -= some;
    index += some;
  }
  return i32(v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1))));
}

/** Returns two numbers rounded away from zero where the 32 bits of their draws lie below their fractions, or else to it. */
@inline
function drawn(place: v128, words: usize): v128 {
  const size = f64x2.abs(place);
  const whole = f64x2.floor(size);
  // A whole number lies below a fraction of 2^32 where it lies below the next whole number; words come less 2^31.
  const limit = f64x2.ceil(f64x2.mul(f64x2.sub(size, whole), f64x2.splat(4294967296)));
  const draw = f64x2.convert_low_i32x4_s(v128.load64_zero(words));
  const up = f64x2.lt(draw, f64x2.sub(limit, f64x2.splat(2147483648)));
  const rounded = f64x2.add(whole, v128.and(up, f64x2.splat(1)));
  return v128.or(rounded, v128.xor(place, size));
}

@inline
function store2(to: usize, lanes: v128, count: i32): void {
  if (count > 1) store<i64>(to, i64x2.extract_lane(lanes, 0));
  else store<i32>(to, i32x4.extract_lane(lanes, 0));
}

/** Stores one or two codes, and returns where the next go. */
@inline
function storeCodes(to: usize, lanes: v128, count: i32, kind: i32): usize {
  if (kind == 1) {
    store<i8>(to, <i8>i32x4.extract_lane(lanes, 0));
    if (count > 1) store<i8>(to, <i8>i32x4.extract_lane(lanes, 1), 1);
    return to + 2;
  }
  if (kind == 2) {
    store<i16>(to, <i16>i32x4.extract_lane(lanes, 0));
    if (count > 1) store<i16>(to, <i16>i32x4.extract_lane(lanes, 1), 2);
    return to + 4;
  }
  store2(to, lanes, count);
  return to + 8;
}

/** Multiples of `step`; a quotient of 2^52 or more leaves the value as it is. */
export function multiplesDraw(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  work: usize,
  k0: i32,
  k1: i32,
  offset: f64,
  step: f64,
): i32 {
  startDraws(work, k0, k1);
  let index = <u64>offset + <u64>first;
  let worst = i32x4.splat(0);
  while (count > 0) {
    const skip = <i32>(index & 1);
    const some = min(32 - skip, count);
    const words = work + (skip << 2);
    draw32(work, index >> 1);
    for (let i = 0; i < some; i += 2, from += 8, to += 8) {
      const given = i + 1 < some ? v128.load64_zero(from) : v128.load32_zero(from);
      worst = i32x4.max_s(worst, v128.and(given, i32x4.splat(magnitudeBits)));
      const place = f64x2.div(f64x2.promote_low_f32x4(given), f64x2.splat(step));
      const rounded = f64x2.add(f64x2.mul(f64x2.splat(step), drawn(place, words + (i << 2))), f64x2.splat(0));
      const fits = f64x2.lt(f64x2.abs(place), f64x2.splat(4503599627370496));
      store2(to, f32x4.demote_f64x2_zero(v128.bitselect(rounded, f64x2.promote_low_f32x4(given), fits)), some - i);
    }
    // An odd number of values: the last pair was of one.
    from -= (some & 1) << 2;
    to -= (some & 1) << 2;
    count -= some;
    index += some;
  }
  return i32(v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1))));
}
