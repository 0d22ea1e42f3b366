/** The contract of the landscape widget: what its kernel half and its view agree on. */
import { ShapeError } from "../../src/errors.js";
import { from, isTensor, type NestedArray, type Tensor } from "../../src/tensor/index.js";
import type { Trait, WidgetSpec } from "../lib/spec.js";
import { decodeTensor, encodeTensor } from "../lib/tensor-codec.js";
import { bool, int, nullable, oneOf, string } from "../lib/traits.js";
import { type Camera, firstCamera, inRange } from "./compute.js";

/** What is drawn of the landscape. */
export type LandscapePart = "both" | "surface" | "contour";

/** The values of a landscape. */
export interface LossLandscapeState {
  /** Losses [rows, columns], sides 2..201; what is not finite is a gap. Null: a sample with its axes and a path. */
  z: Tensor | null;
  /** Another grid of the same shape, shown beside the first with the same colours and camera; or null. */
  other: Tensor | null;
  /** Coordinates of the columns, rising; null: 0, 1, 2, … */
  x: Tensor | null;
  /** Coordinates of the rows, rising; null: 0, 1, 2, … */
  y: Tensor | null;
  /** Points [points, 2 or 3]: x, y and, if there, the loss; drawn on both pictures. */
  trajectory: Tensor | null;
  /** Names of the axes, with units. */
  x_label: string;
  y_label: string;
  z_label: string;
  /** What each grid is called. */
  title: string;
  other_title: string;
  /** Whether the losses are drawn on a logarithmic scale. */
  log: boolean;
  /** About how many contours, 3..40. */
  levels: number;
  shown: LandscapePart;
  /** Azimuth and elevation in degrees, and the distance in sizes of the box. */
  camera: Camera;
}

/** The longest side of a grid. */
export const maxSide = 201;
/** The longest path. */
export const maxPoints = 10_000;

function numbers(value: unknown): Tensor | undefined {
  if (isTensor(value)) return value;
  if (!Array.isArray(value)) return undefined;
  try {
    return from(value as NestedArray, { dtype: "float64" });
  } catch {
    return undefined;
  }
}

/** A tensor or lists of numbers that `allow` takes; null by default. */
function tensorOrNull(expects: string, allow: (value: Tensor) => boolean): Trait<Tensor | null> {
  return nullable<Tensor>({
    expects,
    initial: () => ({ data: new Float64Array(0), shape: [0], dtype: "float64" }),
    accept: (value) => {
      const tensor = numbers(value);
      return tensor !== undefined && allow(tensor) ? tensor : undefined;
    },
    encode: (value) => encodeTensor(value),
    decode: decodeTensor,
  });
}

const grid: Trait<Tensor | null> = tensorOrNull(
  `a matrix of losses, sides 2..${maxSide}, one of them finite at least`,
  ({ data, shape }) =>
    shape.length === 2 && shape.every((side) => side >= 2 && side <= maxSide) && Array.from(data).some(Number.isFinite),
);

const axis: Trait<Tensor | null> = tensorOrNull("rising finite numbers", ({ data, shape }) => {
  if (shape.length !== 1) return false;
  return Array.from(data).every(
    (value, n, all) => Number.isFinite(value) && (n === 0 || value > (all[n - 1] as number)),
  );
});

const path: Trait<Tensor | null> = tensorOrNull(
  `finite points [points, 2 or 3], ${maxPoints} at most`,
  ({ data, shape }) =>
    shape.length === 2 &&
    (shape[0] as number) >= 1 &&
    (shape[0] as number) <= maxPoints &&
    (shape[1] === 2 || shape[1] === 3) &&
    Array.from(data).every(Number.isFinite),
);

const camera: Trait<Camera> = {
  initial: () => firstCamera,
  expects: "three finite numbers: azimuth and elevation in degrees, and a distance",
  accept: (value) =>
    Array.isArray(value) && value.length === 3 && value.every(Number.isFinite)
      ? inRange(value as unknown as Camera)
      : undefined,
};

const levels: Trait<number> = {
  ...int(12),
  expects: "a whole number 3..40",
  accept: (value) =>
    Number.isInteger(value) && (value as number) >= 3 && (value as number) <= 40 ? (value as number) : undefined,
};

/** Both halves use it: the kernel half to check and send, the view to read and write. */
export const lossLandscapeSpec: WidgetSpec<LossLandscapeState> = {
  name: "LossLandscape",
  model: { module: "lowbit", version: "^0.1.0", name: "LossLandscapeModel" },
  view: { module: "lowbit", version: "^0.1.0", name: "LossLandscapeView" },
  traits: {
    z: grid,
    other: grid,
    x: axis,
    y: axis,
    trajectory: path,
    x_label: string("x"),
    y_label: string("y"),
    z_label: string("loss"),
    title: string(""),
    other_title: string(""),
    log: bool(false),
    levels,
    shown: oneOf<LandscapePart>(["both", "surface", "contour"], "both"),
    camera,
  },
};

/**
 * Checks what no single value shows: that axes and the second grid fit the first.
 * @throws ShapeError when they do not
 */
export function checkLandscapeState({ z, other, x, y }: LossLandscapeState): void {
  const [rows, columns] = (z?.shape ?? [64, 48]) as [number, number];
  if (other !== null && (other.shape[0] !== rows || other.shape[1] !== columns)) {
    throw new ShapeError(
      `LossLandscape.other: shape [${other.shape.join(", ")}], expected [${rows}, ${columns}] as the first grid has`,
    );
  }
  for (const [name, values, length] of [
    ["x", x, columns],
    ["y", y, rows],
  ] as const) {
    if (values !== null && values.shape[0] !== length) {
      throw new ShapeError(
        `LossLandscape.${name}: ${values.shape[0]} values, expected ${length} for [${rows}, ${columns}]`,
      );
    }
  }
}
