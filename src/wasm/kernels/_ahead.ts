/**
 * How far ahead a kernel touches the memory that it walks through, in bytes: a load whose value nobody waits for makes the
 * processor fetch the line early. For kernels whose runs are too short to be gone through in parts side by side. Every
 * memory ends with a guard of more bytes than this.
 */
export const touchAhead: usize = 2048;
