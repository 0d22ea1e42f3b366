// Float32 values rounded to a number format at random, as values or as codes, 32 at a time: up where the 32 bits that
// the element's place gives lie below the fraction of the step, as src/dtypes/encoder.ts says it. At an odd place
// the first step is of 31, so that all others begin with a block.
import { below, draw32, startDraws } from "./_draws";
import { adders, as16, as8, asValue, codesOf, integerAdder, integerCap, integersOf, snapped, towardZero, valuesOf } from "./_format";
import { magnitudeBits } from "./_simd";
import { storeSome16, storeSome32, storeSome8 } from "./_store";

export { flatDraw, multiplesDraw, runsDraw } from "./_grid-draw";

/** Bytes of a result, as a power of two. */
@inline
function widthOf(kind: i32): i32 {
  return kind == asValue ? 2 : kind == as8 ? 0 : 1;
}

/**
 * Formats whose steps float32 can be added to. Parameters as of `narrow` in float-round.ts, and
 * @param work 272 bytes
 * @param offset place of the first of all elements in the key's stream; k0 and k1 are the key
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
  if (kind == as8) return narrowBy(count, first, from, to, work, k0, k1, offset, as8, mantissa, emin, cap, largest, beyond, nan, keep, lost, place);
  if (kind == as16) return narrowBy(count, first, from, to, work, k0, k1, offset, as16, mantissa, emin, cap, largest, beyond, nan, keep, lost, place);
  return narrowBy(count, first, from, to, work, k0, k1, offset, asValue, mantissa, emin, cap, largest, beyond, nan, keep, lost, place);
}

@inline
function narrowBy(
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
  const drop = 23 - mantissa;
  const low = i32x4.splat((1 << drop) - 1);
  const least = i32x4.splat((emin + 127) << 23);
  const base = i32x4.splat((emin + 126) << 23);
  const shift = i32x4.splat(drop << 23);
  // A power of two 2^e becomes 2^(32 + mantissa - e): what makes 2^32 of a step.
  const inverse = i32x4.splat((254 + 32 + mantissa) << 23);
  const caps = i32x4.splat(cap);
  const all = i32x4.splat(largest);
  const over = i32x4.splat(beyond);
  const none = i32x4.splat(nan);
  const kept = i32x4.splat(keep);
  const tail = i32x4.splat(kind == asValue ? lost : 1 << place);
  const width = widthOf(kind);
  startDraws(work, k0, k1);
  let index = <u64>offset + <u64>first;
  while (count > 0) {
    const skip = <i32>(index & 1);
    const some = min(32 - skip, count);
    draw32(work, index >> 1);
    for (let i = 0; i < some; i += 4) {
      const words = work + ((skip + i) << 2);
      const given = v128.load(from + (i << 2));
      const bits = v128.and(given, i32x4.splat(magnitudeBits));
      let size: v128;
      if (v128.any_true(i32x4.lt_s(bits, least))) {
        const magnitude = i32x4.min_s(bits, caps);
        const adder = adders(magnitude, least, shift);
        const down = snapped(magnitude, adder, towardZero);
        const power = i32x4.sub(adder, shift);
        const rest = f32x4.mul(f32x4.sub(magnitude, f32x4.sub(down, adder)), i32x4.sub(inverse, power));
        const sum = i32x4.sub(down, below(words, rest));
        if (kind == asValue) size = f32x4.sub(sum, adder);
        else size = i32x4.add(i32x4.shr_u(i32x4.sub(power, least), drop), i32x4.sub(sum, adder));
      } else {
        // Normal numbers of the format alone, as most are: their fractions are their last bits.
        size = raised(words, bits, low, drop);
        if (kind != asValue) size = i32x4.shr_s(i32x4.sub(size, base), drop);
      }
      const target = to + (i << width);
      if (kind == asValue) {
        storeSome32(target, valuesOf(given, size, all, over, none, kept, tail), some - i);
      } else {
        const lanes = codesOf(given, size, all, over, none, kept, tail, place);
        if (kind == as8) storeSome8(target, lanes, some - i);
        else storeSome16(target, lanes, some - i);
      }
    }
    count -= some;
    index += some;
    from += some << 2;
    to += some << width;
  }
  return 0;
}

/**
 * Returns float32 whose last `drop` bits are 0: where the draw lies below these bits, which are the fraction, the next
 * one up. The draw is as many of its first bits; the fraction less the draw is added, less one, so that it carries.
 * @param low the bits that are dropped, all ones
 */
@inline
function raised(words: usize, bits: v128, low: v128, drop: i32): v128 {
  // Words come less 2^31, which is half of `low` and one after the shift.
  const draw = i32x4.shr_s(v128.load(words), 32 - drop);
  return v128.andnot(i32x4.sub(i32x4.add(bits, i32x4.shr_u(low, 1)), draw), low);
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
  if (kind == as8) return wideBy(count, first, from, to, work, k0, k1, offset, as8, mantissa, largest, beyond, nan, keep, lost, place);
  if (kind == as16) return wideBy(count, first, from, to, work, k0, k1, offset, as16, mantissa, largest, beyond, nan, keep, lost, place);
  return wideBy(count, first, from, to, work, k0, k1, offset, asValue, mantissa, largest, beyond, nan, keep, lost, place);
}

@inline
function wideBy(
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
  const all = i32x4.splat(largest);
  const over = i32x4.splat(beyond);
  const none = i32x4.splat(nan);
  const kept = i32x4.splat(keep);
  const tail = i32x4.splat(kind == asValue ? lost : 1 << place);
  const width = widthOf(kind);
  startDraws(work, k0, k1);
  let index = <u64>offset + <u64>first;
  while (count > 0) {
    const skip = <i32>(index & 1);
    const some = min(32 - skip, count);
    draw32(work, index >> 1);
    for (let i = 0; i < some; i += 4) {
      const given = v128.load(from + (i << 2));
      const bits = v128.and(given, i32x4.splat(magnitudeBits));
      const size = raised(work + ((skip + i) << 2), bits, low, drop);
      const target = to + (i << width);
      if (kind == asValue) {
        storeSome32(target, valuesOf(given, size, all, over, none, kept, tail), some - i);
      } else {
        const lanes = codesOf(given, i32x4.shr_s(size, drop), all, over, none, kept, tail, place);
        if (kind == as8) storeSome8(target, lanes, some - i);
        else storeSome16(target, lanes, some - i);
      }
    }
    count -= some;
    index += some;
    from += some << 2;
    to += some << width;
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
  const lowest = f32x4.splat(least);
  const highest = f32x4.splat(most);
  const width = widthOf(kind);
  startDraws(work, k0, k1);
  let index = <u64>offset + <u64>first;
  while (count > 0) {
    const skip = <i32>(index & 1);
    const some = min(32 - skip, count);
    const words = work + (skip << 2);
    draw32(work, index >> 1);
    for (let i = 0; i < some; i += 4) {
      const given = v128.load(from + (i << 2));
      const magnitude = i32x4.min_s(v128.and(given, i32x4.splat(magnitudeBits)), f32x4.splat(integerCap));
      const down = snapped(magnitude, adder, towardZero);
      const rest = f32x4.mul(f32x4.sub(magnitude, f32x4.sub(down, adder)), f32x4.splat(4294967296));
      const rounded = f32x4.sub(i32x4.sub(down, below(words + (i << 2), rest)), adder);
      const lanes = integersOf(given, rounded, lowest, highest);
      const target = to + (i << width);
      if (kind == asValue) storeSome32(target, lanes, some - i);
      else {
        const codes = v128.and(i32x4.trunc_sat_f32x4_s(lanes), i32x4.splat(mask));
        if (kind == as8) storeSome8(target, codes, some - i);
        else storeSome16(target, codes, some - i);
      }
    }
    count -= some;
    index += some;
    from += some << 2;
    to += some << width;
  }
  return 0;
}
