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
  for (let row = 0; row < rows; row++, a += line) {
    let other = b;
    let column = 0;
    for (; column + 4 <= columns; column += 4, other += 4 * line, c += 16) {
      let d0: i64 = 0;
      let d1: i64 = 0;
      let d2: i64 = 0;
      let d3: i64 = 0;
      for (let at: usize = 0; at + 8 <= line; at += 8) {
        const bits = load<i64>(a + at);
        const cell = other + at;
        d0 += popcnt(bits ^ load<i64>(cell));
        d1 += popcnt(bits ^ load<i64>(cell + line));
        d2 += popcnt(bits ^ load<i64>(cell + 2 * line));
        d3 += popcnt(bits ^ load<i64>(cell + 3 * line));
      }
      store<i32>(c, length - 2 * (i32(d0) + last(a, other, line)));
      store<i32>(c, length - 2 * (i32(d1) + last(a, other + line, line)), 4);
      store<i32>(c, length - 2 * (i32(d2) + last(a, other + 2 * line, line)), 8);
      store<i32>(c, length - 2 * (i32(d3) + last(a, other + 3 * line, line)), 12);
    }
    for (; column < columns; column++, other += line, c += 4) {
      let differing = last(a, other, line);
      for (let at: usize = 0; at + 8 <= line; at += 8) {
        differing += i32(popcnt(load<i64>(a + at) ^ load<i64>(other + at)));
      }
      store<i32>(c, length - 2 * differing);
    }
  }
  return 0;
}

/** The bits that differ in the last word of rows with an odd number of words. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function last(a: usize, b: usize, line: usize): i32 {
  return line & 4 ? popcnt(load<i32>(a + line - 4) ^ load<i32>(b + line - 4)) : 0;
}
