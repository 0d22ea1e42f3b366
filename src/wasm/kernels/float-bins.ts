// Magnitudes of float32 values counted by their leading bits, and those of chosen bins picked out.
import { magnitudeBits, partOf, streams } from "./_simd";

/** Bits of a magnitude that a bin leaves open. */
const openBits = 10;

/** Adds to the count of each value's bin; zeros fall into the first. */
export function countMagnitudes(values: i32, first: f64, from: usize, counts: usize): i32 {
  const lines = values >> 4;
  const part = partOf(lines);
  for (let i = 0; i < part; i++) {
    let at = from + (<usize>i << 6);
    for (let s = 0; s < streams; s++, at += <usize>part << 6) {
      for (let k: usize = 0; k < 64; k += 4) count(at + k, counts);
    }
  }
  for (let i = part * streams << 4; i < values; i++) count(from + (<usize>i << 2), counts);
  return 0;
}

@inline
function count(at: usize, counts: usize): void {
  const bin = counts + (<usize>((load<i32>(at) & magnitudeBits) >>> openBits) << 2);
  store<u32>(bin, load<u32>(bin) + 1);
}

/**
 * Appends the bits of the magnitudes that are not 0 and lie in bins with a 1 in `wanted`; the first word of `found` says how
 * many there are. @param near the same for stretches of 2^coarse bins: what most values are told apart by
 */
export function collectMagnitudes(
  values: i32,
  first: f64,
  from: usize,
  near: usize,
  wanted: usize,
  found: usize,
  coarse: i32,
): i32 {
  let to = found + (<usize>load<u32>(found) << 2);
  for (let i = 0; i < values; i++, from += 4) {
    const word = load<i32>(from) & magnitudeBits;
    const bin = word >>> openBits;
    if (load<u8>(near + (bin >>> coarse)) == 0 || load<u8>(wanted + bin) == 0 || word == 0) continue;
    to += 4;
    store<i32>(to, word);
  }
  store<u32>(found, u32((to - found) >> 2));
  return 0;
}
