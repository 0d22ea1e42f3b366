// Signs of float32 values as bits, and products of matrices of signs.
import { infinityBits, magnitudeBits } from "./_simd";

/** Packs rows of `length` values, 32 to a word; 1 is +1, also of -0. Returns 1 on NaN and infinity. */
export function signs(rows: i32, first: f64, from: usize, to: usize, length: i32): i32 {
  let worst = i32x4.splat(0);
  let worstLeft = 0;
  for (let row = 0; row < rows; row++) {
    let at = 0;
    for (; at + 32 <= length; at += 32, from += 128, to += 4) {
      let word: i32 = 0;
      for (let part: usize = 0; part < 8; part++) {
        const values = v128.load(from + (part << 4));
        worst = i32x4.max_s(worst, v128.and(values, i32x4.splat(magnitudeBits)));
        word |= i32x4.bitmask(f32x4.lt(values, f32x4.splat(0))) << (<i32>part << 2);
      }
      store<i32>(to, ~word);
    }
    if (at == length) continue;
    let word: i32 = 0;
    for (let bit = 0; at < length; at++, bit++, from += 4) {
      const value = load<f32>(from);
      worstLeft = max(worstLeft, reinterpret<i32>(value) & magnitudeBits);
      word |= i32(!(value < 0)) << bit;
    }
    store<i32>(to, word);
    to += 4;
  }
  const odd = v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1)));
  return i32(odd) | i32(worstLeft >= infinityBits);
}

/** Products of rows of signs with all rows of another matrix: `length` less twice the bits that differ. */
export function product(rows: i32, first: f64, a: usize, c: usize, b: usize, words: i32, columns: i32, length: i32): i32 {
  const line = <usize>words << 2;
  const wide = <usize>columns << 2;
  let row = 0;
  for (; row + 2 <= rows; row += 2, a += 2 * line, c += 2 * wide) {
    let other = b;
    let column = 0;
    for (; column + 4 <= columns; column += 4, other += 4 * line) {
      twoByFour(a, other, line, c + (<usize>column << 2), wide, length);
    }
    for (; column < columns; column++, other += line) {
      const at = c + (<usize>column << 2);
      store<i32>(at, length - 2 * differing(a, other, line));
      store<i32>(at + wide, length - 2 * differing(a + line, other, line));
    }
  }
  if (row < rows) {
    for (let column = 0; column < columns; column++, b += line, c += 4) {
      store<i32>(c, length - 2 * differing(a, b, line));
    }
  }
  return 0;
}

/** Two rows with four: what is loaded once serves twice or four times. */
@inline
function twoByFour(a: usize, b: usize, line: usize, c: usize, wide: usize, length: i32): void {
  let d00: i64 = 0;
  let d01: i64 = 0;
  let d02: i64 = 0;
  let d03: i64 = 0;
  let d10: i64 = 0;
  let d11: i64 = 0;
  let d12: i64 = 0;
  let d13: i64 = 0;
  for (let at: usize = 0; at + 8 <= line; at += 8) {
    const x = load<i64>(a + at);
    const y = load<i64>(a + line + at);
    const cell = b + at;
    let bits = load<i64>(cell);
    d00 += popcnt(x ^ bits);
    d10 += popcnt(y ^ bits);
    bits = load<i64>(cell + line);
    d01 += popcnt(x ^ bits);
    d11 += popcnt(y ^ bits);
    bits = load<i64>(cell + 2 * line);
    d02 += popcnt(x ^ bits);
    d12 += popcnt(y ^ bits);
    bits = load<i64>(cell + 3 * line);
    d03 += popcnt(x ^ bits);
    d13 += popcnt(y ^ bits);
  }
  store<i32>(c, length - 2 * (i32(d00) + last(a, b, line)));
  store<i32>(c, length - 2 * (i32(d01) + last(a, b + line, line)), 4);
  store<i32>(c, length - 2 * (i32(d02) + last(a, b + 2 * line, line)), 8);
  store<i32>(c, length - 2 * (i32(d03) + last(a, b + 3 * line, line)), 12);
  a += line;
  c += wide;
  store<i32>(c, length - 2 * (i32(d10) + last(a, b, line)));
  store<i32>(c, length - 2 * (i32(d11) + last(a, b + line, line)), 4);
  store<i32>(c, length - 2 * (i32(d12) + last(a, b + 2 * line, line)), 8);
  store<i32>(c, length - 2 * (i32(d13) + last(a, b + 3 * line, line)), 12);
}

function differing(a: usize, b: usize, line: usize): i32 {
  let count = last(a, b, line);
  for (let at: usize = 0; at + 8 <= line; at += 8) count += i32(popcnt(load<i64>(a + at) ^ load<i64>(b + at)));
  return count;
}

/** The bits that differ in the last word of rows with an odd number of words. */
@inline
function last(a: usize, b: usize, line: usize): i32 {
  return line & 4 ? popcnt(load<i32>(a + line - 4) ^ load<i32>(b + line - 4)) : 0;
}
