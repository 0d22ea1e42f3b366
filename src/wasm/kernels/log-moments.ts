// Sums over ln|x| of float32 values, zeros left out, in blocks of 1024: each block adds up in eight lanes, value i in lane
// i mod 8. The logarithm is that of src/math/log.ts, step by step.
import { infinityBits, magnitudeBits } from "./_simd";

const block = 1024;

/**
 * Writes three float64 numbers per block: how many values are not zero, the sum of their logarithms, and the sum of the
 * squares of these less their mean. Returns 1 on NaN and infinity.
 * @param total values in all; the last block may be short @param work 8 * 1024 bytes
 */
export function logMoments(blocks: i32, first: f64, from: usize, to: usize, work: usize, total: f64): i32 {
  for (let b = 0; b < blocks; b++, from += block << 2, to += 24) {
    const count = i32(min(<f64>block, total - (first + b) * block));
    const whole = count & ~7;
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let zeros = i32x4.splat(0);
    let worst = i32x4.splat(0);
    for (let i = 0; i < whole; i += 8) {
      const at = from + (<usize>i << 2);
      const cell = work + (<usize>i << 3);
      const low = v128.and(v128.load(at), i32x4.splat(magnitudeBits));
      const high = v128.and(v128.load(at, 16), i32x4.splat(magnitudeBits));
      worst = i32x4.max_s(worst, i32x4.max_s(low, high));
      zeros = i32x4.add(zeros, i32x4.add(i32x4.eq(low, i32x4.splat(0)), i32x4.eq(high, i32x4.splat(0))));
      const l0 = logs(f64x2.promote_low_f32x4(low));
      const l1 = logs(f64x2.promote_low_f32x4(v128.shuffle<i64>(low, low, 1, 1)));
      const l2 = logs(f64x2.promote_low_f32x4(high));
      const l3 = logs(f64x2.promote_low_f32x4(v128.shuffle<i64>(high, high, 1, 1)));
      v128.store(cell, l0);
      v128.store(cell, l1, 16);
      v128.store(cell, l2, 32);
      v128.store(cell, l3, 48);
      a0 = f64x2.add(a0, l0);
      a1 = f64x2.add(a1, l1);
      a2 = f64x2.add(a2, l2);
      a3 = f64x2.add(a3, l3);
    }
    if (v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1)))) return 1;
    let left = 0;
    if (whole < count) {
      // The rest, as a vector of eight that is filled up with zeros.
      const room = work + (block << 3);
      memory.fill(room, 0, 32);
      memory.copy(room, from + (<usize>whole << 2), <usize>(count - whole) << 2);
      for (let i: usize = 0; i < 32; i += 4) {
        const bits = load<i32>(room + i) & magnitudeBits;
        if (bits >= infinityBits) return 1;
        store<i32>(room + i, bits);
        left += i32(bits != 0);
      }
      const cell = work + (<usize>whole << 3);
      for (let i: usize = 0; i < 4; i++) {
        v128.store(cell + (i << 4), logs(f64x2.promote_low_f32x4(v128.load64_zero(room + (i << 3)))));
      }
      a0 = f64x2.add(a0, v128.load(cell));
      a1 = f64x2.add(a1, v128.load(cell, 16));
      a2 = f64x2.add(a2, v128.load(cell, 32));
      a3 = f64x2.add(a3, v128.load(cell, 48));
    }
    zeros = i32x4.add(zeros, v128.shuffle<i32>(zeros, zeros, 2, 3, 0, 1));
    const found = whole + i32x4.extract_lane(zeros, 0) + i32x4.extract_lane(zeros, 1) + left;
    const sum = added(a0, a1, a2, a3);
    store<f64>(to, <f64>found);
    store<f64>(to, sum, 8);
    store<f64>(to, found == 0 ? 0 : squares(work, count, sum / <f64>found), 16);
  }
  return 0;
}

/** ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)). */
// @ts-ignore: a decorator of AssemblyScript
@inline
function added(a: v128, b: v128, c: v128, d: v128): f64 {
  return pair(a) + pair(b) + (pair(c) + pair(d));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function pair(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** The squares of the logarithms less their mean; one that is exactly 0 stands for no value, see `logs`. */
function squares(work: usize, count: i32, mean: f64): f64 {
  const middle = f64x2.splat(mean);
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  for (let i = 0; i < count; i += 8) {
    const at = work + (<usize>i << 3);
    a0 = f64x2.add(a0, square(v128.load(at), middle));
    a1 = f64x2.add(a1, square(v128.load(at, 16), middle));
    a2 = f64x2.add(a2, square(v128.load(at, 32), middle));
    a3 = f64x2.add(a3, square(v128.load(at, 48), middle));
  }
  return added(a0, a1, a2, a3);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function square(log: v128, mean: v128): v128 {
  const away = f64x2.sub(log, mean);
  // All bits of -0 but the sign are 0: what stands for no value.
  const none = i64x2.eq(log, i64x2.splat(i64.MIN_VALUE));
  return v128.andnot(f64x2.mul(away, away), none);
}

/** The logarithms of two positive numbers; of 0 it is -0, which no logarithm is and which adds nothing. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function logs(x: v128): v128 {
  const zero = i64x2.eq(x, i64x2.splat(0));
  const raised = f64x2.sub(
    v128.or(i64x2.shr_u(x, 52), i64x2.splat(0x4330000000000000)),
    f64x2.splat(4503599627370496 + 1023),
  );
  const significand = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000));
  const large = f64x2.gt(significand, f64x2.splat(1.4142135623730951));
  const mantissa = v128.bitselect(f64x2.mul(significand, f64x2.splat(0.5)), significand, large);
  const exponent = f64x2.add(raised, v128.and(large, f64x2.splat(1)));
  const f = f64x2.sub(mantissa, f64x2.splat(1));
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const z = f64x2.mul(s, s);
  let sum = f64x2.splat(0);
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 25.0), sum));
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 23.0), sum));
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 21.0), sum));
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 19.0), sum));
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 17.0), sum));
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 15.0), sum));
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 13.0), sum));
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 11.0), sum));
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 9.0), sum));
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 7.0), sum));
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 5.0), sum));
  sum = f64x2.mul(z, f64x2.add(f64x2.splat(2.0 / 3.0), sum));
  const rest = f64x2.sub(
    f64x2.sub(f64x2.mul(s, f), f64x2.mul(s, sum)),
    f64x2.mul(exponent, f64x2.splat(1.9082149292705877e-10)),
  );
  const log = f64x2.add(f64x2.mul(exponent, f64x2.splat(0.6931471803691238)), f64x2.sub(f, rest));
  return v128.bitselect(f64x2.splat(-0.0), log, zero);
}
