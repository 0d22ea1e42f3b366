import { ValueError } from "../errors.js";
import { cosPi } from "../math/cos-pi.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { checkLineAxis, transformLines } from "./lines.js";

/** The two cosine transforms that are each other's inverse. */
export type DctType = 2 | 3;

/** Options of {@link dct} and {@link idct}. */
export interface DctOptions {
  /** Default 2. */
  readonly type?: DctType;
  /** Which axis is transformed; negative ones count from the back; default -1. */
  readonly axis?: number;
}

/** Options of {@link dctn} and {@link idctn}. */
export interface DctnOptions {
  /** Default 2. */
  readonly type?: DctType;
  /** Which axes are transformed, one after the other; default the last two: an image. */
  readonly axes?: readonly number[];
}

/**
 * Returns the discrete cosine transform of every line along an axis, of type II or III, with the factors that make it
 * orthonormal. Type III is the inverse of type II. Sums are float64 in ascending order, rounded once to the dtype; the
 * cosines have the same bits on every engine. NaN and infinities spread over their line. n² products for a line of n.
 * @param signal float32 or float64, at least one value along the axis
 * @throws DtypeError for an integer dtype; ShapeError for an axis outside the rank or without elements; ValueError for
 *   another type
 * @see X_k = c_k Σ_i x_i cos(π (2i + 1) k / 2n), c_0 = √(1/n), c_k = √(2/n); Ahmed, Natarajan and Rao 1974, Discrete cosine
 *   transform
 * @example dct(tensor.from([1, 1, 1, 1])).data // 2, 0, 0, 0
 */
export function dct<D extends Float>(signal: Tensor<D>, options: DctOptions = {}): Tensor<D> {
  const type = checkType("dct", options.type ?? 2);
  return cosines("dct", signal, [options.axis ?? -1], type);
}

/**
 * Returns the inverse of {@link dct} of the same type: the transform of the other type.
 * @throws DtypeError for an integer dtype; ShapeError for an axis outside the rank or without elements; ValueError for
 *   another type
 * @example idct(dct(x)) // x, up to rounding
 */
export function idct<D extends Float>(coefficients: Tensor<D>, options: DctOptions = {}): Tensor<D> {
  const type = checkType("idct", options.type ?? 2);
  return cosines("idct", coefficients, [options.axis ?? -1], type === 2 ? 3 : 2);
}

/**
 * Returns the discrete cosine transform along several axes, as JPEG's of an image. As {@link dct}; between the axes nothing
 * is rounded to float32.
 * @param images float32 or float64; by default shape [..., rows, columns]
 * @throws DtypeError for an integer dtype; ShapeError for an axis outside the rank or without elements; ValueError for
 *   another type, or the same axis twice
 * @see SciPy's dctn with norm="ortho"
 * @example dctn(tensor.full([8, 8], 1)).data[0] // 8
 */
export function dctn<D extends Float>(images: Tensor<D>, options: DctnOptions = {}): Tensor<D> {
  const type = checkType("dctn", options.type ?? 2);
  return cosines("dctn", images, options.axes ?? [-2, -1], type);
}

/**
 * Returns the inverse of {@link dctn} of the same type.
 * @throws DtypeError for an integer dtype; ShapeError for an axis outside the rank or without elements; ValueError for
 *   another type, or the same axis twice
 * @example idctn(dctn(images)) // images, up to rounding
 */
export function idctn<D extends Float>(coefficients: Tensor<D>, options: DctnOptions = {}): Tensor<D> {
  const type = checkType("idctn", options.type ?? 2);
  return cosines("idctn", coefficients, options.axes ?? [-2, -1], type === 2 ? 3 : 2);
}

function cosines<D extends Float>(caller: string, input: Tensor<D>, axes: readonly number[], type: DctType): Tensor<D> {
  checkFloat(caller, input);
  const fronts = axes.map((axis) => checkLineAxis(caller, input, axis));
  if (new Set(fronts).size !== axes.length || axes.length === 0) {
    throw new ValueError(`${caller}: axes [${axes.join(", ")}], expected at least one, and none twice`);
  }
  let result: Tensor = input;
  fronts.forEach((axis, i) => {
    const length = input.shape[axis] as number;
    const table = cosineTable(length);
    const run = type === 2 ? toFrequencies : fromFrequencies;
    const dtype = i === fronts.length - 1 ? input.dtype : "float64";
    [result] = transformLines([result], axis, [length], dtype, ([line], [output]) =>
      run(line as Float64Array, output as Float64Array, table),
    ) as [Tensor];
  });
  return result as Tensor<D>;
}

/** √(2/n) cos(π m / 2n) for m = 0..4n-1: the angle (2i + 1) k is reduced to m exactly. */
function cosineTable(length: number): Float64Array {
  const factor = Math.sqrt(2 / length);
  return Float64Array.from({ length: 4 * length }, (_, m) => factor * cosPi(m / (2 * length)));
}

function toFrequencies(line: Float64Array, output: Float64Array, table: Float64Array): void {
  for (let k = 0; k < output.length; k++) {
    let sum = 0;
    // The angle grows by 2k from value to value.
    for (let i = 0, m = k; i < line.length; i++, m = (m + 2 * k) % table.length) {
      sum += (line[i] as number) * (table[m] as number);
    }
    output[k] = k === 0 ? sum * Math.SQRT1_2 : sum;
  }
}

function fromFrequencies(line: Float64Array, output: Float64Array, table: Float64Array): void {
  for (let i = 0; i < output.length; i++) {
    const step = 2 * i + 1;
    let sum = (line[0] as number) * (table[0] as number) * Math.SQRT1_2;
    for (let k = 1, m = step; k < line.length; k++, m = (m + step) % table.length) {
      sum += (line[k] as number) * (table[m] as number);
    }
    output[i] = sum;
  }
}

function checkType(caller: string, type: DctType): DctType {
  if (type !== 2 && type !== 3) throw new ValueError(`${caller}: type ${String(type)}, expected 2 or 3`);
  return type;
}
