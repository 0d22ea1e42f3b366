/** What the mask widget shows, computed from its state; the same functions in the kernel, in the view and in tests. */
import {
  isNm,
  keptMagnitude,
  type MaskDiversity,
  maskDiversity,
  type NmPattern,
  nmMask,
  transposableMask,
  unstructuredMask,
} from "../../src/sparsity/index.js";
import type { Mask, Tensor } from "../../src/tensor/index.js";

/** The masks that are compared: the bound of the same density, rows alone, the optimum, and both greedy methods. */
export type MaskKind = "unstructured" | "row" | "transposable" | "greedy-keep" | "greedy-prune";

/** All kinds, in the order in which they are shown. */
export const maskKinds: readonly MaskKind[] = ["unstructured", "row", "transposable", "greedy-keep", "greedy-prune"];

/** What each kind is called. */
export const maskNames: Readonly<Record<MaskKind, string>> = {
  unstructured: "Unstructured bound",
  row: "Row-wise",
  transposable: "Transposable optimum",
  "greedy-keep": "Greedy-keep",
  "greedy-prune": "Greedy-prune",
};

/** One mask, judged. */
export interface MaskReport {
  readonly kind: MaskKind;
  readonly mask: Mask;
  /** Sum of the kept magnitudes, in the unit of the weights. */
  readonly kept: number;
  /** `kept` as a share of the total magnitude, 0..1; 1 when all weights are zero. */
  readonly share: number;
  /** `kept` as a share of what the unstructured mask keeps, 0..1; 1 when that is zero. */
  readonly shareOfBound: number;
  /** How many weights are kept. */
  readonly entries: number;
  /** Whether every group of neighbours within a row keeps at most `keep`. */
  readonly validAlongRows: boolean;
  /** The same within columns: what the transposed matrix needs. */
  readonly validAlongColumns: boolean;
}

/** All masks of one matrix. */
export interface Analysis {
  /** Sum of all magnitudes, in the unit of the weights. */
  readonly total: number;
  /** One report per kind, in the order of {@link maskKinds}. */
  readonly masks: readonly MaskReport[];
}

/**
 * Returns the mask of one kind.
 * @throws ShapeError when group does not divide both sides; ValueError for NaN or a keep outside 0..group
 * @example maskOf("transposable", W, { keep: 2, group: 4 })
 */
export function maskOf(kind: MaskKind, weights: Tensor, pattern: Required<NmPattern>): Mask {
  if (kind === "unstructured") return unstructuredMask(weights, { density: pattern.keep / pattern.group });
  if (kind === "row") return nmMask(weights, pattern);
  return transposableMask(weights, { ...pattern, method: kind === "transposable" ? "exact" : kind });
}

/**
 * Returns every mask of a matrix with what it keeps and in which directions it is valid.
 * @throws ShapeError when group does not divide both sides; ValueError for NaN or a keep outside 0..group
 * @example analyze(W, { keep: 2, group: 4 }).masks[2].share // 0.70 for normal weights
 */
export function analyze(weights: Tensor, pattern: Required<NmPattern>): Analysis {
  const total = keptMagnitude(weights, {
    data: new Uint8Array(weights.data.length).fill(1),
    shape: weights.shape,
    dtype: "bool",
  });
  const masks = maskKinds.map((kind) => ({ kind, mask: maskOf(kind, weights, pattern) }));
  const keptOf = masks.map(({ mask }) => keptMagnitude(weights, mask));
  const bound = keptOf[0] as number;
  const reports = masks.map(({ kind, mask }, i) => {
    const kept = keptOf[i] as number;
    return {
      kind,
      mask,
      kept,
      share: total === 0 ? 1 : kept / total,
      shareOfBound: bound === 0 ? 1 : kept / bound,
      entries: mask.data.reduce((sum, bit) => sum + bit, 0),
      validAlongRows: isNm(mask, pattern),
      validAlongColumns: isNm(mask, { ...pattern, axis: 0 }),
    };
  });
  return { total, masks: reports };
}

/** The longest side of a tile that is edited. */
export const maxTileSide = 16;

/**
 * Returns the size of the tile that is edited: the whole matrix where it fits into 16 x 16, else as many groups as do.
 * @param shape [rows, columns], multiples of group; group at most 16
 * @example tileSize([512, 12], 6) // [12, 12]
 */
export function tileSize(shape: readonly number[], group: number): [number, number] {
  const longest = Math.floor(maxTileSide / group) * group;
  return [Math.min(shape[0] as number, longest), Math.min(shape[1] as number, longest)];
}

/** Returns the tile that starts at `start`, moved inside the matrix and onto a multiple of group. */
export function placeTile(shape: readonly number[], group: number, start: readonly [number, number]): [number, number] {
  const size = tileSize(shape, group);
  const place = (axis: 0 | 1): number => {
    const last = (shape[axis] as number) - size[axis];
    return Math.floor(Math.min(Math.max(start[axis], 0), last) / group) * group;
  };
  return [place(0), place(1)];
}

/** Returns the group sizes from 2 to 16 that divide both sides of the matrix. @example groupsOf([8, 12]) // [2, 4] */
export function groupsOf(shape: readonly number[]): number[] {
  const sizes: number[] = [];
  for (let group = 2; group <= maxTileSide; group++) {
    if (shape.every((side) => side % group === 0)) sizes.push(group);
  }
  return sizes;
}

/** Returns a copy of the `size` part of a matrix that starts at `start`, both [rows, columns]. */
export function tileOf<T extends Tensor>(matrix: T, start: readonly number[], size: readonly number[]): T {
  const columns = matrix.shape[1] as number;
  const [height, width] = size as [number, number];
  const data = matrix.data.slice(0, height * width);
  for (let row = 0; row < height; row++) {
    const from = ((start[0] as number) + row) * columns + (start[1] as number);
    data.set(matrix.data.subarray(from, from + width), row * width);
  }
  return { ...matrix, data, shape: [height, width] };
}

/** A weight that was changed: its row and column in the matrix, and what it is now. */
export type Edit = readonly [row: number, column: number, value: number];

/** Returns the matrix with the edits in it: a copy, or itself when there are none. */
export function withEdits<T extends Tensor>(matrix: T, edits: readonly Edit[]): T {
  if (edits.length === 0) return matrix;
  const data = matrix.data.slice();
  for (const [row, column, value] of edits) data[row * (matrix.shape[1] as number) + column] = value;
  return { ...matrix, data };
}

/** Returns the edits with one more; a later one at the same place replaces the one before. */
export function addEdit(edits: readonly Edit[], edit: Edit): readonly Edit[] {
  return [...edits.filter(([row, column]) => row !== edit[0] || column !== edit[1]), edit];
}

/** How many masks a pattern allows, ready to be shown. */
export interface DiversityRow {
  readonly label: string;
  /** The number of masks. */
  readonly count: bigint;
  /** Its decimal logarithm; 0 for a single mask. */
  readonly log10: number;
  /** "exact" is a count; "printed" is what the paper's expression gives. */
  readonly source: "exact" | "printed";
}

/**
 * Returns how many masks each pattern allows on a rows x columns matrix, the paper's printed expression beside the
 * exact count for transposable masks, and the row-wise pattern of half the group for the comparison the paper makes.
 * Slow for wide groups: about two seconds for 8 of 16.
 * @see Hubara et al. 2021, arXiv:2102.08124, mask diversity
 * @example diversityRows({ keep: 4, group: 8 }, 8, 8)[2].count // 116963796250n
 */
export function diversityRows(pattern: Required<NmPattern>, rows: number, cols: number): DiversityRow[] {
  const { keep, group } = pattern;
  const name = `${keep} of ${group}`;
  const result = [
    row("Unstructured, same density", maskDiversity({ pattern: "unstructured", ...pattern, rows, cols })),
    row(`Row-wise ${name}`, maskDiversity({ pattern: "row", ...pattern, rows, cols })),
  ];
  if (keep % 2 === 0 && group % 2 === 0 && group > 2) {
    const half = { keep: keep / 2, group: group / 2 };
    const label = `Row-wise ${half.keep} of ${half.group}`;
    result.push(row(label, maskDiversity({ pattern: "row", ...half, rows, cols })));
  }
  const transposable = maskDiversity({ pattern: "transposable", ...pattern, rows, cols });
  result.push(row(`Transposable ${name}`, transposable));
  const count = transposable.printed;
  if (count !== undefined) {
    result.push({ label: `Transposable ${name}`, count, log10: log10(count), source: "printed" });
  }
  return result;
}

function row(label: string, { exact }: MaskDiversity): DiversityRow {
  return { label, count: exact, log10: log10(exact), source: "exact" };
}

/** Returns the decimal logarithm of a positive whole number of any size, to about 15 digits. */
export function log10(count: bigint): number {
  const digits = count.toString();
  return Math.log10(Number(`0.${digits.slice(0, 18)}`)) + digits.length;
}

/** Returns a count with every digit where there are at most 9, else as a power of ten. @example "1.17e11" */
export function formatCount(count: bigint): string {
  const digits = count.toString();
  if (digits.length <= 9) return digits.replace(/\B(?=(\d{3})+$)/g, " ");
  const exponent = digits.length - 1;
  const mantissa = Number(`${digits[0]}.${digits.slice(1, 12)}`).toFixed(2);
  return mantissa === "10.00" ? `1.00e${exponent + 1}` : `${mantissa}e${exponent}`;
}

/**
 * Returns a weight in few characters, five where it can be, four with `short`.
 * @example [0.25, -1.5, 12.46, 20000].map((w) => formatWeight(w)) // [".25", "-1.50", "12.5", "2e+4"]
 */
export function formatWeight(value: number, short = false): string {
  const magnitude = Math.abs(value);
  if (Number.isInteger(value) && magnitude < 1000) return String(value);
  if (short && magnitude < 0.005) return "~0";
  if (magnitude >= 1000 || magnitude < 0.005) return value.toExponential(0);
  const digits = magnitude >= 100 ? 0 : magnitude >= (short ? 1 : 10) ? 1 : 2;
  return value.toFixed(digits).replace(/^(-?)0\./, "$1.");
}

/**
 * Returns the analysis in words: the text alternative of the picture.
 * @example describeAnalysis(analyze(W, pattern), W.shape, pattern)
 */
export function describeAnalysis(analysis: Analysis, shape: readonly number[], pattern: Required<NmPattern>): string {
  const lines = analysis.masks.map(({ kind, kept, share, entries, validAlongRows, validAlongColumns }) => {
    const directions = [validAlongRows ? "rows" : "", validAlongColumns ? "columns" : ""].filter((name) => name !== "");
    const valid = directions.length > 0 ? `valid along ${directions.join(" and ")}` : "valid in neither direction";
    return `${maskNames[kind]}: ${kept.toPrecision(4)} (${percent(share)}), ${entries} weights, ${valid}`;
  });
  const head = `Masks that keep ${pattern.keep} of ${pattern.group}, ${shape.join(" x ")} weights, total magnitude`;
  return [`${head} ${analysis.total.toPrecision(4)}`, ...lines].join("\n");
}

/** Returns a share as per cent. @example percent(0.7018) // "70.2 %" */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
