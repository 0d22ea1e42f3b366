// How a magnitude is brought to a number format: parts of the kernels that round.
import { infinityBits, magnitudeBits } from "./_simd";

/** How a value between two neighbours is rounded. */
export const nearestEven: i32 = 0;
export const nearestAway: i32 = 1;
export const towardZero: i32 = 2;

/** What is written: values, or codes of 8 or 16 bits. */
export const asValue: i32 = 0;
export const as8: i32 = 1;
export const as16: i32 = 2;

/** One step of an integer format is 1: what magnitudes are added to, and what is beyond any integer of 16 bits. */
export const integerAdder: f32 = 8388608;
export const integerCap: f32 = 131072;

/**
 * Returns the powers of two to which magnitudes are added: their last place is one step of the format, so that the sum
 * is rounded to whole steps, a tie to the even one.
 * @param least bits of the smallest normal number, below which steps stay as they are
 * @param shift 23 less the mantissa bits, as an exponent field
 */
@inline
export function adders(magnitude: v128, least: v128, shift: v128): v128 {
  return i32x4.add(i32x4.max_s(v128.and(magnitude, i32x4.splat(infinityBits)), least), shift);
}

/** Returns magnitude + adder, rounded to whole steps as `mode` says. */
@inline
export function snapped(magnitude: v128, adder: v128, mode: i32): v128 {
  const sum = f32x4.add(magnitude, adder);
  if (mode == nearestEven) return sum;
  const value = f32x4.sub(sum, adder);
  if (mode == nearestAway) {
    // A tie that went down to the even one is as far from the next: comparisons that hold are -1.
    const next = f32x4.sub(i32x4.add(sum, i32x4.splat(1)), adder);
    return i32x4.sub(sum, f32x4.eq(f32x4.sub(magnitude, value), f32x4.sub(next, magnitude)));
  }
  return i32x4.add(sum, f32x4.gt(value, magnitude));
}

/**
 * Returns the rounded magnitude's bits in a format that shares float32's exponents: its numbers are the float32 whose
 * last `drop` bits are 0.
 * @param low the bits that are dropped, all ones
 */
@inline
export function snappedWide(magnitude: v128, low: v128, drop: i32, mode: i32): v128 {
  if (mode == nearestEven) {
    const odd = v128.and(i32x4.shr_u(magnitude, drop), i32x4.splat(1));
    return v128.andnot(i32x4.add(i32x4.add(magnitude, i32x4.shr_u(low, 1)), odd), low);
  }
  if (mode == nearestAway) {
    return v128.andnot(i32x4.add(magnitude, i32x4.sub(low, i32x4.shr_u(low, 1))), low);
  }
  return v128.andnot(magnitude, low);
}

/** Returns `given` where it is finite and beyond the largest, which truncation stops at the largest. */
@inline
export function stopped(rounded: v128, bits: v128, largest: v128, mode: i32): v128 {
  if (mode != towardZero) return rounded;
  const finite = i32x4.gt_s(i32x4.splat(infinityBits), bits);
  return v128.bitselect(i32x4.min_s(rounded, largest), rounded, finite);
}

/**
 * Returns float32 results: what is beyond the largest replaced, the sign put back.
 * @param rounded bits of rounded magnitudes
 * @param beyond bits of what lies beyond the largest
 * @param nan bits of what NaN becomes
 * @param keep -1 where the format has -0, or else 0
 * @param lost -1 where `beyond` is NaN, or else 0
 */
@inline
export function valuesOf(
  given: v128,
  rounded: v128,
  largest: v128,
  beyond: v128,
  nan: v128,
  keep: v128,
  lost: v128,
): v128 {
  const bits = v128.and(given, i32x4.splat(magnitudeBits));
  const sign = v128.xor(given, bits);
  const over = i32x4.gt_s(rounded, largest);
  const size = v128.bitselect(beyond, rounded, over);
  const signed = v128.or(size, v128.and(sign, v128.or(keep, i32x4.gt_s(size, i32x4.splat(0)))));
  const none = v128.or(i32x4.gt_s(bits, i32x4.splat(infinityBits)), v128.and(over, lost));
  return v128.bitselect(nan, signed, none);
}

/**
 * Returns codes: as `valuesOf`, for whole numbers of steps.
 * @param top the sign bit's code, which is NaN in a format without -0
 * @param place where the sign bit stands
 */
@inline
export function codesOf(
  given: v128,
  rounded: v128,
  largest: v128,
  beyond: v128,
  nan: v128,
  keep: v128,
  top: v128,
  place: i32,
): v128 {
  const bits = v128.and(given, i32x4.splat(magnitudeBits));
  const size = v128.bitselect(beyond, rounded, i32x4.gt_s(rounded, largest));
  const sign = i32x4.shl(i32x4.shr_u(given, 31), place);
  const signless = v128.or(i32x4.eq(size, i32x4.splat(0)), i32x4.eq(size, top));
  const signed = v128.or(size, v128.and(sign, v128.or(keep, v128.not(signless))));
  return v128.bitselect(nan, signed, i32x4.gt_s(bits, i32x4.splat(infinityBits)));
}

/** Returns whole numbers of an integer format as float32: clamped, NaN 0, and no -0. @param rounded magnitudes */
@inline
export function integersOf(given: v128, rounded: v128, least: v128, most: v128): v128 {
  const bits = v128.and(given, i32x4.splat(magnitudeBits));
  const signed = v128.or(rounded, v128.xor(given, bits));
  const clamped = f32x4.min(f32x4.max(signed, least), most);
  const none = i32x4.gt_s(bits, i32x4.splat(infinityBits));
  return f32x4.add(v128.andnot(clamped, none), f32x4.splat(0));
}
