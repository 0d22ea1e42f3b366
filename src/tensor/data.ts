import { DtypeError, ValueError } from "../errors.js";
import type { DataByDtype, Dtype, Tensor, TensorData } from "./types.js";

const constructors = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** The nine dtypes, smallest first. */
export const dtypes: readonly Dtype[] = Object.keys(constructors) as Dtype[];

/** A dtype of whole numbers. */
export type IntegerDtype = Exclude<Dtype, "float32" | "float64">;

/** Smallest and largest value of each integer dtype. */
export const integerRanges: Readonly<Record<IntegerDtype, readonly [number, number]>> = {
  bool: [0, 1],
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
};

/** Returns `dtype` itself. @throws DtypeError when it is none of the nine */
export function checkDtype(caller: string, dtype: Dtype): Dtype {
  if (!Object.hasOwn(constructors, dtype)) {
    throw new DtypeError(`${caller}: dtype ${JSON.stringify(dtype)}, expected one of ${dtypes.join(", ")}`);
  }
  return dtype;
}

/** Returns a new typed array of `length` zeros for `dtype`. */
export function allocate<D extends Dtype>(dtype: D, length: number): DataByDtype[D] {
  return new constructors[dtype](length) as DataByDtype[D];
}

/** Returns a typed array for `dtype` over a part of a buffer, or all of it. @param start in bytes; @param length in elements */
export function dataOver<D extends Dtype>(
  dtype: D,
  buffer: ArrayBufferLike,
  start = 0,
  length?: number,
): DataByDtype[D] {
  return new constructors[dtype](buffer as ArrayBuffer, start, length) as DataByDtype[D];
}

/** Returns the dtype that a typed array holds (a Uint8Array counts as uint8), or undefined for anything else. */
export function dtypeOf(data: unknown): Dtype | undefined {
  return dtypes.find((dtype) => dtype !== "bool" && data instanceof constructors[dtype]);
}

/** Throws a ValueError when an integer dtype cannot hold one of the values exactly. */
export function checkStorable(caller: string, values: ArrayLike<number>, dtype: Dtype): void {
  if (dtype === "float32" || dtype === "float64") return;
  const range = integerRanges[dtype];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isInteger(value) || value < range[0] || value > range[1]) {
      throw new ValueError(
        `${caller}: value ${value} at position ${i}, expected integers ${range.join("..")} for ${dtype}`,
      );
    }
  }
}

/**
 * Returns whether `value` is a {@link Tensor}: a record whose data, shape and dtype agree.
 * @example isTensor({ data: new Float32Array(6), shape: [2, 3], dtype: "float32" }) // true
 */
export function isTensor(value: unknown): value is Tensor {
  if (typeof value !== "object" || value === null) return false;
  const { data, shape, dtype } = value as Partial<Tensor>;
  if (typeof dtype !== "string" || !Object.hasOwn(constructors, dtype)) return false;
  if (!(data instanceof constructors[dtype]) || !Array.isArray(shape)) return false;
  const size = shape.reduce((product: number, side: unknown) => (isSide(side) ? product * side : Number.NaN), 1);
  return (shape.every(isSide) && shape.includes(0) ? 0 : size) === (data as TensorData).length;
}

function isSide(side: unknown): side is number {
  return typeof side === "number" && Number.isInteger(side) && side >= 0;
}
