import { ValueError } from "../errors.js";

/**
 * Returns the place of a signed integer in 0, -1, 1, -2, 2, …, so that small magnitudes become small numbers.
 * @param value an integer -2^31..2^31 - 1
 * @returns 0..2^32 - 1
 * @throws ValueError for anything else
 * @example zigzag(-3) // 5
 */
export function zigzag(value: number): number {
  if ((value | 0) !== value) throw new ValueError(`zigzag: ${value}, expected an integer -2^31..2^31 - 1`);
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

/**
 * Returns the signed integer at a place in 0, -1, 1, -2, 2, …: the inverse of {@link zigzag}.
 * @param place an integer 0..2^32 - 1
 * @throws ValueError for anything else
 * @example unzigzag(5) // -3
 */
export function unzigzag(place: number): number {
  if (place >>> 0 !== place) throw new ValueError(`unzigzag: ${place}, expected an integer 0..2^32 - 1`);
  return (place >>> 1) ^ -(place & 1);
}
