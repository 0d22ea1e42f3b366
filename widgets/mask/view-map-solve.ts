/** Masks of large matrices, a strip of rows at a time, so that the work can be left at any step. */
import { keptMagnitude, transposableMask } from "../../src/sparsity/index.js";
import type { Mask, Tensor } from "../../src/tensor/index.js";
import { type Edit, type MaskKind, maskOf, tileOf, withEdits } from "./compute.js";
import { average, createMap, type MaskMap, putBits, putStrengths, type Region } from "./view-map-data.js";

/** Which mask of a matrix is asked for. */
export interface MapRequest {
  readonly kind: MaskKind;
  readonly pattern: { readonly keep: number; readonly group: number };
  readonly edits: readonly Edit[];
}

/** A map with what its mask keeps. */
export interface SolvedMap extends MaskMap {
  /** Sum of all magnitudes, and of the kept ones, in the unit of the weights. */
  readonly total: number;
  readonly kept: number;
  /** The magnitude that has the full strength of 255. */
  readonly scale: number;
}

/** About as many weights are solved in one step. */
const stepSize = 2 ** 14;

/**
 * Solves the mask of a whole matrix and averages it; yields how far it is, 0..1.
 * @throws ShapeError when group does not divide both sides; ValueError for NaN
 */
export function* solveMap(base: Tensor, { kind, pattern, edits }: MapRequest): Generator<number, SolvedMap> {
  const weights = withEdits(base, edits);
  const [rows, columns] = weights.shape as [number, number];
  const { total, scale } = yield* measure(weights);
  const map = createMap(rows, columns);
  const whole = kind === "unstructured" ? maskOf(kind, weights, pattern) : undefined;
  const height = pattern.group * Math.max(1, Math.floor(stepSize / (columns * pattern.group)));
  let kept = 0;
  for (let row = 0; row < rows; row += height) {
    const strip = rowsOf(weights, row, Math.min(height, rows - row));
    const mask = whole === undefined ? maskOf(kind, strip, pattern) : rowsOf(whole, row, strip.shape[0] as number);
    putStrengths(map, row * columns, strip.data, scale);
    putBits(map, mask.data, { row, column: 0, height: strip.shape[0] as number, width: columns });
    kept += keptMagnitude(strip, mask);
    yield 0.1 + (0.7 * row) / rows;
  }
  for (const share of average(map, { row: 0, column: 0, height: rows, width: columns })) yield 0.8 + 0.2 * share;
  return { ...map, total, kept, scale };
}

/** What the optimum keeps in a region. */
export interface SolvedRegion {
  readonly region: Region;
  /** Zeros and ones, row-major. */
  readonly mask: Uint8Array;
  /** Magnitude kept there, in the unit of the weights. */
  readonly kept: number;
}

/** Solves the transposable optimum of a region of whole blocks; yields how far it is. */
export function* solveRegion(
  base: Tensor,
  region: Region,
  { pattern, edits }: Omit<MapRequest, "kind">,
): Generator<number, SolvedRegion> {
  const weights = regionOf(base, region, edits);
  const { group } = pattern;
  const mask = new Uint8Array(weights.data.length);
  const height = group * Math.max(1, Math.floor(stepSize / 4 / (region.width * group)));
  let kept = 0;
  for (let row = 0; row < region.height; row += height) {
    const strip = rowsOf(weights, row, Math.min(height, region.height - row));
    const solved = transposableMask(strip, pattern);
    mask.set(solved.data, row * region.width);
    kept += keptMagnitude(strip, solved);
    yield row / region.height;
  }
  return { region, mask, kept };
}

/** Returns a copy of a region of the matrix, edits included. */
export function regionOf(base: Tensor, region: Region, edits: readonly Edit[]): Tensor {
  const inside = edits.filter(
    ([row, column]) =>
      row >= region.row &&
      row < region.row + region.height &&
      column >= region.column &&
      column < region.column + region.width,
  );
  return withEdits(
    tileOf(base, [region.row, region.column], [region.height, region.width]),
    inside.map(([row, column, value]) => [row - region.row, column - region.column, value]),
  );
}

/** Consecutive rows of a matrix, not copied. */
function rowsOf<T extends Tensor | Mask>(matrix: T, row: number, height: number): T {
  const columns = matrix.shape[1] as number;
  return { ...matrix, data: matrix.data.subarray(row * columns, (row + height) * columns), shape: [height, columns] };
}

/**
 * The sum of all magnitudes, and the one that is drawn with full strength: the largest, but at most five times the mean,
 * so that one outlier among millions does not make all others pale.
 */
function* measure(weights: Tensor): Generator<number, { total: number; scale: number }> {
  const { data } = weights;
  let [total, largest] = [0, 0];
  for (let start = 0; start < data.length; start += 2 ** 18) {
    const end = Math.min(data.length, start + 2 ** 18);
    for (let i = start; i < end; i++) {
      const magnitude = Math.abs(data[i] as number);
      total += magnitude;
      if (magnitude > largest) largest = magnitude;
    }
    yield (0.1 * end) / data.length;
  }
  return { total, scale: Math.min(largest, (5 * total) / data.length) };
}
