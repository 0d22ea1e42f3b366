/** The state that every random draw takes: 64 bits, as two unsigned 32-bit words. */
export interface Key {
  readonly high: number;
  readonly low: number;
}

/**
 * Writes the two output words of the Threefry-2x32 block function with 20 rounds into `out`.
 * It is a bijection of the counter for every key, and uses 32-bit integer arithmetic alone.
 * @see Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"
 * @example threefry2x32({ high: 0, low: 0 }, 0, 0, out) // out is [0x6b200159, 0x99ba4efe]
 */
export function threefry2x32(key: Key, counterHigh: number, counterLow: number, out: Uint32Array): void {
  const k0 = key.high | 0;
  const k1 = key.low | 0;
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  let x = (counterHigh + k0) | 0;
  let y = (counterLow + k1) | 0;
  for (let group = 1; group <= 5; group++) {
    const even = group % 2 === 0;
    x = (x + y) | 0;
    y = even ? rotate(y, 17) ^ x : rotate(y, 13) ^ x;
    x = (x + y) | 0;
    y = even ? rotate(y, 29) ^ x : rotate(y, 15) ^ x;
    x = (x + y) | 0;
    y = even ? rotate(y, 16) ^ x : rotate(y, 26) ^ x;
    x = (x + y) | 0;
    y = even ? rotate(y, 24) ^ x : rotate(y, 6) ^ x;
    const step = group % 3;
    x = (x + (step === 1 ? k1 : step === 2 ? k2 : k0)) | 0;
    y = (y + (step === 1 ? k2 : step === 2 ? k0 : k1) + group) | 0;
  }
  out[0] = x;
  out[1] = y;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
