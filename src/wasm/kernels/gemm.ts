// Products of float32 matrices in float32. Each element adds up 256 products at a time, in ascending k from 0, and then
// these sums: the order does not depend on how rows and columns are cut up.

const rowsAtOnce = 6;
const panel = 8;
const depth = 256;

/**
 * Rows of C = A B. @param b panels of 8 columns of B, each `inner` rows of 8, the last filled up with zeros
 * @param work 6 * 256 * 4 bytes and 6 * 8 * 4 bytes @param columns of C
 */
export function sgemm(rows: i32, first: f64, a: usize, c: usize, b: usize, work: usize, inner: i32, columns: i32): i32 {
  memory.fill(c, 0, (<usize>rows * columns) << 2);
  const spill = work + ((rowsAtOnce * depth) << 2);
  for (let k = 0; k < inner; k += depth) {
    const deep = min(depth, inner - k);
    for (let row = 0; row < rows; row += rowsAtOnce) {
      const high = min(rowsAtOnce, rows - row);
      pack(a + (<usize>(row * inner + k) << 2), <usize>inner << 2, high, deep, work);
      const target = c + (<usize>(row * columns) << 2);
      for (let column = 0; column < columns; column += panel) {
        const source = b + ((<usize>column * inner + <usize>k * panel) << 2);
        const at = target + (<usize>column << 2);
        if (high == rowsAtOnce && column + panel <= columns) {
          tile(work, source, deep, at, <usize>columns << 2);
        } else {
          memory.fill(spill, 0, (rowsAtOnce * panel) << 2);
          tile(work, source, deep, spill, panel << 2);
          addPart(spill, at, <usize>columns << 2, high, min(panel, columns - column));
        }
      }
    }
  }
  return 0;
}

/** Six rows of A, k by k; rows that are missing are zeros. */
function pack(a: usize, stride: usize, high: i32, deep: i32, to: usize): void {
  if (high < rowsAtOnce) memory.fill(to, 0, (rowsAtOnce * depth) << 2);
  for (let i = 0; i < high; i++, a += stride) {
    let cell = to + (<usize>i << 2);
    for (let k = 0; k < deep; k++, cell += rowsAtOnce << 2) store<f32>(cell, load<f32>(a + (<usize>k << 2)));
  }
}

function addPart(from: usize, to: usize, stride: usize, high: i32, wide: i32): void {
  for (let i = 0; i < high; i++, from += panel << 2, to += stride) {
    for (let j: usize = 0; j < <usize>wide << 2; j += 4) store<f32>(to + j, load<f32>(to + j) + load<f32>(from + j));
  }
}

/** Adds six rows by eight columns to C. */
function tile(a: usize, b: usize, deep: i32, c: usize, stride: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  for (let k = 0; k < deep; k++, a += rowsAtOnce << 2, b += panel << 2) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a, 16);
    c40 = f32x4.add(c40, f32x4.mul(x, b0));
    c41 = f32x4.add(c41, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a, 20);
    c50 = f32x4.add(c50, f32x4.mul(x, b0));
    c51 = f32x4.add(c51, f32x4.mul(x, b1));
  }
  addRow(c, c00, c01);
  addRow(c + stride, c10, c11);
  addRow(c + 2 * stride, c20, c21);
  addRow(c + 3 * stride, c30, c31);
  addRow(c + 4 * stride, c40, c41);
  addRow(c + 5 * stride, c50, c51);
}

@inline
function addRow(c: usize, left: v128, right: v128): void {
  v128.store(c, f32x4.add(v128.load(c), left));
  v128.store(c, f32x4.add(v128.load(c, 16), right), 16);
}
