// Feature maps, [channels, plane] of float32 or float64 each: sums, products and mixtures of channels, in float64 and in the
// order of src/transforms/klt-fit.ts and klt-channels.ts. `wide` says that elements are float64.
import { panel, tile } from "./_tile";

/** Pixels that are laid out at a time. */
const pixelsAtOnce = 64;

/** Sums of each channel: four interleaved ones, (s0 + s2) + (s1 + s3). */
export function sums(units: i32, first: f64, from: usize, to: usize, channels: i32, plane: i32, wide: i32): i32 {
  for (let line = units * channels; line > 0; line--, to += 8) {
    if (wide) store<f64>(to, sumWide(from, plane));
    else store<f64>(to, sumNarrow(from, plane));
    from += <usize>plane << (2 + wide);
  }
  return 0;
}

function sumNarrow(from: usize, plane: i32): f64 {
  let low = f64x2.splat(0);
  let high = low;
  let i = 0;
  for (; i + 4 <= plane; i += 4, from += 16) {
    const x = v128.load(from);
    low = f64x2.add(low, f64x2.promote_low_f32x4(x));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3)));
  }
  // Absent numbers add +0, which changes nothing: the sums are never -0.
  if (i < plane) low = f64x2.add(low, f64x2(<f64>load<f32>(from), i + 1 < plane ? <f64>load<f32>(from, 4) : 0));
  if (i + 2 < plane) high = f64x2.add(high, f64x2(<f64>load<f32>(from, 8), 0));
  return sumOf(f64x2.add(low, high));
}

function sumWide(from: usize, plane: i32): f64 {
  let low = f64x2.splat(0);
  let high = low;
  let i = 0;
  for (; i + 4 <= plane; i += 4, from += 32) {
    low = f64x2.add(low, v128.load(from));
    high = f64x2.add(high, v128.load(from, 16));
  }
  if (i < plane) low = f64x2.add(low, f64x2(load<f64>(from), i + 1 < plane ? load<f64>(from, 8) : 0));
  if (i + 2 < plane) high = f64x2.add(high, f64x2(load<f64>(from, 16), 0));
  return sumOf(f64x2.add(low, high));
}

@inline
function sumOf(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/**
 * Products of all channels less their means, added up pixel by pixel: the lower half of [padded, padded], where the number
 * of channels is filled up to a multiple of 4. @param work 64 * padded * 8 bytes
 */
export function products(
  units: i32, first: f64, from: usize, to: usize, means: usize, work: usize, channels: i32, plane: i32, wide: i32,
): i32 {
  const padded = (channels + 3) & ~3;
  const line = <usize>padded << 3;
  memory.fill(to, 0, <usize>units * <usize>padded * line);
  memory.fill(work, 0, pixelsAtOnce * line);
  for (; units > 0; units--) {
    for (let p = 0; p < plane; p += pixelsAtOnce) {
      const count = min(pixelsAtOnce, plane - p);
      for (let c = 0; c < channels; c++) {
        const at = work + <usize>(c >> 2) * pixelsAtOnce * panel + (<usize>(c & 3) << 3);
        const source = from + (<usize>(c * plane + p) << (2 + wide));
        const mean = load<f64>(means + (<usize>c << 3));
        if (wide) centre<f64>(source, mean, count, at);
        else centre<f32>(source, mean, count, at);
      }
      for (let r = 0; r < padded; r += 4) {
        const left = work + <usize>r * (pixelsAtOnce << 3);
        const row = to + <usize>r * line;
        for (let c = 0; c <= r; c += 4) tile(left, work + <usize>c * (pixelsAtOnce << 3), count, row + (<usize>c << 3), line);
      }
    }
    from += <usize>(channels * plane) << (2 + wide);
    to += <usize>padded * line;
  }
  return 0;
}

/** A channel's pixels less its mean, into a column of a panel. */
function centre<T>(from: usize, mean: f64, count: i32, to: usize): void {
  for (; count > 0; count--, from += sizeof<T>(), to += panel) store<f64>(to, <f64>load<T>(from) - mean);
}

/**
 * Weighted sums of channels, in ascending order. @param weights panels of 4 results, each [channels, 4] @param before taken
 * from each channel @param after added to each result @param work (64 * channels + 16) * 8 bytes
 */
export function mix(
  units: i32, first: f64, from: usize, to: usize, weights: usize, before: usize, after: usize, work: usize,
  channels: i32, results: i32, plane: i32, wide: i32, wideTo: i32,
): i32 {
  const across = <usize>channels * panel;
  const square = work + (pixelsAtOnce >> 2) * across;
  for (; units > 0; units--) {
    for (let p = 0; p < plane; p += pixelsAtOnce) {
      const count = min(pixelsAtOnce, plane - p);
      for (let c = 0; c < channels; c++) {
        const source = from + (<usize>(c * plane + p) << (2 + wide));
        const shift = load<f64>(before + (<usize>c << 3));
        if (wide) lay<f64>(source, shift, count, work + <usize>c * panel, across);
        else lay<f32>(source, shift, count, work + <usize>c * panel, across);
      }
      for (let k = 0; k < results; k += 4) {
        for (let q = 0; q < count; q += 4) {
          clear(square);
          tile(weights + <usize>(k >> 2) * across, work + <usize>(q >> 2) * across, channels, square, panel);
          const at = <usize>(k * plane + p + q) << (2 + wideTo);
          const shifts = after + (<usize>k << 3);
          const high = min(4, results - k);
          if (!wideTo && high == 4 && q + 4 <= count) giveFour(square, shifts, to + at, <usize>plane << 2);
          else if (wideTo) give<f64>(square, shifts, to + at, <usize>plane << 3, high, min(4, count - q));
          else give<f32>(square, shifts, to + at, <usize>plane << 2, high, min(4, count - q));
        }
      }
    }
    from += <usize>(channels * plane) << (2 + wide);
    to += <usize>(results * plane) << (2 + wideTo);
  }
  return 0;
}

/** A channel's pixels less its shift, four to a panel, `across` bytes from panel to panel; the last is filled with zeros. */
function lay<T>(from: usize, shift: f64, count: i32, to: usize, across: usize): void {
  for (; count >= 4; count -= 4, from += 4 * sizeof<T>(), to += across) {
    store<f64>(to, <f64>load<T>(from) - shift);
    store<f64>(to, <f64>load<T>(from, sizeof<T>()) - shift, 8);
    store<f64>(to, <f64>load<T>(from, 2 * sizeof<T>()) - shift, 16);
    store<f64>(to, <f64>load<T>(from, 3 * sizeof<T>()) - shift, 24);
  }
  if (count > 0) memory.fill(to, 0, panel);
  for (; count > 0; count--, from += sizeof<T>(), to += 8) store<f64>(to, <f64>load<T>(from) - shift);
}

@inline
function clear(square: usize): void {
  const zero = f64x2.splat(0);
  for (let at: usize = 0; at < 4 * panel; at += 64) {
    v128.store(square + at, zero);
    v128.store(square + at, zero, 16);
    v128.store(square + at, zero, 32);
    v128.store(square + at, zero, 48);
  }
}

/** A whole square of results, shifted, in float32. */
function giveFour(square: usize, shifts: usize, to: usize, stride: usize): void {
  for (const end = square + 4 * panel; square < end; square += panel, shifts += 8, to += stride) {
    const shift = v128.load_splat<f64>(shifts);
    const low = f32x4.demote_f64x2_zero(f64x2.add(v128.load(square), shift));
    const high = f32x4.demote_f64x2_zero(f64x2.add(v128.load(square, 16), shift));
    v128.store(to, v128.shuffle<f32>(low, high, 0, 1, 4, 5));
  }
}

/** A square of results, or the part of it that there is, shifted. */
function give<T>(square: usize, shifts: usize, to: usize, stride: usize, high: i32, wide: i32): void {
  for (let i = 0; i < high; i++, square += panel, to += stride) {
    const shift = load<f64>(shifts + (<usize>i << 3));
    for (let j: usize = 0; j < <usize>wide; j++) {
      store<T>(to + j * sizeof<T>(), <T>(load<f64>(square + (j << 3)) + shift));
    }
  }
}
