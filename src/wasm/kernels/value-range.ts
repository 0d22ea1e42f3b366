// The smallest and the largest value of each run of float32 values. Any value that is not finite: the kernel returns 1.
import { touchAhead } from "./_ahead";
import { infinityBits, magnitudeBits } from "./_simd";

/** Whether all values are finite: 0 if so. */
export function finite(count: i32, first: f64, from: usize): i32 {
  let worst = i32x4.splat(0);
  let ahead = 0;
  for (; count > 7; count -= 8, from += 32) {
    ahead |= load<i32>(from, touchAhead);
    const a = v128.and(v128.load(from), i32x4.splat(magnitudeBits));
    worst = i32x4.max_s(worst, i32x4.max_s(a, v128.and(v128.load(from, 16), i32x4.splat(magnitudeBits))));
  }
  for (; count > 0; count--, from += 4) {
    worst = i32x4.max_s(worst, v128.and(i32x4.splat(load<i32>(from)), i32x4.splat(magnitudeBits)));
  }
  return i32(v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1)))) | (ahead & 0);
}

/** Runs of `length` neighbours. @param lows where each unit has a place of its own, float64, as in `highs` */
export function ranges(count: i32, first: f64, from: usize, lows: usize, highs: usize, length: i32): i32 {
  let worst = i32x4.splat(0);
  let ahead = 0;
  lows += <usize>first << 3;
  highs += <usize>first << 3;
  for (; count > 0; count--, lows += 8, highs += 8) {
    let lowA = f32x4.splat(Infinity);
    let highA = f32x4.splat(-Infinity);
    let lowB = lowA;
    let highB = highA;
    let left = length;
    for (; left > 7; left -= 8, from += 32) {
      ahead |= load<i32>(from, touchAhead);
      const a = v128.load(from);
      const b = v128.load(from, 16);
      worst = i32x4.max_s(worst, i32x4.max_s(v128.and(a, i32x4.splat(magnitudeBits)), v128.and(b, i32x4.splat(magnitudeBits))));
      lowA = f32x4.pmin(lowA, a);
      lowB = f32x4.pmin(lowB, b);
      highA = f32x4.pmax(highA, a);
      highB = f32x4.pmax(highB, b);
    }
    for (; left > 0; left--, from += 4) {
      const a = f32x4.splat(load<f32>(from));
      worst = i32x4.max_s(worst, v128.and(a, i32x4.splat(magnitudeBits)));
      lowA = f32x4.pmin(lowA, a);
      highA = f32x4.pmax(highA, a);
    }
    store<f64>(lows, least(f32x4.pmin(lowA, lowB)));
    store<f64>(highs, -least(f32x4.neg(f32x4.pmax(highA, highB))));
  }
  return i32(v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1)))) | (ahead & 0);
}

/** Returns the smallest of four lanes. */
@inline
function least(lanes: v128): f64 {
  const pairs = f32x4.pmin(lanes, v128.shuffle<i32>(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmin(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** The columns of slabs of `rows` rows of `length` values; `length` is at least 4. */
export function columnRanges(count: i32, first: f64, from: usize, lows: usize, highs: usize, length: i32, rows: i32): i32 {
  let worst = i32x4.splat(0);
  const row = <usize>length << 2;
  lows += (<usize>first * length) << 3;
  highs += (<usize>first * length) << 3;
  for (; count > 0; count--, from += row * rows, lows += row << 1, highs += row << 1) {
    for (let column = 0; column < length; column += 4) {
      // The last lanes are taken again where the length is no multiple of 4.
      const start = <usize>min(column, length - 4) << 2;
      let low = f32x4.splat(Infinity);
      let high = f32x4.splat(-Infinity);
      for (let i = 0; i < rows; i++) {
        const a = v128.load(from + start + row * i);
        worst = i32x4.max_s(worst, v128.and(a, i32x4.splat(magnitudeBits)));
        low = f32x4.pmin(low, a);
        high = f32x4.pmax(high, a);
      }
      widen(lows + (start << 1), low);
      widen(highs + (start << 1), high);
    }
  }
  return i32(v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits - 1))));
}

/** Stores four float32 as float64. */
@inline
function widen(to: usize, lanes: v128): void {
  v128.store(to, f64x2.promote_low_f32x4(lanes));
  v128.store(to, f64x2.promote_low_f32x4(v128.shuffle<i64>(lanes, lanes, 1, 1)), 16);
}
