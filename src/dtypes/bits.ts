/** A number's exponent and the powers of two from their bits: `Math.log2` and `**` differ between engines. */

/** Which of the two words of a float64 holds sign and exponent: 1 where the low byte comes first. */
export const highWord: number = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Returns the words of an array of float64, two signed ones for each, over the same memory. */
export function floatWords(values: Float64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
}

const number = new Float64Array(1);
const words = floatWords(number);

/**
 * Returns floor(log2(size)) of a size > 0 that a float32 or more can hold normally; -1023 for 0 and for what is
 * subnormal in float64, 1024 for infinity and NaN.
 */
export function exponentOf(size: number): number {
  number[0] = size;
  return (((words[highWord] as number) >>> 20) & 0x7ff) - 1023;
}

/** Returns 2^exponent for a whole exponent -1022..1023. */
export function powerOfTwo(exponent: number): number {
  words[highWord] = (exponent + 1023) << 20;
  words[1 - highWord] = 0;
  return number[0] as number;
}
