// Float32 values brought to a uniform grid, to the nearest level: values scale (code - zeroPoint), or the codes. What
// counts is round(x / scale + rest) in float64; x times the inverse in float32 has the same integer unless it lies next
// to the middle of two, and there the division is made. Any value that is not finite: the kernel returns 1.
import { touchAhead } from "./_ahead";
import { infinityBits, magnitudeBits, partOf, streams } from "./_simd";
import { storeSome16, storeSome32, storeSome8 } from "./_store";

/** What is written: values, or codes of 8, 16 or 32 bits. */
const asValue: i32 = 0;
const as8: i32 = 1;
const as16: i32 = 2;

/** Runs of `length` neighbours, each with its scale and zero point. */
export function runs(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  scales: usize,
  zeroPoints: usize,
  length: i32,
  low: f64,
  high: f64,
  kind: i32,
): i32 {
  const bytes = kind == asValue ? 4 : kind == as8 ? 1 : kind == as16 ? 2 : 4;
  let odd = 0;
  scales += <usize>first << 3;
  zeroPoints += <usize>first << 3;
  for (; count > 0; count--, scales += 8, zeroPoints += 8) {
    odd |= run(length, from, to, load<f64>(scales), load<f64>(zeroPoints), low, high, kind);
    from += <usize>length << 2;
    to += <usize>length * bytes;
  }
  return odd;
}

/** All values with one scale and one zero point. */
export function flat(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  scale: f64,
  zeroPoint: f64,
  low: f64,
  high: f64,
  kind: i32,
): i32 {
  return run(count, from, to, scale, zeroPoint, low, high, kind);
}

function run(length: i32, from: usize, to: usize, scale: f64, zeroPoint: f64, low: f64, high: f64, kind: i32): i32 {
  if (kind == as8) return runAs(length, from, to, scale, zeroPoint, low, high, as8);
  if (kind == as16) return runAs(length, from, to, scale, zeroPoint, low, high, as16);
  if (kind != asValue) return runAs(length, from, to, scale, zeroPoint, low, high, 3);
  return runAs(length, from, to, scale, zeroPoint, low, high, asValue);
}

/** Adding it to a float32 below 2^22 leaves the nearest integer, a tie to the even one, in the last bits of the sum. */
const magic: f32 = 12582912;

@inline
function runAs(length: i32, from: usize, to: usize, scale: f64, zeroPoint: f64, low: f64, high: f64, kind: i32): i32 {
  const whole = floor(zeroPoint);
  const rest = zeroPoint - whole;
  const least = low - whole;
  const most = high - whole;
  const near = f32x4.splat(margin(scale, least, most));
  const inverse = f32x4.splat(margin(scale, least, most) < 0 ? 0 : <f32>(1 / scale));
  const offset = f32x4.splat(<f32>rest);
  const lowest = f32x4.splat(<f32>least);
  const highest = f32x4.splat(<f32>most);
  const upper = f32x4.splat(upperPart(scale));
  const lower = f32x4.splat(<f32>(scale - <f64>upperPart(scale)));
  // Codes are so many that trying them all pays, and zero is one of them: then two products in float32 may do.
  const split = kind == asValue && rest == 0 && (most - least) * 8 <= <f64>length && splits(scale, least, most);
  const codeShift = i32x4.splat(integer(whole) - 0x4b400000);
  const bytes: usize = kind == as8 ? 1 : kind == as16 ? 2 : 4;
  let worst = i32x4.splat(0);
  const lines = length >> 4;
  const part = lines < 2048 ? 0 : partOf(lines);
  for (let i = 0; i < part; i++) {
    let at = from + (<usize>i << 6);
    let cell = to + <usize>i * (bytes << 4);
    for (let s = 0; s < streams; s++, at += <usize>part << 6, cell += <usize>part * (bytes << 4)) {
      worst = larger(worst, sixteen(at, cell, scale, zeroPoint, near, inverse, offset, lowest, highest, upper, lower, codeShift, least, most, split, low < 0, kind));
    }
  }
  from += <usize>(part * streams) << 6;
  to += <usize>(part * streams) * (bytes << 4);
  length -= (part * streams) << 4;
  let ahead = 0;
  for (; length > 15; length -= 16, from += 64, to += bytes << 4) {
    ahead |= load<i32>(from, touchAhead) | load<i32>(to, touchAhead);
    worst = larger(worst, sixteen(from, to, scale, zeroPoint, near, inverse, offset, lowest, highest, upper, lower, codeShift, least, most, split, low < 0, kind));
  }
  for (; length > 3; length -= 4, from += 16, to += bytes << 2) {
    const given = v128.load(from);
    worst = larger(worst, sizeOf(given));
    const place = clamped(f32x4.add(f32x4.mul(given, inverse), offset), lowest, highest);
    const sum = f32x4.add(place, f32x4.splat(magic));
    const code = f32x4.sub(sum, f32x4.splat(magic));
    if (v128.any_true(f32x4.ge(f32x4.abs(f32x4.sub(place, code)), near))) {
      exact(4, from, to, scale, zeroPoint, least, most, kind);
    } else if (kind == asValue) v128.store(to, valuesOf(code, scale, whole, zeroPoint));
    else if (kind == as8) storeSome8(to, i32x4.add(sum, codeShift), 4);
    else if (kind == as16) storeSome16(to, i32x4.add(sum, codeShift), 4);
    else storeSome32(to, i32x4.add(sum, codeShift), 4);
  }
  for (let i = 0; i < length; i++) worst = larger(worst, sizeOf(f32x4.splat(load<f32>(from + (i << 2)))));
  exact(length, from, to, scale, zeroPoint, least, most, kind);
  return i32(v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1)))) | (ahead & 0);
}

/** Sixteen values; returns the largest of their magnitudes' bits. */
@inline
function sixteen(
  from: usize,
  to: usize,
  scale: f64,
  zeroPoint: f64,
  near: v128,
  inverse: v128,
  offset: v128,
  lowest: v128,
  highest: v128,
  upper: v128,
  lower: v128,
  codeShift: v128,
  least: f64,
  most: f64,
  split: bool,
  signed: bool,
  kind: i32,
): v128 {
  const a = v128.load(from);
  const b = v128.load(from, 16);
  const c = v128.load(from, 32);
  const d = v128.load(from, 48);
  const worst = larger(larger(sizeOf(a), sizeOf(b)), larger(sizeOf(c), sizeOf(d)));
  const placeA = clamped(f32x4.add(f32x4.mul(a, inverse), offset), lowest, highest);
  const placeB = clamped(f32x4.add(f32x4.mul(b, inverse), offset), lowest, highest);
  const placeC = clamped(f32x4.add(f32x4.mul(c, inverse), offset), lowest, highest);
  const placeD = clamped(f32x4.add(f32x4.mul(d, inverse), offset), lowest, highest);
  const sumA = f32x4.add(placeA, f32x4.splat(magic));
  const sumB = f32x4.add(placeB, f32x4.splat(magic));
  const sumC = f32x4.add(placeC, f32x4.splat(magic));
  const sumD = f32x4.add(placeD, f32x4.splat(magic));
  // A difference is never -0, so that neither is a code.
  const codeA = f32x4.sub(sumA, f32x4.splat(magic));
  const codeB = f32x4.sub(sumB, f32x4.splat(magic));
  const codeC = f32x4.sub(sumC, f32x4.splat(magic));
  const codeD = f32x4.sub(sumD, f32x4.splat(magic));
  const farAB = f32x4.pmax(f32x4.abs(f32x4.sub(placeA, codeA)), f32x4.abs(f32x4.sub(placeB, codeB)));
  const farCD = f32x4.pmax(f32x4.abs(f32x4.sub(placeC, codeC)), f32x4.abs(f32x4.sub(placeD, codeD)));
  if (v128.any_true(f32x4.ge(f32x4.pmax(farAB, farCD), near))) {
    exact(16, from, to, scale, zeroPoint, least, most, kind);
  } else if (kind == asValue) {
    if (split) {
      v128.store(to, f32x4.add(f32x4.mul(codeA, upper), f32x4.mul(codeA, lower)));
      v128.store(to, f32x4.add(f32x4.mul(codeB, upper), f32x4.mul(codeB, lower)), 16);
      v128.store(to, f32x4.add(f32x4.mul(codeC, upper), f32x4.mul(codeC, lower)), 32);
      v128.store(to, f32x4.add(f32x4.mul(codeD, upper), f32x4.mul(codeD, lower)), 48);
    } else {
      v128.store(to, valuesOf(codeA, scale, floor(zeroPoint), zeroPoint));
      v128.store(to, valuesOf(codeB, scale, floor(zeroPoint), zeroPoint), 16);
      v128.store(to, valuesOf(codeC, scale, floor(zeroPoint), zeroPoint), 32);
      v128.store(to, valuesOf(codeD, scale, floor(zeroPoint), zeroPoint), 48);
    }
  } else {
    const wholeA = i32x4.add(sumA, codeShift);
    const wholeB = i32x4.add(sumB, codeShift);
    const wholeC = i32x4.add(sumC, codeShift);
    const wholeD = i32x4.add(sumD, codeShift);
    if (kind == as8) {
      const ab = i16x8.narrow_i32x4_s(wholeA, wholeB);
      const cd = i16x8.narrow_i32x4_s(wholeC, wholeD);
      v128.store(to, signed ? i8x16.narrow_i16x8_s(ab, cd) : i8x16.narrow_i16x8_u(ab, cd));
    } else if (kind == as16) {
      const ab = signed ? i16x8.narrow_i32x4_s(wholeA, wholeB) : i16x8.narrow_i32x4_u(wholeA, wholeB);
      const cd = signed ? i16x8.narrow_i32x4_s(wholeC, wholeD) : i16x8.narrow_i32x4_u(wholeC, wholeD);
      v128.store(to, ab);
      v128.store(to, cd, 16);
    } else {
      v128.store(to, wholeA);
      v128.store(to, wholeB, 16);
      v128.store(to, wholeC, 32);
      v128.store(to, wholeD, 48);
    }
  }
  return worst;
}

@inline
function sizeOf(lanes: v128): v128 {
  return v128.and(lanes, i32x4.splat(magnitudeBits));
}

@inline
function larger(a: v128, b: v128): v128 {
  return i32x4.max_s(a, b);
}

@inline
function clamped(place: v128, lowest: v128, highest: v128): v128 {
  return f32x4.pmin(f32x4.pmax(place, lowest), highest);
}

/** Returns scale (code + whole - zeroPoint) of four codes, each product in float64. */
@inline
function valuesOf(code: v128, scale: f64, whole: f64, zeroPoint: f64): v128 {
  const a = f64x2.add(f64x2.promote_low_f32x4(code), f64x2.splat(whole));
  const b = f64x2.add(f64x2.promote_low_f32x4(v128.shuffle<i64>(code, code, 1, 1)), f64x2.splat(whole));
  const c = f64x2.mul(f64x2.splat(scale), f64x2.sub(a, f64x2.splat(zeroPoint)));
  const d = f64x2.mul(f64x2.splat(scale), f64x2.sub(b, f64x2.splat(zeroPoint)));
  return joined(c, d);
}

/** Returns the leading 16 bits of a scale: their product with a code of 8 bits is a float32. */
@inline
function upperPart(scale: f64): f32 {
  return reinterpret<f32>(reinterpret<i32>(<f32>scale) & 0xffffff00);
}

/** Whether the sum of a code's products with both parts of the scale is right for every code, which is tried. */
function splits(scale: f64, least: f64, most: f64): bool {
  const upper = f32x4.splat(upperPart(scale));
  const lower = f32x4.splat(<f32>(scale - <f64>upperPart(scale)));
  if (margin(scale, least, most) < 0) return false;
  let code = f32x4.add(f32x4.splat(<f32>least), f32x4(0, 1, 2, 3));
  let wrong = i32x4.splat(0);
  for (let i = <i32>(most - least); i >= 0; i -= 4, code = f32x4.add(code, f32x4.splat(4))) {
    const found = f32x4.add(f32x4.mul(code, upper), f32x4.mul(code, lower));
    wrong = v128.or(wrong, v128.xor(found, valuesOf(code, scale, 0, 0)));
  }
  return !v128.any_true(wrong);
}

/**
 * Returns how far from an integer a quotient in float32 may lie to have the integer of the quotient in float64: the
 * inverse, the product and the sum are each wrong by 2^-24 of at most the largest code and 1. Negative: never.
 */
@inline
function margin(scale: f64, least: f64, most: f64): f32 {
  const largest = max(abs(least), abs(most)) + 2;
  if (largest > 131072 || !(scale > 2e-38 && scale < 8e37)) return -1;
  return <f32>(0.5 - largest / 4194304);
}

/** A few values by division in float64. */
function exact(
  count: i32,
  from: usize,
  to: usize,
  scale: f64,
  zeroPoint: f64,
  least: f64,
  most: f64,
  kind: i32,
): void {
  const whole = floor(zeroPoint);
  const rest = zeroPoint - whole;
  for (let i = 0; i < count; i++) {
    const place = <f64>load<f32>(from + (<usize>i << 2)) / scale + rest;
    const code = (place <= least ? least : place >= most ? most : f64.nearest(place)) + whole;
    if (kind == asValue) store<f32>(to + (<usize>i << 2), <f32>(scale * (code - zeroPoint)));
    else if (kind == as8) store<i8>(to + i, <i8>integer(code));
    else if (kind == as16) store<i16>(to + (<usize>i << 1), <i16>integer(code));
    else store<i32>(to + (<usize>i << 2), integer(code));
  }
}

/** Returns a whole number as an integer, NaN as 0. */
@inline
function integer(value: f64): i32 {
  return i32x4.extract_lane(i32x4.trunc_sat_f64x2_s_zero(f64x2.splat(value)), 0);
}

/**
 * Slabs of `rows` rows of `length` values, of which every column has its scale and zero point: four columns at a time
 * down a few rows.
 * @param way from the scales of one slab to those of the next, 0 where all have the same
 */
export function columns(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  scales: usize,
  zeroPoints: usize,
  length: i32,
  rows: i32,
  way: i32,
  low: f64,
  high: f64,
  kind: i32,
): i32 {
  const bytes: usize = kind == as8 ? 1 : kind == as16 ? 2 : 4;
  let odd = 0;
  scales += (<usize>first * way) << 3;
  zeroPoints += (<usize>first * way) << 3;
  for (; count > 0; count--, scales += <usize>way << 3, zeroPoints += <usize>way << 3) {
    for (let row = 0; row < rows; row += 8) {
      const some = min(8, rows - row);
      odd |= slab(length, some, from, scales, zeroPoints, to, low, high, kind, bytes);
      from += <usize>(length * some) << 2;
      to += <usize>(length * some) * bytes;
    }
  }
  return odd;
}

function slab(
  length: i32,
  rows: i32,
  from: usize,
  scales: usize,
  zeroPoints: usize,
  to: usize,
  low: f64,
  high: f64,
  kind: i32,
  bytes: usize,
): i32 {
  let odd = 0;
  let column = 0;
  for (; column + 4 <= length; column += 4, from += 16, to += bytes << 2, scales += 32, zeroPoints += 32) {
    odd |= fourColumns(length, rows, from, scales, zeroPoints, to, low, high, kind, bytes);
  }
  for (; column < length; column++, from += 4, to += bytes, scales += 8, zeroPoints += 8) {
    for (let row = 0; row < rows; row++) {
      const at = from + (<usize>(row * length) << 2);
      odd |= one(at, to + <usize>(row * length) * bytes, load<f64>(scales), load<f64>(zeroPoints), low, high, kind);
    }
  }
  return odd;
}

/** Four columns, each value alone where float32 is not enough for one of them. */
function fourColumns(
  length: i32,
  rows: i32,
  from: usize,
  scales: usize,
  zeroPoints: usize,
  to: usize,
  low: f64,
  high: f64,
  kind: i32,
  bytes: usize,
): i32 {
  const scaleA = v128.load(scales);
  const scaleB = v128.load(scales, 16);
  const originA = v128.load(zeroPoints);
  const originB = v128.load(zeroPoints, 16);
  const wholeA = f64x2.floor(originA);
  const wholeB = f64x2.floor(originB);
  const inverse = joined(f64x2.div(f64x2.splat(1), scaleA), f64x2.div(f64x2.splat(1), scaleB));
  const offset = joined(f64x2.sub(originA, wholeA), f64x2.sub(originB, wholeB));
  const lowest = joined(f64x2.sub(f64x2.splat(low), wholeA), f64x2.sub(f64x2.splat(low), wholeB));
  const highest = joined(f64x2.sub(f64x2.splat(high), wholeA), f64x2.sub(f64x2.splat(high), wholeB));
  let near = f32x4.splat(0.5);
  for (let i = 0; i < 4; i++) {
    const whole = floor(load<f64>(zeroPoints + (i << 3)));
    near = f32x4.min(near, f32x4.splat(margin(load<f64>(scales + (i << 3)), low - whole, high - whole)));
  }
  let worst = i32x4.splat(0);
  for (; rows > 0; rows--, from += <usize>length << 2, to += <usize>length * bytes) {
    const given = v128.load(from);
    const bits = v128.and(given, i32x4.splat(magnitudeBits));
    worst = i32x4.max_s(worst, bits);
    const place = f32x4.add(f32x4.mul(given, inverse), offset);
    const clamped = f32x4.pmin(f32x4.pmax(place, lowest), highest);
    const code = f32x4.nearest(clamped);
    if (!i32x4.all_true(f32x4.lt(f32x4.abs(f32x4.sub(clamped, code)), near))) {
      for (let i = 0; i < 4; i++) {
        const at = <usize>i;
        one(from + (at << 2), to + at * bytes, load<f64>(scales + (at << 3)), load<f64>(zeroPoints + (at << 3)), low, high, kind);
      }
      continue;
    }
    const a = f64x2.add(f64x2.promote_low_f32x4(code), wholeA);
    const b = f64x2.add(f64x2.promote_low_f32x4(v128.shuffle<i64>(code, code, 1, 1)), wholeB);
    if (kind == asValue) {
      v128.store(to, joined(f64x2.mul(scaleA, f64x2.sub(a, originA)), f64x2.mul(scaleB, f64x2.sub(b, originB))));
      continue;
    }
    const codes = v128.shuffle<i64>(i32x4.trunc_sat_f64x2_s_zero(a), i32x4.trunc_sat_f64x2_s_zero(b), 0, 2);
    if (kind == as8) storeSome8(to, codes, 4);
    else if (kind == as16) storeSome16(to, codes, 4);
    else storeSome32(to, codes, 4);
  }
  return i32(v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1))));
}

/** Returns two pairs of float64 as four float32. */
@inline
function joined(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2);
}

function one(from: usize, to: usize, scale: f64, zeroPoint: f64, low: f64, high: f64, kind: i32): i32 {
  const bits = load<i32>(from) & magnitudeBits;
  const whole = floor(zeroPoint);
  exact(1, from, to, scale, zeroPoint, low - whole, high - whole, kind);
  return i32(bits > infinityBits - 1);
}
