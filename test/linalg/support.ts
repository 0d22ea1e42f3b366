/** Slow, obvious matrix helpers for the tests, on arrays of rows: nothing of src is used. */
import { from, type Tensor } from "../../src/tensor/index.js";

export type Rows = readonly (readonly number[])[];

export const tensorOf = (rows: Rows): Tensor<"float64"> => from(rows, { dtype: "float64" });

export function rowsOf({ data, shape }: Tensor): number[][] {
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: rows }, (_, i) => Array.from(data.slice(i * columns, (i + 1) * columns)));
}

export const transposed = (a: Rows): number[][] => (a[0] ?? []).map((_, j) => a.map((row) => row[j] as number));

export const product = (a: Rows, b: Rows): number[][] =>
  a.map((row) => transposed(b).map((column) => column.reduce((sum, value, k) => sum + (row[k] as number) * value, 0)));

export const identity = (n: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));

/** The largest difference of two matrices of the same shape. */
export function distance(a: Rows, b: Rows): number {
  if (a.length !== b.length || a.some((row, i) => row.length !== b[i]?.length)) return Number.POSITIVE_INFINITY;
  return Math.max(0, ...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - (b[i]?.[j] as number)))));
}
