// Float32 values brought to a uniform grid at random, as src/quantization/rounder.ts says it: eight at a time, the
// quotients in float64, two to a vector.
import { draw8, schedule } from "./_draws";
import { infinityBits, magnitudeBits } from "./_simd";

/**
 * Runs of `length` neighbours, each with its scale and zero point.
 * @param work 224 bytes
 * @param offset counter of the first of all values; k0 and k1 are the key
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
  schedule(work + 64, k0, k1);
  scales += <usize>first << 3;
  zeroPoints += <usize>first << 3;
  let counter = <u64>offset + <u64>first * <u64>length;
  const bytes: usize = kind == 1 ? 1 : kind == 2 ? 2 : 4;
  let odd = 0;
  for (; count > 0; count--, scales += 8, zeroPoints += 8, counter += length) {
    odd |= run(length, from, to, work, counter, load<f64>(scales), load<f64>(zeroPoints), low, high, kind);
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
  schedule(work + 64, k0, k1);
  return run(count, from, to, work, <u64>offset + <u64>first, scale, zeroPoint, low, high, kind);
}

function run(
  length: i32,
  from: usize,
  to: usize,
  work: usize,
  counter: u64,
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
  for (; length > 0; length -= 8, counter += 8) {
    draw8(work, work + 64, counter);
    const some = min(8, length);
    for (let i = 0; i < some; i += 2) {
      const given = i + 1 < some ? v128.load64_zero(from) : v128.load32_zero(from);
      worst = i32x4.max_s(worst, v128.and(given, i32x4.splat(magnitudeBits)));
      const place = f64x2.add(f64x2.div(f64x2.promote_low_f32x4(given), step), rest);
      const clamped = f64x2.pmin(f64x2.pmax(place, least), most);
      const code = f64x2.add(drawn(clamped, work + wordsAt(i)), shift);
      if (kind == 0) {
        store2(to, f32x4.demote_f64x2_zero(f64x2.mul(step, f64x2.sub(code, f64x2.splat(zeroPoint)))), some - i);
        to += 8;
      } else to = storeCodes(to, i32x4.trunc_sat_f64x2_s_zero(code), some - i, kind);
      from += 8;
    }
  }
  return i32(v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1))));
}

/** Where the words of value `i` of eight stand: first words of four, second words of four, and again. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function wordsAt(i: i32): usize {
  return ((i & 4) << 3) + ((i & 3) << 2);
}

/** Returns two numbers rounded away from zero where 53 bits of their draws lie below their fractions, or else to it. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function drawn(place: v128, words: usize): v128 {
  const size = f64x2.abs(place);
  const whole = f64x2.floor(size);
  const high = f64x2.convert_low_i32x4_u(v128.load64_zero(words));
  const low = f64x2.convert_low_i32x4_u(i32x4.shr_u(v128.load64_zero(words, 16), 11));
  const draw = f64x2.add(f64x2.mul(high, f64x2.splat(2097152)), low);
  const up = f64x2.lt(draw, f64x2.mul(f64x2.sub(size, whole), f64x2.splat(9007199254740992)));
  const rounded = f64x2.add(whole, v128.and(up, f64x2.splat(1)));
  return v128.or(rounded, v128.xor(place, size));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function store2(to: usize, lanes: v128, count: i32): void {
  if (count > 1) store<i64>(to, i64x2.extract_lane(lanes, 0));
  else store<i32>(to, i32x4.extract_lane(lanes, 0));
}

/** Stores one or two codes, and returns where the next go. */
// @ts-ignore: a decorator of AssemblyScript
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
  schedule(work + 64, k0, k1);
  let counter = <u64>offset + <u64>first;
  let worst = i32x4.splat(0);
  for (; count > 0; count -= 8, counter += 8) {
    draw8(work, work + 64, counter);
    const some = min(8, count);
    for (let i = 0; i < some; i += 2, from += 8, to += 8) {
      const given = i + 1 < some ? v128.load64_zero(from) : v128.load32_zero(from);
      worst = i32x4.max_s(worst, v128.and(given, i32x4.splat(magnitudeBits)));
      const place = f64x2.div(f64x2.promote_low_f32x4(given), f64x2.splat(step));
      const rounded = f64x2.add(f64x2.mul(f64x2.splat(step), drawn(place, work + wordsAt(i))), f64x2.splat(0));
      const fits = f64x2.lt(f64x2.abs(place), f64x2.splat(4503599627370496));
      store2(to, f32x4.demote_f64x2_zero(v128.bitselect(rounded, f64x2.promote_low_f32x4(given), fits)), some - i);
    }
  }
  return i32(v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1))));
}
