/** What the landscape widget shows, computed from its state; the same functions in the kernel, the view and tests. */
import { exp, log } from "../../src/math/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { type ContourLine, contourLines, contourRegions, type Grid } from "./compute-contours.js";

/** A path over the landscape: at each point x, y, and the height. */
export type Path = readonly (readonly [x: number, y: number, z: number])[];

/** A grid with its axes, ready to be drawn. */
export interface Field {
  /** Heights as they are drawn, that is, log10 of the loss on a logarithmic scale; NaN is a gap. */
  readonly grid: Grid;
  /** Coordinates of the columns and of the rows, rising. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** In the heights of `grid`. */
  readonly path: Path;
  /** How many nodes are gaps. */
  readonly gaps: number;
}

/** The contours of one field: the same levels for all fields that are compared. */
export interface Contours {
  readonly level: number;
  readonly lines: readonly ContourLine[];
  readonly region: readonly ContourLine[];
}

/** What is asked for: one grid or two of one shape, and what they share. */
export interface LandscapeInput {
  readonly z: Tensor;
  readonly other: Tensor | null;
  readonly x: Tensor | null;
  readonly y: Tensor | null;
  /** Shape [points, 2 or 3]: x, y and, if there, the loss. */
  readonly trajectory: Tensor | null;
  readonly log: boolean;
}

/** The fields with the range of heights that they share. */
export interface Landscape {
  readonly fields: readonly Field[];
  readonly low: number;
  readonly high: number;
}

/** Azimuth and elevation in degrees, and the distance in sizes of the box. */
export type Camera = readonly [azimuth: number, elevation: number, distance: number];

/** Where the camera is at first. */
export const firstCamera: Camera = [-60, 32, 2.5];

/**
 * Returns the landscape that is shown when none is given: 64 x 48 heights of a bent valley, and the path of gradient
 * descent with momentum over it.
 */
export function sampleLandscape(): Required<Pick<LandscapeInput, "x" | "y" | "z" | "trajectory">> {
  const [rows, columns] = [64, 48];
  const x = Float64Array.from({ length: columns }, (_, j) => -1.5 + (3 * j) / (columns - 1));
  const y = Float64Array.from({ length: rows }, (_, i) => -1 + (3 * i) / (rows - 1));
  const z = Float64Array.from({ length: rows * columns }, (_, n) =>
    valley(x[n % columns] as number, y[Math.floor(n / columns)] as number),
  );
  const points = descend([-1.25, 1.75], 60);
  return {
    x: { data: x, shape: [columns], dtype: "float64" },
    y: { data: y, shape: [rows], dtype: "float64" },
    z: { data: z, shape: [rows, columns], dtype: "float64" },
    trajectory: { data: Float64Array.from(points.flat()), shape: [points.length, 3], dtype: "float64" },
  };
}

function valley(x: number, y: number): number {
  return 0.05 + (1 - x) ** 2 * 0.25 + 1.5 * (y - x * x) ** 2;
}

function descend([x0, y0]: readonly [number, number], steps: number): [number, number, number][] {
  let [x, y, vx, vy] = [x0, y0, 0, 0];
  const points: [number, number, number][] = [[x, y, valley(x, y)]];
  for (let i = 0; i < steps; i++) {
    const bend = 3 * (y - x * x);
    vx = 0.8 * vx - 0.05 * (-0.5 * (1 - x) - 2 * x * bend);
    vy = 0.8 * vy - 0.05 * bend;
    [x, y] = [x + vx, y + vy];
    points.push([x, y, valley(x, y)]);
  }
  return points;
}

/**
 * Returns what is drawn of a state. On a logarithmic scale losses that are not positive are gaps, as those are that are
 * not finite.
 * @example landscapeOf({ ...sampleLandscape(), other: null, log: true }).fields[0].gaps // 0
 */
export function landscapeOf(input: LandscapeInput): Landscape {
  const grids = input.other === null ? [input.z] : [input.z, input.other];
  const fields = grids.map((grid) => fieldOf(grid, input));
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { grid } of fields) {
    for (let n = 0; n < grid.heights.length; n++) {
      const value = grid.heights[n] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? { fields, low, high } : { fields, low: 0, high: 0 };
}

function fieldOf({ data, shape }: Tensor, { x, y, trajectory, log: logarithmic }: LandscapeInput): Field {
  const [rows, columns] = shape as [number, number];
  const heights = Float64Array.from(data, (value) => heightOf(value, logarithmic));
  const places = (axis: Tensor | null, length: number): Float64Array =>
    axis === null ? Float64Array.from({ length }, (_, n) => n) : Float64Array.from(axis.data);
  const field = { grid: { heights, rows, columns }, x: places(x, columns), y: places(y, rows) };
  const gaps = heights.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  return { ...field, gaps, path: pathOf(trajectory, field, logarithmic) };
}

/** The height of a loss; NaN when it has none. */
export function heightOf(loss: number, logarithmic: boolean): number {
  if (!Number.isFinite(loss) || (logarithmic && loss <= 0)) return Number.NaN;
  return logarithmic ? log(loss) / Math.LN10 : loss;
}

/** The loss of a height. */
export function lossOf(height: number, logarithmic: boolean): number {
  return logarithmic ? exp(height * Math.LN10) : height;
}

function pathOf(trajectory: Tensor | null, field: Pick<Field, "grid" | "x" | "y">, logarithmic: boolean): Path {
  if (trajectory === null) return [];
  const [count, parts] = trajectory.shape as [number, number];
  return Array.from({ length: count }, (_, n): [number, number, number] => {
    const [x, y, z] = trajectory.data.slice(n * parts, (n + 1) * parts) as unknown as [number, number, number?];
    return [x, y, z === undefined ? heightAt(field, x, y) : heightOf(z, logarithmic)];
  });
}

/**
 * Returns the height at a place, interpolated between the four nodes around it; NaN beside the grid and at gaps.
 * @example heightAt(field, 0.25, -1)
 */
export function heightAt({ grid, x, y }: Pick<Field, "grid" | "x" | "y">, across: number, up: number): number {
  const [column, row] = [placeIn(x, across), placeIn(y, up)];
  if (Number.isNaN(column + row)) return Number.NaN;
  const [j, i] = [Math.min(grid.columns - 2, Math.floor(column)), Math.min(grid.rows - 2, Math.floor(row))];
  const [s, t] = [column - j, row - i];
  // A node that does not count may have no height.
  const part = (share: number, r: number, c: number): number =>
    share === 0 ? 0 : share * (grid.heights[r * grid.columns + c] as number);
  const upper = part((1 - t) * (1 - s), i, j) + part((1 - t) * s, i, j + 1);
  return upper + part(t * (1 - s), i + 1, j) + part(t * s, i + 1, j + 1);
}

/** The index, with a fraction, of a coordinate on a rising axis; NaN beside it. */
export function placeIn(axis: ArrayLike<number>, value: number): number {
  const last = axis.length - 1;
  if (!(value >= (axis[0] as number) && value <= (axis[last] as number))) return Number.NaN;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((axis[middle] as number) <= value) low = middle;
    else high = middle;
  }
  const [from, to] = [axis[low] as number, axis[high] as number];
  return low + (to > from ? (value - from) / (to - from) : 0);
}

/** Returns the coordinate at an index with a fraction; beyond the ends that of the end. */
export function coordinateAt(axis: ArrayLike<number>, place: number): number {
  const inside = Math.min(axis.length - 1, Math.max(0, place));
  const below = Math.min(axis.length - 2, Math.floor(inside));
  const [from, to] = [axis[below] as number, axis[below + 1] as number];
  return from + (to - from) * (inside - below);
}

/** Returns about `count` round heights between the lowest and the highest, at steps of 1, 2 or 5 times a power of ten. */
export function levelsOf({ low, high }: Pick<Landscape, "low" | "high">, count: number): number[] {
  if (!(high > low)) return [];
  const power = 10 ** Math.floor(Math.log10((high - low) / (count + 1)));
  const choices = [1, 2, 5, 10].map((factor) => multiplesWithin(low, high, factor * power));
  return choices.reduce((a, b) => (Math.abs(b.length - count) < Math.abs(a.length - count) ? b : a));
}

function multiplesWithin(low: number, high: number, step: number): number[] {
  const multiples: number[] = [];
  for (let n = Math.floor(low / step) + 1; n * step < high; n++) multiples.push(Number((n * step).toPrecision(12)));
  return multiples;
}

/** Returns the contours of every field at the levels, lowest first; the first is the region that has heights at all. */
export function contoursOf({ fields, low }: Landscape, levels: readonly number[]): Contours[][] {
  return fields.map(({ grid }) => [
    { level: low, lines: [], region: contourRegions(grid, low) },
    ...levels.map((level) => ({ level, lines: contourLines(grid, level), region: contourRegions(grid, level) })),
  ]);
}

/** Returns where the eye is, in sizes of the box around its middle. */
export function eyeOf([azimuth, elevation, distance]: Camera): { x: number; y: number; z: number } {
  const [turn, rise] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
  return {
    x: distance * Math.cos(rise) * Math.cos(turn),
    y: distance * Math.cos(rise) * Math.sin(turn),
    z: distance * Math.sin(rise),
  };
}

/** Undoes {@link eyeOf}, with each part in its range. */
export function cameraOf({ x, y, z }: { readonly x: number; readonly y: number; readonly z: number }): Camera {
  const distance = Math.hypot(x, y, z);
  if (!(distance > 0 && Number.isFinite(distance))) return firstCamera;
  const degrees = 180 / Math.PI;
  return inRange([Math.atan2(y, x) * degrees, Math.asin(z / distance) * degrees, distance]);
}

/** Returns the camera with azimuth -180..180, elevation -89..89 and distance 0.6..6, rounded to a thousandth. */
export function inRange([azimuth, elevation, distance]: Camera): Camera {
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  const turned = ((((azimuth + 180) % 360) + 360) % 360) - 180;
  return [round(turned), round(Math.min(89, Math.max(-89, elevation))), round(Math.min(6, Math.max(0.6, distance)))];
}
