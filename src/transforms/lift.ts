import { DtypeError, ShapeError, ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import { joinHaar, joinLeGall, splitHaar, splitLeGall } from "./lifting-steps.js";
import { checkLineAxis, type LineTransform, transformLines } from "./lines.js";

/** An integer wavelet: `haar` is the S-transform, `5/3` the reversible filter of JPEG 2000 (LeGall). */
export type LiftingScheme = "haar" | "5/3";

/** Options of {@link lift} and {@link unlift}. */
export interface LiftOptions {
  /** Default `haar`. */
  readonly scheme?: LiftingScheme;
  /** Which axis is split; negative ones count from the back; default -1. */
  readonly axis?: number;
}

/** The two halves of a signal of integers. */
export interface LiftBands {
  /** The low-pass half: ⌈n / 2⌉ values along the axis. */
  readonly approximation: Tensor<"int32">;
  /** The high-pass half: ⌊n / 2⌋ values along the axis. */
  readonly detail: Tensor<"int32">;
}

/** The dtypes of integers. */
export type Integer = "bool" | "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32";

const schemes = {
  haar: { split: splitHaar, join: joinHaar },
  "5/3": { split: splitLeGall, join: joinLeGall },
} as const;

/**
 * Returns the two halves of a signal of integers along an axis, as integers from which {@link unlift} makes the signal
 * again, bit for bit. Any length >= 1; `5/3` mirrors the ends (each end value once), `haar` leaves the last value of an
 * odd signal as it is.
 * @param signal an integer dtype, every magnitude below 2^30, so that the halves fit int32
 * @throws DtypeError for a float dtype; ValueError for a larger magnitude or an unknown scheme; ShapeError for an axis
 *   outside the rank or without elements
 * @see haar: d = x₀ - x₁, s = ⌊(x₀ + x₁) / 2⌋. 5/3: d_k = x_2k+1 - ⌊(x_2k + x_2k+2) / 2⌋, s_k = x_2k + ⌊(d_k-1 + d_k + 2)
 *   / 4⌋; Calderbank et al. 1998, Wavelet transforms that map integers to integers
 * @example lift(tensor.from([5, 2, 7], { dtype: "int16" })).detail.data // 3
 */
export function lift(signal: Tensor<Integer>, options: LiftOptions = {}): LiftBands {
  checkInteger("lift", signal);
  const { split } = checkScheme("lift", options.scheme ?? "haar");
  const { data } = signal;
  for (let i = 0; i < data.length; i++) {
    if (Math.abs(data[i] as number) >= 2 ** 30) {
      throw new ValueError(`lift: value ${data[i]} at position ${i}, expected magnitudes below 2^30`);
    }
  }
  const axis = checkLineAxis("lift", signal, options.axis ?? -1);
  const length = signal.shape[axis] as number;
  const lengths = [Math.ceil(length / 2), Math.floor(length / 2)];
  const transform: LineTransform = ([line], [low, high]) =>
    split(line as Float64Array, low as Float64Array, high as Float64Array);
  const [approximation, detail] = transformLines([signal], axis, lengths, "int32", transform);
  return { approximation, detail } as LiftBands;
}

/**
 * Returns the signal whose halves these are, exactly, as int32.
 * @param bands of integer dtypes; along the axis, `detail` has as many values as `approximation` or one less
 * @throws DtypeError for a float dtype; ShapeError for shapes that are no two halves; ValueError for an unknown scheme, or
 *   halves whose signal does not fit int32 (none that {@link lift} made)
 * @see the steps of {@link lift}, backwards
 * @example unlift(lift(signal, { scheme: "5/3" }), { scheme: "5/3" }) // signal
 */
export function unlift(bands: LiftBands, options: LiftOptions = {}): Tensor<"int32"> {
  const { approximation, detail } = bands;
  checkInteger("unlift", approximation);
  checkInteger("unlift", detail);
  const { join } = checkScheme("unlift", options.scheme ?? "haar");
  const axis = checkLineAxis("unlift", approximation, options.axis ?? -1);
  const half = approximation.shape[axis] as number;
  const length = half + (detail.shape[axis] ?? 0);
  const expected = approximation.shape.map((side, at) => (at === axis ? detail.shape[axis] : side));
  if (String(detail.shape) !== String(expected) || Math.ceil(length / 2) !== half) {
    const shapes = `[${approximation.shape.join(", ")}] and [${detail.shape.join(", ")}]`;
    throw new ShapeError(`unlift: shapes ${shapes}, expected two halves along axis ${axis}`);
  }
  const transform: LineTransform = ([low, high], [line]) => {
    join(low as Float64Array, high as Float64Array, line as Float64Array);
    for (const value of line as Float64Array) {
      if (value !== (value | 0)) throw new ValueError(`unlift: value ${value} of the signal, expected int32`);
    }
  };
  return transformLines([approximation, detail], axis, [length], "int32", transform)[0] as Tensor<"int32">;
}

function checkInteger(caller: string, { dtype }: Tensor): void {
  if (!/^(bool|u?int\d+)$/.test(dtype)) {
    throw new DtypeError(`${caller}: dtype ${String(dtype)}, expected integers`);
  }
}

function checkScheme(caller: string, scheme: LiftingScheme): (typeof schemes)[LiftingScheme] {
  if (!Object.hasOwn(schemes, scheme)) {
    throw new ValueError(`${caller}: scheme ${JSON.stringify(scheme)}, expected "haar" or "5/3"`);
  }
  return schemes[scheme];
}
