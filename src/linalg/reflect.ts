import { fastReflect } from "./decompositions-fast.js";
import { dot } from "./dot.js";

/** Rows that kernels hold at a time: memory is for a multiple of them. */
export const rowsAtOnce = 8;

/** Reflections whose vectors u_1 … u_count stand in rows: H_i x = x - u_i (u_i·x). */
export interface Mirrors {
  /** [count + 1, stride]: row i begins with the `offset` + i numbers of u_i; zeros elsewhere. */
  readonly mirrors: Float64Array;
  readonly stride: number;
  readonly count: number;
  readonly offset: number;
}

/**
 * Returns rows of the product H_1 H_2 … H_count, [rows, stride] and more rows of anything: row r is that of the unit
 * vector `offset` + r, which the first r of them leave alone.
 */
export function reflectUnits({ mirrors, stride, count, offset }: Mirrors, rows: number): Float64Array {
  const units = new Float64Array(Math.ceil(rows / rowsAtOnce) * rowsAtOnce * stride);
  if (fastReflect({ mirrors, stride, count, offset }, rows, units)) return units;
  for (let r = 0; r < rows; r++) {
    const row = r * stride;
    units[row + offset + r] = 1;
    for (let i = r + 1; i <= count; i++) {
      const [u, length] = [i * stride, offset + i];
      // One that leaves all as it is.
      if (mirrors[u + length - 1] === 0) continue;
      const product = dot(units, row, mirrors, u, length);
      for (let t = 0; t < length; t++) {
        units[row + t] = (units[row + t] as number) - product * (mirrors[u + t] as number);
      }
    }
  }
  return units;
}
