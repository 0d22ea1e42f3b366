// Parts that kernels share.

/** The bits of a float32 but for its sign. */
export const magnitudeBits: i32 = 0x7fffffff;
/** The bits of infinity: a magnitude's bits above these are NaN. */
export const infinityBits: i32 = 0x7f800000;

/**
 * How far ahead a kernel that streams through memory touches it, in bytes: a load whose value nobody waits for makes the
 * processor fetch the line early. Measured: in-place 2:4 masks take half the time. Every memory ends with a guard of
 * more bytes than this.
 */
export const touchAhead: usize = 2048;
