import { ShapeError } from "../errors.js";
import { allocate } from "../tensor/data.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import { outOf } from "../tensor/out.js";
import type { Tensor } from "../tensor/types.js";
import { fastMix } from "./klt-fast.js";
import { putSlab, type Slab, slabsOf } from "./slabs.js";

/** The Karhunen–Loève transform (PCA) over the channels of feature maps. */
export interface Klt {
  /** Shape [channels]: the mean of each channel, in the unit of the maps. */
  readonly mean: Tensor<"float64">;
  /** Shape [channels, components]: orthonormal columns, the component of the largest variance first. */
  readonly basis: Tensor<"float64">;
  /** Shape [components]: the variance of each component, descending, >= 0, in the square of the unit. */
  readonly variances: Tensor<"float64">;
}

/** Returns batch, channels and how many values each map has. */
export function sidesOf(caller: string, { shape }: Tensor): [number, number, number] {
  const [batch, channels, ...rest] = shape;
  if (batch === undefined || channels === undefined) {
    throw new ShapeError(`${caller}: shape [${shape.join(", ")}], expected [batch, channels, ...]`);
  }
  return [batch, channels, rest.reduce((product, side) => product * side, 1)];
}

/** Returns the transform itself. @throws ShapeError when the sides of mean and basis do not agree */
export function checkKlt(caller: string, transform: Klt): Klt {
  const { mean, basis } = transform;
  if (mean.shape.length !== 1 || basis.shape.length !== 2 || mean.shape[0] !== basis.shape[0]) {
    const shapes = `mean [${mean.shape.join(", ")}] and basis [${basis.shape.join(", ")}]`;
    throw new ShapeError(`${caller}: ${shapes}, expected [channels] and [channels, components]`);
  }
  return transform;
}

/** How channels are mixed. */
export interface Mix {
  /** Taken from each channel before it is weighed. */
  readonly before?: Float64Array | undefined;
  /** Added to each result. */
  readonly after?: Float64Array | undefined;
  readonly weight: (to: number, from: number) => number;
}

/** Of which dtype the result is, and where it is written. */
export interface MixOptions<D extends Float> {
  /** Default that of the maps. */
  readonly dtype?: D;
  /** Default a new tensor. */
  readonly out?: Tensor<D> | undefined;
}

/** Returns the maps with their channels replaced by weighted sums, channel after channel in ascending order. */
export function mix<D extends Float>(
  caller: string,
  maps: Tensor,
  from: number,
  to: number,
  mixture: Mix,
  options: MixOptions<D> = {},
): Tensor<D> {
  checkFloat(caller, maps);
  const [batch, channels, plane] = sidesOf(caller, maps);
  if (channels !== from) {
    throw new ShapeError(`${caller}: shape [${maps.shape.join(", ")}], expected [batch, ${from}, ...]`);
  }
  const { dtype = maps.dtype as D } = options;
  const shape = maps.shape.map((side, axis) => (axis === 1 ? to : side));
  const result = outOf(caller, options.out, dtype, shape, [maps]);
  for (const slab of slabsOf(maps, [batch, channels, plane], Math.max(1, batch))) {
    const whole = slab.plane === plane;
    const mixed = (whole ? result.data : allocate(dtype, slab.units * to * slab.plane)) as Slab["data"];
    if (!fastMix(slab, from, mixture, mixed, to)) mixSlab(slab, from, mixture, mixed, to);
    if (!whole) putSlab({ ...slab, data: mixed }, result, to, plane);
  }
  return result;
}

/** Mixes in plain TypeScript. */
function mixSlab({ data, units, plane }: Slab, from: number, mixture: Mix, out: Slab["data"], to: number): void {
  const { before, after, weight } = mixture;
  const sums = new Float64Array(plane);
  for (let b = 0; b < units; b++) {
    for (let k = 0; k < to; k++) {
      sums.fill(0);
      for (let c = 0; c < from; c++) {
        const start = (b * from + c) * plane;
        const [factor, shift] = [weight(k, c), before?.[c] ?? 0];
        for (let i = 0; i < plane; i++) sums[i] = (sums[i] as number) + factor * ((data[start + i] as number) - shift);
      }
      const shift = after?.[k] ?? 0;
      for (let i = 0; i < plane; i++) out[(b * to + k) * plane + i] = (sums[i] as number) + shift;
    }
  }
}
