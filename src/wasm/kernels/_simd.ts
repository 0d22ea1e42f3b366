// Parts that kernels share.

/** The bits of a float32 but for its sign. */
export const magnitudeBits: i32 = 0x7fffffff;
/** The bits of infinity: a magnitude's bits above these are NaN. */
export const infinityBits: i32 = 0x7f800000;

/**
 * A kernel that walks through memory goes through this many parts of it side by side: the processor fetches ahead in each
 * part by itself, and one alone does not keep the memory busy. Measured: a read of 64 MiB takes half the time.
 */
export const streams: i32 = 8;

/**
 * Returns how many of `lines` cache lines a part has; what is left over comes after the parts. Parts are a few lines off
 * any power of two apart, so that they do not all fall on the same places of the caches.
 */
export function partOf(lines: i32): i32 {
  const part = lines / streams;
  return part < 256 ? part : part - (part & 127) - 59;
}
