import type { Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { gemmKernels as module } from "../wasm/modules/gemm.generated.js";
import { sweep } from "../wasm/sweep.js";

/** Products that are added up before they are added to the others. */
export const depth = 256;
/** Rows and columns that the kernel holds in registers. */
const rowsAtOnce = 6;
const panel = 8;
/** Elements of the right matrix that the kernel is given at a time. */
const mostElements = 2 ** 20;

/** Multiplies float32 matrices with the kernel, and returns whether it did: the right one goes in by strips of columns. */
export function fastMatmul(a: Tensor<Float>, b: Tensor<Float>, out: Tensor<Float>): boolean {
  const [rows, columns] = out.shape as [number, number];
  const inner = a.shape[1] as number;
  const strip = Math.floor(mostElements / Math.max(1, inner) / panel) * panel;
  if (rows * columns === 0 || strip === 0) return false;
  if (strip >= columns) return multiply(a, panelsOf(b, 0, columns), out);
  const part = new Float32Array(rows * strip);
  for (let from = 0; from < columns; from += strip) {
    const wide = Math.min(strip, columns - from);
    const target = { data: part.subarray(0, rows * wide), shape: [rows, wide], dtype: "float32" } as const;
    if (!multiply(a, panelsOf(b, from, wide), target)) return false;
    for (let row = 0; row < rows; row++) {
      out.data.set(part.subarray(row * wide, (row + 1) * wide), row * columns + from);
    }
  }
  return true;
}

function multiply(a: Tensor<Float>, panels: Float32Array, { data, shape }: Tensor<Float>): boolean {
  const [rows, columns] = shape as [number, number];
  const inner = a.shape[1] as number;
  return sweep({
    module,
    kernel: "sgemm",
    units: rows,
    inputs: [{ data: a.data, per: inner }],
    outputs: [{ data, per: columns }],
    tables: [panels],
    work: 4 * rowsAtOnce * (depth + panel),
    params: [inner, columns],
    grain: rowsAtOnce,
    nanoseconds: inner * columns * 0.08,
  });
}

/** Returns columns of a matrix in panels of 8, each row by row; the last is filled up with zeros. */
function panelsOf({ data, shape }: Tensor<Float>, from: number, wide: number): Float32Array {
  const [inner, columns] = shape as [number, number];
  const panels = new Float32Array(Math.ceil(wide / panel) * panel * inner);
  for (let column = 0; column < wide; column += panel) {
    const width = Math.min(panel, wide - column);
    let to = column * inner;
    for (let k = 0; k < inner; k++, to += panel) {
      const start = k * columns + from + column;
      for (let j = 0; j < width; j++) panels[to + j] = data[start + j] as number;
    }
  }
  return panels;
}
