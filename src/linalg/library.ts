/** Tensors into the matrices of ml-matrix and back. */
import { Matrix } from "ml-matrix";
import type { Tensor } from "../tensor/types.js";

/** Returns a copy as a matrix, every value divided by `scale`. */
export function toMatrix({ data, shape }: Tensor, scale: number): Matrix {
  const [rows, columns] = shape as [number, number];
  const matrix = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) matrix.set(i, j, (data[i * columns + j] as number) / scale);
  }
  return matrix;
}
