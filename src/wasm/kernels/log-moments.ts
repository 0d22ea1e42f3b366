// Sums over ln|x| of float32 values, zeros left out, in blocks of 1024: each block adds up in eight lanes, value i in lane
// i mod 8, in float64. The logarithm is that of src/math/log-float32.ts, step by step.
import { infinityBits, magnitudeBits } from "./_simd";

const block = 1024;
/** Stands for the logarithm of 0: -0, which no logarithm is. */
const none: i32 = i32.MIN_VALUE;

/**
 * Writes three float64 numbers per block: how many values are not zero, the sum of their logarithms, and the sum of the
 * squares of these less their mean. Returns 1 on NaN and infinity.
 * @param total values in all; the last block may be short @param work 4 * 1024 + 32 bytes
 */
export function logMoments(blocks: i32, first: f64, from: usize, to: usize, work: usize, total: f64): i32 {
  const room = work + (block << 2);
  for (let b = 0; b < blocks; b++, from += block << 2, to += 24) {
    const count = i32(min(<f64>block, total - (first + b) * block));
    const whole = count & ~7;
    let worst = i32x4.splat(0);
    let zeros = i32x4.splat(0);
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    for (let i = 0; i < count; i += 8) {
      let at = from + (<usize>i << 2);
      if (i == whole) {
        // What is left, filled up with zeros.
        memory.fill(room, 0, 32);
        memory.copy(room, at, <usize>(count - whole) << 2);
        at = room;
      }
      const cell = work + (<usize>i << 2);
      const p = v128.and(v128.load(at), i32x4.splat(magnitudeBits));
      const q = v128.and(v128.load(at, 16), i32x4.splat(magnitudeBits));
      worst = i32x4.max_s(worst, i32x4.max_s(p, q));
      zeros = i32x4.add(zeros, i32x4.add(i32x4.eq(p, i32x4.splat(0)), i32x4.eq(q, i32x4.splat(0))));
      const low = logs(p);
      const high = logs(q);
      v128.store(cell, low);
      v128.store(cell, high, 16);
      a0 = f64x2.add(a0, f64x2.promote_low_f32x4(low));
      a1 = f64x2.add(a1, f64x2.promote_low_f32x4(v128.shuffle<i64>(low, low, 1, 1)));
      a2 = f64x2.add(a2, f64x2.promote_low_f32x4(high));
      a3 = f64x2.add(a3, f64x2.promote_low_f32x4(v128.shuffle<i64>(high, high, 1, 1)));
    }
    if (v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1)))) return 1;
    zeros = i32x4.add(zeros, v128.shuffle<i32>(zeros, zeros, 2, 3, 0, 1));
    const found = ((count + 7) & ~7) + i32x4.extract_lane(zeros, 0) + i32x4.extract_lane(zeros, 1);
    const sum = added(a0, a1, a2, a3);
    store<f64>(to, <f64>found);
    store<f64>(to, sum, 8);
    store<f64>(to, found == 0 ? 0 : squares(work, count, sum / <f64>found), 16);
  }
  return 0;
}

/** ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)). */
@inline
function added(a: v128, b: v128, c: v128, d: v128): f64 {
  return pair(a) + pair(b) + (pair(c) + pair(d));
}

@inline
function pair(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** The squares of the logarithms less their mean. */
function squares(work: usize, count: i32, mean: f64): f64 {
  const middle = f64x2.splat(mean);
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  for (let i = 0; i < count; i += 8) {
    const at = work + (<usize>i << 2);
    const low = v128.load(at);
    const high = v128.load(at, 16);
    a0 = f64x2.add(a0, square(low, middle));
    a1 = f64x2.add(a1, square(v128.shuffle<i64>(low, low, 1, 1), middle));
    a2 = f64x2.add(a2, square(high, middle));
    a3 = f64x2.add(a3, square(v128.shuffle<i64>(high, high, 1, 1), middle));
  }
  return added(a0, a1, a2, a3);
}

@inline
function square(log: v128, mean: v128): v128 {
  const away = f64x2.sub(f64x2.promote_low_f32x4(log), mean);
  const missing = i32x4.eq(log, i32x4.splat(none));
  return v128.andnot(f64x2.mul(away, away), v128.shuffle<i32>(missing, missing, 0, 0, 1, 1));
}

/** The logarithms of four magnitudes. */
@inline
function logs(x: v128): v128 {
  const tiny = i32x4.lt_s(x, i32x4.splat(0x00800000));
  const word = v128.bitselect(f32x4.mul(x, f32x4.splat(16777216)), x, tiny);
  const field = i32x4.sub(i32x4.shr_s(word, 23), v128.bitselect(i32x4.splat(127 + 24), i32x4.splat(127), tiny));
  const whole = v128.or(v128.and(word, i32x4.splat(0x007fffff)), i32x4.splat(0x3f800000));
  const large = f32x4.gt(whole, f32x4.splat(<f32>1.4142135623730951));
  const mantissa = v128.bitselect(f32x4.mul(whole, f32x4.splat(0.5)), whole, large);
  const exponent = f32x4.convert_i32x4_s(i32x4.sub(field, large));
  const f = f32x4.sub(mantissa, f32x4.splat(1));
  const s = f32x4.div(f, f32x4.add(f32x4.splat(2), f));
  const z = f32x4.mul(s, s);
  let tail = f32x4.mul(z, f32x4.splat(<f32>0.2222222222222222));
  tail = f32x4.mul(z, f32x4.add(f32x4.splat(<f32>0.2857142857142857), tail));
  tail = f32x4.mul(z, f32x4.add(f32x4.splat(<f32>0.4), tail));
  tail = f32x4.mul(z, f32x4.add(f32x4.splat(<f32>0.6666666666666666), tail));
  const rest = f32x4.sub(
    f32x4.sub(f32x4.mul(s, f), f32x4.mul(s, tail)),
    f32x4.mul(exponent, f32x4.splat(<f32>-0.00021219444005469057)),
  );
  const log = f32x4.add(f32x4.mul(exponent, f32x4.splat(0.693359375)), f32x4.sub(f, rest));
  return v128.bitselect(i32x4.splat(none), log, i32x4.eq(x, i32x4.splat(0)));
}
