// Float32 values rounded to a number format, as values or as codes, four at a time. A value's magnitude is added to the
// power of two whose last place is one step of the format there; what lies beyond, signs and NaN are put in after.
import {
  adders,
  as8,
  as16,
  asValue,
  codesOf,
  integersOf,
  nearestAway,
  nearestEven,
  integerAdder,
  integerCap,
  snapped,
  snappedWide,
  stopped,
  towardZero,
  valuesOf,
} from "./_format";
import { magnitudeBits, partOf, streams } from "./_simd";
import { storeSome16, storeSome32, storeSome8 } from "./_store";

/**
 * Formats whose steps float32 can be added to: `cap` is the power of two above the largest, which infinity becomes.
 * @param kind what is written: 0 values, 1 codes of 8 bits, 2 codes of 16 bits; the last parameters are in its terms
 */
export function narrow(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  mode: i32,
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
  if (kind == as8) return narrowBy(count, from, to, mode, as8, mantissa, emin, cap, largest, beyond, nan, keep, lost, place);
  if (kind == as16) return narrowBy(count, from, to, mode, as16, mantissa, emin, cap, largest, beyond, nan, keep, lost, place);
  return narrowBy(count, from, to, mode, asValue, mantissa, emin, cap, largest, beyond, nan, keep, lost, place);
}

@inline
function narrowBy(
  count: i32,
  from: usize,
  to: usize,
  mode: i32,
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
  if (mode == nearestEven) return narrowRun(count, from, to, nearestEven, kind, mantissa, emin, cap, largest, beyond, nan, keep, lost, place);
  if (mode == nearestAway) return narrowRun(count, from, to, nearestAway, kind, mantissa, emin, cap, largest, beyond, nan, keep, lost, place);
  return narrowRun(count, from, to, towardZero, kind, mantissa, emin, cap, largest, beyond, nan, keep, lost, place);
}

@inline
function narrowRun(
  count: i32,
  from: usize,
  to: usize,
  mode: i32,
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
  const stride: usize = kind == asValue ? 16 : kind == as8 ? 4 : 8;
  const lines = count >> 4;
  const part = partOf(lines);
  for (let i = 0; i < part; i++) {
    let at = from + (<usize>i << 6);
    let cell = to + <usize>i * (stride << 2);
    for (let s = 0; s < streams; s++, at += <usize>part << 6, cell += <usize>part * (stride << 2)) {
      for (let four: usize = 0; four < 4; four++) {
        narrowFour(at + (four << 4), cell + four * stride, 4, least, shift, mode, kind, mantissa, cap, largest, beyond, nan, keep, lost, place);
      }
    }
  }
  const done = part * streams;
  from += <usize>done << 6;
  to += <usize>done * (stride << 2);
  for (count -= done << 4; count > 0; count -= 4, from += 16, to += stride) narrowFour(from, to, count, least, shift, mode, kind, mantissa, cap, largest, beyond, nan, keep, lost, place);
  return 0;
}

/** Up to four values. */
@inline
function narrowFour(
  from: usize,
  to: usize,
  count: i32,
  least: v128,
  shift: v128,
  mode: i32,
  kind: i32,
  mantissa: i32,
  cap: i32,
  largest: i32,
  beyond: i32,
  nan: i32,
  keep: i32,
  lost: i32,
  place: i32,
): void {
  const given = v128.load(from);
  const bits = v128.and(given, i32x4.splat(magnitudeBits));
  const magnitude = i32x4.min_s(bits, i32x4.splat(cap));
  const adder = adders(magnitude, least, shift);
  const sum = snapped(magnitude, adder, mode);
  if (kind == asValue) {
    const rounded = stopped(f32x4.sub(sum, adder), bits, i32x4.splat(largest), mode);
    const lanes = valuesOf(
      given, rounded, i32x4.splat(largest), i32x4.splat(beyond), i32x4.splat(nan), i32x4.splat(keep), i32x4.splat(lost),
    );
    storeSome32(to, lanes, count);
  } else {
    // The adder's exponent says how many binades the magnitude lies above the smallest.
    const binades = i32x4.shr_u(i32x4.sub(i32x4.sub(adder, shift), least), 23 - mantissa);
    const rounded = stopped(i32x4.add(binades, i32x4.sub(sum, adder)), bits, i32x4.splat(largest), mode);
    const lanes = codesOf(
      given, rounded, i32x4.splat(largest), i32x4.splat(beyond), i32x4.splat(nan), i32x4.splat(keep),
      i32x4.splat(1 << place), place,
    );
    if (kind == as8) storeSome8(to, lanes, count);
    else storeSome16(to, lanes, count);
  }
}

/** Formats with float32's exponents: bfloat16 and its like. Parameters as of `narrow`. */
export function wide(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  mode: i32,
  kind: i32,
  mantissa: i32,
  largest: i32,
  beyond: i32,
  nan: i32,
  keep: i32,
  lost: i32,
  place: i32,
): i32 {
  if (mode == nearestEven) return wideBy(count, from, to, nearestEven, kind, mantissa, largest, beyond, nan, keep, lost, place);
  if (mode == nearestAway) return wideBy(count, from, to, nearestAway, kind, mantissa, largest, beyond, nan, keep, lost, place);
  return wideBy(count, from, to, towardZero, kind, mantissa, largest, beyond, nan, keep, lost, place);
}

@inline
function wideBy(
  count: i32,
  from: usize,
  to: usize,
  mode: i32,
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
  const stride: usize = kind == asValue ? 16 : kind == as8 ? 4 : 8;
  const lines = count >> 4;
  const part = partOf(lines);
  for (let i = 0; i < part; i++) {
    let at = from + (<usize>i << 6);
    let cell = to + <usize>i * (stride << 2);
    for (let s = 0; s < streams; s++, at += <usize>part << 6, cell += <usize>part * (stride << 2)) {
      for (let four: usize = 0; four < 4; four++) {
        wideFour(at + (four << 4), cell + four * stride, 4, low, drop, mode, kind, largest, beyond, nan, keep, lost, place);
      }
    }
  }
  const done = part * streams;
  from += <usize>done << 6;
  to += <usize>done * (stride << 2);
  for (count -= done << 4; count > 0; count -= 4, from += 16, to += stride) wideFour(from, to, count, low, drop, mode, kind, largest, beyond, nan, keep, lost, place);
  return 0;
}

/** Up to four values. */
@inline
function wideFour(
  from: usize,
  to: usize,
  count: i32,
  low: v128,
  drop: i32,
  mode: i32,
  kind: i32,
  largest: i32,
  beyond: i32,
  nan: i32,
  keep: i32,
  lost: i32,
  place: i32,
): void {
  const given = v128.load(from);
  const bits = v128.and(given, i32x4.splat(magnitudeBits));
  const size = snappedWide(bits, low, drop, mode);
  if (kind == asValue) {
    const rounded = stopped(size, bits, i32x4.splat(largest), mode);
    const lanes = valuesOf(
      given, rounded, i32x4.splat(largest), i32x4.splat(beyond), i32x4.splat(nan), i32x4.splat(keep), i32x4.splat(lost),
    );
    storeSome32(to, lanes, count);
  } else {
    const rounded = stopped(i32x4.shr_s(size, drop), bits, i32x4.splat(largest), mode);
    const lanes = codesOf(
      given, rounded, i32x4.splat(largest), i32x4.splat(beyond), i32x4.splat(nan), i32x4.splat(keep),
      i32x4.splat(1 << place), place,
    );
    if (kind == as8) storeSome8(to, lanes, count);
    else storeSome16(to, lanes, count);
  }
}

/** Integer formats, saturating. @param mask the low bits that a code has */
export function integers(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  mode: i32,
  kind: i32,
  least: f32,
  most: f32,
  mask: i32,
): i32 {
  if (mode == nearestEven) return integersBy(count, from, to, nearestEven, kind, least, most, mask);
  if (mode == nearestAway) return integersBy(count, from, to, nearestAway, kind, least, most, mask);
  return integersBy(count, from, to, towardZero, kind, least, most, mask);
}

@inline
function integersBy(count: i32, from: usize, to: usize, mode: i32, kind: i32, least: f32, most: f32, mask: i32): i32 {
  const stride: usize = kind == asValue ? 16 : kind == as8 ? 4 : 8;
  const lines = count >> 4;
  const part = partOf(lines);
  for (let i = 0; i < part; i++) {
    let at = from + (<usize>i << 6);
    let cell = to + <usize>i * (stride << 2);
    for (let s = 0; s < streams; s++, at += <usize>part << 6, cell += <usize>part * (stride << 2)) {
      for (let four: usize = 0; four < 4; four++) {
        integersFour(at + (four << 4), cell + four * stride, 4, mode, kind, least, most, mask);
      }
    }
  }
  const done = part * streams;
  from += <usize>done << 6;
  to += <usize>done * (stride << 2);
  for (count -= done << 4; count > 0; count -= 4, from += 16, to += stride) integersFour(from, to, count, mode, kind, least, most, mask);
  return 0;
}

/** Up to four values. */
@inline
function integersFour(
  from: usize,
  to: usize,
  count: i32,
  mode: i32,
  kind: i32,
  least: f32,
  most: f32,
  mask: i32,
): void {
  const given = v128.load(from);
  const magnitude = i32x4.min_s(v128.and(given, i32x4.splat(magnitudeBits)), f32x4.splat(integerCap));
  const adder = f32x4.splat(integerAdder);
  const rounded = f32x4.sub(snapped(magnitude, adder, mode), adder);
  const lanes = integersOf(given, rounded, f32x4.splat(least), f32x4.splat(most));
  if (kind == asValue) storeSome32(to, lanes, count);
  else {
    const codes = v128.and(i32x4.trunc_sat_f32x4_s(lanes), i32x4.splat(mask));
    if (kind == as8) storeSome8(to, codes, count);
    else storeSome16(to, codes, count);
  }
}
