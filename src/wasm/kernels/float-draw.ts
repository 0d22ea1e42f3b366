// Float32 values rounded to a number format at random, as values or as codes, eight at a time: up where 53 bits of the
// block of the element's own counter lie below the fraction of the step, as src/dtypes/encoder.ts says it.
import { draw8, schedule } from "./_draws";
import { adders, as16, as8, asValue, codesOf, integerAdder, integerCap, integersOf, snapped, towardZero, valuesOf } from "./_format";
import { magnitudeBits } from "./_simd";
import { storeSome16, storeSome32, storeSome8 } from "./_store";

export { flatDraw, multiplesDraw, runsDraw } from "./_grid-draw";

/**
 * Formats whose steps float32 can be added to. Parameters as of `narrow` in float-round.ts, and
 * @param work 192 bytes
 * @param offset counter of the first of all elements; k0 and k1 are the key
 */
export function narrowDraw(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  work: usize,
  k0: i32,
  k1: i32,
  offset: f64,
  kind: i32,
  mantissa: i32,
  emin: i32,
  cap: i32,
  largest: i32,
  beyond: i32,
  nan: i32,
  keep: i32,
  lost: i32,
  place: i32,
): i32 {
  const least = i32x4.splat((emin + 127) << 23);
  const shift = i32x4.splat((23 - mantissa) << 23);
  // A power of two 2^e becomes 2^(32 + mantissa - e): what makes 2^32 of a step.
  const inverse = i32x4.splat((254 + 32 + mantissa) << 23);
  schedule(work + 64, k0, k1);
  let counter = <u64>offset + <u64>first;
  const ways: usize = kind == asValue ? 16 : kind == as8 ? 4 : 8;
  for (; count > 0; count -= 8, counter += 8, from += 32) {
    let drawn = false;
    for (let half = 0; half < 8 && half < count; half += 4, to += ways) {
      const given = v128.load(from + (half << 2));
      const magnitude = i32x4.min_s(v128.and(given, i32x4.splat(magnitudeBits)), i32x4.splat(cap));
      const adder = adders(magnitude, least, shift);
      let sum = snapped(magnitude, adder, towardZero);
      const power = i32x4.sub(adder, shift);
      const rest = f32x4.mul(f32x4.sub(magnitude, f32x4.sub(sum, adder)), i32x4.sub(inverse, power));
      if (v128.any_true(rest)) {
        if (!drawn) draw8(work, work + 64, counter);
        drawn = true;
        sum = raised(sum, rest, work + (half << 3));
      }
      if (kind == asValue) {
        const rounded = f32x4.sub(sum, adder);
        const lanes = valuesOf(
          given, rounded, i32x4.splat(largest), i32x4.splat(beyond), i32x4.splat(nan), i32x4.splat(keep), i32x4.splat(lost),
        );
        storeSome32(to, lanes, count - half);
      } else {
        const binades = i32x4.shr_u(i32x4.sub(power, least), 23 - mantissa);
        const rounded = i32x4.add(binades, i32x4.sub(sum, adder));
        const lanes = codesOf(
          given, rounded, i32x4.splat(largest), i32x4.splat(beyond), i32x4.splat(nan), i32x4.splat(keep),
          i32x4.splat(1 << place), place,
        );
        if (kind == as8) storeSome8(to, lanes, count - half);
        else storeSome16(to, lanes, count - half);
      }
    }
  }
  return 0;
}

/** Returns `sum` or one step more. @param rest the fraction of the step times 2^32; `words` as draw8 leaves them */
// @ts-ignore: a decorator of AssemblyScript
@inline
function raised(sum: v128, rest: v128, words: usize): v128 {
  const high = v128.load(words);
  const whole = i32x4.trunc_sat_f32x4_u(rest);
  let up = i32x4.lt_u(high, whole);
  const even = i32x4.eq(high, whole);
  if (v128.any_true(even)) {
    // The other 21 bits decide.
    const low = f32x4.convert_i32x4_u(i32x4.shr_u(v128.load(words, 16), 11));
    const part = f32x4.mul(f32x4.sub(rest, f32x4.convert_i32x4_u(whole)), f32x4.splat(2097152));
    up = v128.or(up, v128.and(even, f32x4.lt(low, part)));
  }
  return i32x4.sub(sum, up);
}

/** Formats with float32's exponents. Parameters as of `narrowDraw`. */
export function wideDraw(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  work: usize,
  k0: i32,
  k1: i32,
  offset: f64,
  kind: i32,
  mantissa: i32,
  largest: i32,
  beyond: i32,
  nan: i32,
  keep: i32,
  lost: i32,
  place: i32,
): i32 {
  const drop = 23 - mantissa;
  const low = i32x4.splat((1 << drop) - 1);
  schedule(work + 64, k0, k1);
  let counter = <u64>offset + <u64>first;
  const ways: usize = kind == asValue ? 16 : kind == as8 ? 4 : 8;
  for (; count > 0; count -= 8, counter += 8, from += 32) {
    draw8(work, work + 64, counter);
    for (let half = 0; half < 8 && half < count; half += 4, to += ways) {
      const given = v128.load(from + (half << 2));
      const bits = v128.and(given, i32x4.splat(magnitudeBits));
      // The dropped bits are the fraction of the step: compared with as many of the draw, the others are 0.
      const rest = i32x4.shl(v128.and(bits, low), 32 - drop);
      const up = i32x4.lt_u(v128.load(work + (half << 3)), rest);
      const size = i32x4.add(v128.andnot(bits, low), v128.and(up, i32x4.splat(1 << drop)));
      if (kind == asValue) {
        const lanes = valuesOf(
          given, size, i32x4.splat(largest), i32x4.splat(beyond), i32x4.splat(nan), i32x4.splat(keep), i32x4.splat(lost),
        );
        storeSome32(to, lanes, count - half);
      } else {
        const lanes = codesOf(
          given, i32x4.shr_s(size, drop), i32x4.splat(largest), i32x4.splat(beyond), i32x4.splat(nan), i32x4.splat(keep),
          i32x4.splat(1 << place), place,
        );
        if (kind == as8) storeSome8(to, lanes, count - half);
        else storeSome16(to, lanes, count - half);
      }
    }
  }
  return 0;
}

/** Integer formats, saturating. @param mask the low bits that a code has */
export function integersDraw(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  work: usize,
  k0: i32,
  k1: i32,
  offset: f64,
  kind: i32,
  least: f32,
  most: f32,
  mask: i32,
): i32 {
  const adder = f32x4.splat(integerAdder);
  schedule(work + 64, k0, k1);
  let counter = <u64>offset + <u64>first;
  const ways: usize = kind == asValue ? 16 : kind == as8 ? 4 : 8;
  for (; count > 0; count -= 8, counter += 8, from += 32) {
    draw8(work, work + 64, counter);
    for (let half = 0; half < 8 && half < count; half += 4, to += ways) {
      const given = v128.load(from + (half << 2));
      const magnitude = i32x4.min_s(v128.and(given, i32x4.splat(magnitudeBits)), f32x4.splat(integerCap));
      const sum = snapped(magnitude, adder, towardZero);
      const rest = f32x4.mul(f32x4.sub(magnitude, f32x4.sub(sum, adder)), f32x4.splat(4294967296));
      const rounded = f32x4.sub(raised(sum, rest, work + (half << 3)), adder);
      const lanes = integersOf(given, rounded, f32x4.splat(least), f32x4.splat(most));
      if (kind == asValue) storeSome32(to, lanes, count - half);
      else {
        const codes = v128.and(i32x4.trunc_sat_f32x4_s(lanes), i32x4.splat(mask));
        if (kind == as8) storeSome8(to, codes, count - half);
        else storeSome16(to, codes, count - half);
      }
    }
  }
  return 0;
}
