/** The contract of the mask widget: what its kernel half and its view agree on. */
import { ShapeError, ValueError } from "../../src/errors.js";
import { from, isTensor, type NestedArray, type Tensor } from "../../src/tensor/index.js";
import { cropOf, decodeCropped, encodeCropped, type Place } from "../lib/crop.js";
import type { Trait, WidgetSpec } from "../lib/spec.js";
import { bool, int, oneOf, pair, tensor } from "../lib/traits.js";
import { type Edit, type MaskKind, maskKinds, maxTileSide } from "./compute.js";

/** The values of a mask viewer. */
export interface MaskState {
  /** The matrix: float32 or float64, finite, both sides 1..4096 and multiples of `group`. */
  weights: Tensor;
  /** Weights that were changed since, where the matrix is too large to be sent anew for each: see {@link editedInPlace}. */
  edits: readonly Edit[];
  /** Weights kept per group, 0..group. */
  keep: number;
  /** Neighbours per group, 1..16. */
  group: number;
  /** First row and column of the tile that is edited, multiples of `group`. */
  tile: readonly [number, number];
  /** Which mask is drawn on the weights. */
  shown: MaskKind;
  /** Whether the transposed matrix is shown; the masks stay those of the matrix itself. */
  transposed: boolean;
}

/** The longest side of a matrix that is shown. */
export const maxSide = 4096;

/** Above this many bytes a matrix stays as it is when a weight is edited, and the edit is sent beside it. */
export const editedWhole: number = 2 ** 20;

/** Whether an edited weight is sent as an edit, not as a new matrix. */
export function editedInPlace(weights: Tensor): boolean {
  return weights.data.byteLength > editedWhole || cropOf(weights) !== undefined;
}

/** The longest side of the part that is saved of a matrix which is too large to be saved. */
const savedSide = 512;

/** Which part that is: the groups around the tile. */
function savedPlace({ shape }: Tensor, { group, tile }: Pick<MaskState, "group" | "tile">): Place {
  const sides = shape.map((side) => Math.min(side, savedSide - (savedSide % group)));
  const start = sides.map((side, axis) => {
    const centred = Math.floor(((tile[axis] ?? 0) - side / 2) / group) * group;
    return Math.max(0, Math.min((shape[axis] as number) - side, centred));
  });
  return { start: start as [number, number], shape: sides as [number, number] };
}

const edits: Trait<readonly Edit[]> = {
  initial: () => [],
  expects: "a list of [row, column, value] with whole numbers from 0 and a finite value",
  accept: (value) => {
    if (!Array.isArray(value)) return undefined;
    const valid = value.every(
      (edit: unknown) =>
        Array.isArray(edit) &&
        edit.length === 3 &&
        edit.every((part) => Number.isFinite(part)) &&
        [edit[0], edit[1]].every((place) => Number.isInteger(place) && place >= 0),
    );
    return valid ? (value as readonly Edit[]) : undefined;
  },
};

/** The 8 x 8 sample that is shown when no weights are given. */
function sample(): Tensor {
  // Weyl's sequence of the golden ratio: spread out, and different in every row.
  const data = Float32Array.from({ length: 64 }, (_, i) => Math.round((((i + 1) * 0.618034) % 1) * 400 - 200) / 100);
  return { data, shape: [8, 8], dtype: "float32" };
}

function acceptWeights(value: unknown): Tensor | undefined {
  let matrix: Tensor;
  if (isTensor(value)) matrix = value;
  else if (Array.isArray(value)) matrix = fromArrays(value) as Tensor;
  else return undefined;
  if (matrix?.shape.length !== 2 || matrix.shape.some((side) => side < 1 || side > maxSide)) return undefined;
  // A loop, because a callback for each of 16 million weights takes long.
  for (let i = 0; i < matrix.data.length; i++) if (!Number.isFinite(matrix.data[i])) return undefined;
  if (matrix.dtype === "float32" || matrix.dtype === "float64") return matrix;
  return { data: Float32Array.from(matrix.data), shape: matrix.shape, dtype: "float32" };
}

function fromArrays(value: unknown[]): Tensor | undefined {
  try {
    return from(value as NestedArray);
  } catch {
    return undefined;
  }
}

/** Both halves use it: the kernel half to check and send, the view to read and write. */
export const maskSpec: WidgetSpec<MaskState> = {
  name: "MaskViewer",
  model: { module: "lowbit", version: "^0.1.0", name: "MaskModel" },
  view: { module: "lowbit", version: "^0.1.0", name: "MaskView" },
  traits: {
    weights: {
      ...tensor(sample),
      expects: `a matrix of finite weights, sides 1..${maxSide} (a tensor, or rows of numbers)`,
      accept: acceptWeights,
      encode: (weights, state) =>
        encodeCropped(weights, savedPlace(weights, { group: 4, tile: [0, 0], ...(state as Partial<MaskState>) })),
      decode: decodeCropped,
    },
    edits,
    keep: int(2),
    group: int(4),
    tile: pair(int(0), [0, 0]),
    shown: oneOf<MaskKind>(maskKinds, "transposable"),
    transposed: bool(false),
  },
};

/**
 * Checks what no single value shows: that weights and pattern fit each other.
 * @throws ValueError for a group outside 1..16, a keep outside 0..group, or an edit beside the matrix
 * @throws ShapeError when group does not divide both sides
 */
export function checkMaskState({ weights, keep, group, edits }: MaskState): void {
  if (!Number.isInteger(group) || group < 1 || group > maxTileSide) {
    throw new ValueError(`MaskViewer.group: ${group}, expected a whole number 1..${maxTileSide}`);
  }
  if (!Number.isInteger(keep) || keep < 0 || keep > group) {
    throw new ValueError(`MaskViewer.keep: ${keep}, expected a whole number 0..${group} (group = ${group})`);
  }
  if (weights.shape.some((side) => side % group !== 0)) {
    const shape = weights.shape.join(", ");
    throw new ShapeError(`MaskViewer.weights: shape [${shape}], expected sides that are multiples of group = ${group}`);
  }
  const [rows, columns] = weights.shape as [number, number];
  const beside = edits.find(([row, column]) => row >= rows || column >= columns);
  if (beside !== undefined) {
    throw new ValueError(
      `MaskViewer.edits: [${beside.join(", ")}], expected a place in the ${rows} x ${columns} matrix`,
    );
  }
}
