import { ValueError } from "../errors.js";

/**
 * Returns the canonical prefix code of the given lengths: codes of one length are consecutive numbers in the order of
 * their symbols, and shorter codes come before longer ones. So the lengths alone describe the code.
 * @param lengths bits of each symbol's code, 0..32; 0 for a symbol that has none
 * @returns one code per length, to be written with its highest bit first; 0 where the length is 0
 * @throws ValueError for a length out of range, or lengths that no prefix code has: Σ 2^-length > 1
 * @see Kraft 1949 for the condition
 * @example canonicalCodes([1, 0, 2, 2]) // Uint32Array [0b0, 0, 0b10, 0b11]
 */
export function canonicalCodes(lengths: ArrayLike<number>): Uint32Array {
  const counts = new Float64Array(33);
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i] as number;
    if (!Number.isInteger(length) || length < 0 || length > 32) {
      throw new ValueError(`canonicalCodes: length ${length} at position ${i}, expected whole numbers 0..32`);
    }
    (counts[length] as number)++;
  }
  const next = firstCodes(counts);
  if (next === undefined) {
    throw new ValueError("canonicalCodes: lengths with Σ 2^-length > 1, expected those of a prefix code");
  }
  return Uint32Array.from(lengths, (length) => (length === 0 ? 0 : (next[length] as number)++));
}

/**
 * Returns the first code of each length 1..32 when there are `counts[length]` codes of it, and at 0 how many codes of
 * length 32 are left over; undefined when there are too many.
 */
export function firstCodes(counts: ArrayLike<number>): Float64Array | undefined {
  const first = new Float64Array(33);
  let code = 0;
  for (let length = 1; length <= 32; length++) {
    code *= 2;
    first[length] = code;
    code += counts[length] as number;
    if (code > 2 ** length) return undefined;
  }
  first[0] = 2 ** 32 - code;
  return first;
}
