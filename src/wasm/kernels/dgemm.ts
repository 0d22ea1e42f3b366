// Products of float64 matrices. Each element adds up its products in ascending k from 0.
import { panel as across, tile } from "./_tile";

const rowsAtOnce = 4;
const columnsAtOnce = 4;
/** Products that are added up before the next part of a row: what the nearest cache holds of both sides. */
const depth = 256;

/**
 * Rows of C = A B. @param b panels of 4 columns of B, each `inner` rows of 4, the last filled up with zeros
 * @param work (256 + 4) * 4 * 8 bytes @param columns of C
 */
export function dgemm(rows: i32, first: f64, a: usize, c: usize, b: usize, work: usize, inner: i32, columns: i32): i32 {
  const line = <usize>columns << 3;
  memory.fill(c, 0, <usize>rows * line);
  const spill = work + depth * across;
  for (let k = 0; k < inner; k += depth) {
    const deep = min(depth, inner - k);
    for (let row = 0; row < rows; row += rowsAtOnce) {
      const high = min(rowsAtOnce, rows - row);
      pack(a + (<usize>(row * inner + k) << 3), <usize>inner << 3, high, deep, work);
      for (let column = 0; column < columns; column += columnsAtOnce) {
        const source = b + ((<usize>column * inner + <usize>k * columnsAtOnce) << 3);
        const at = c + <usize>row * line + (<usize>column << 3);
        const wide = min(columnsAtOnce, columns - column);
        if (high == rowsAtOnce && wide == columnsAtOnce) {
          tile(work, source, deep, at, line);
        } else {
          copy(at, line, spill, across, high, wide);
          tile(work, source, deep, spill, across);
          copy(spill, across, at, line, high, wide);
        }
      }
    }
  }
  return 0;
}

/** Four rows of A, k by k; rows that are missing are those before. */
function pack(a: usize, stride: usize, high: i32, deep: i32, to: usize): void {
  for (let i = 0; i < high; i++, a += stride) {
    let cell = to + (<usize>i << 3);
    for (let k = 0; k < deep; k++, cell += across) store<f64>(cell, load<f64>(a + (<usize>k << 3)));
  }
}

function copy(from: usize, stride: usize, to: usize, strideTo: usize, high: i32, wide: i32): void {
  for (let i = 0; i < high; i++, from += stride, to += strideTo) {
    for (let j: usize = 0; j < <usize>wide << 3; j += 8) store<f64>(to + j, load<f64>(from + j));
  }
}
