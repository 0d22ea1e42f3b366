import type { Tensor } from "../tensor/types.js";
import { dwtKernels as module } from "../wasm/modules/dwt.generated.js";
import { sweep } from "../wasm/sweep.js";
import type { Quarters } from "./dwt-fast.js";
import { type BorderMode, extended } from "./filter-bank.js";

type Four = readonly [Float32Array, Float32Array, Float32Array, Float32Array];

/** Rounds to float32. */
const f = Math.fround;

/**
 * Splits float32 images by Haar's wavelet: of the 2×2 block a b / c d the halves are added and subtracted in float32,
 * first c to a and d to b, then what came of b to what came of a. -0 becomes 0.
 */
export function haarSplit2(images: Tensor, mode: BorderMode, quarters: Quarters): void {
  const { data, shape } = images;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const four = quarters.map((quarter) => quarter.data) as unknown as Four;
  if (data.length === 0 || fastSplit(images, four)) return;
  const rights = Int32Array.from({ length: Math.ceil(columns / 2) }, (_, i) => extended(2 * i + 1, columns, mode));
  let to = 0;
  for (let image = 0; image < data.length; image += rows * columns) {
    for (let row = 0; row < rows; row += 2) {
      const top = image + row * columns;
      const bottom = image + extended(row + 1, rows, mode) * columns;
      splitRows(data as Float32Array, top, bottom, rights, four, to);
      to += rights.length;
    }
  }
}

function splitRows(
  data: Float32Array,
  top: number,
  bottom: number,
  rights: Int32Array,
  [approximation, horizontal, vertical, diagonal]: Four,
  to: number,
): void {
  for (let i = 0; i < rights.length; i++) {
    const right = rights[i] as number;
    const a = f(0.5 * (data[top + 2 * i] as number));
    const b = f(0.5 * (data[top + right] as number));
    const c = f(0.5 * (data[bottom + 2 * i] as number));
    const d = f(0.5 * (data[bottom + right] as number));
    const [low, high, lowRight, highRight] = [f(a + c), f(a - c), f(b + d), f(b - d)];
    approximation[to + i] = f(low + lowRight) + 0;
    horizontal[to + i] = f(high + highRight) + 0;
    vertical[to + i] = f(low - lowRight) + 0;
    diagonal[to + i] = f(high - highRight) + 0;
  }
}

/** Puts float32 images together: the halves are added and subtracted in float32, first along the rows. -0 becomes 0. */
export function haarJoin2(quarters: Quarters, out: Tensor): void {
  const { data, shape } = out;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const four = quarters.map((quarter) => quarter.data) as unknown as Four;
  if (data.length === 0 || fastJoin(four, out)) return;
  const halfColumns = Math.ceil(columns / 2);
  let from = 0;
  for (let image = 0; image < data.length; image += rows * columns) {
    for (let row = 0; row < rows; row += 2) {
      const top = image + row * columns;
      joinRow(four, from, data as Float32Array, top, row + 1 < rows ? top + columns : top, columns);
      from += halfColumns;
    }
  }
}

/** @param bottom where the lower row begins; where there is none, that of the upper one, which is written last */
function joinRow(
  [approximation, horizontal, vertical, diagonal]: Four,
  from: number,
  data: Float32Array,
  top: number,
  bottom: number,
  columns: number,
): void {
  for (let column = 0, i = from; column < columns; column += 2, i++) {
    const a = f(0.5 * (approximation[i] as number));
    const h = f(0.5 * (horizontal[i] as number));
    const v = f(0.5 * (vertical[i] as number));
    const d = f(0.5 * (diagonal[i] as number));
    const [low, high, lowRight, highRight] = [f(a + v), f(h + d), f(a - v), f(h - d)];
    data[bottom + column] = f(low - high) + 0;
    if (column + 1 < columns) data[bottom + column + 1] = f(lowRight - highRight) + 0;
    data[top + column] = f(low + high) + 0;
    if (column + 1 < columns) data[top + column + 1] = f(lowRight + highRight) + 0;
  }
}

/** Even sides, where no border is met: a row of blocks is a unit. */
function fastSplit({ data, shape }: Tensor, four: Four): boolean {
  const [rows, columns] = shape.slice(-2) as [number, number];
  if (rows % 2 === 1 || columns % 2 === 1) return false;
  return sweep({
    module,
    kernel: "haarSplit",
    units: data.length / (2 * columns),
    inputs: [{ data, per: 2 * columns }],
    outputs: four.map((quarter) => ({ data: quarter, per: columns / 2 })),
    params: [columns],
    nanoseconds: columns / 2,
  });
}

function fastJoin(four: Four, { data, shape }: Tensor): boolean {
  const [rows, columns] = shape.slice(-2) as [number, number];
  if (rows % 2 === 1 || columns % 2 === 1) return false;
  return sweep({
    module,
    kernel: "haarJoin",
    units: data.length / (2 * columns),
    inputs: four.map((quarter) => ({ data: quarter, per: columns / 2 })),
    outputs: [{ data, per: 2 * columns }],
    params: [columns / 2],
    nanoseconds: columns / 2,
  });
}
