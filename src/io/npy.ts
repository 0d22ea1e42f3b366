import { encode } from "../dtypes/encode.js";
import type { Format } from "../dtypes/format.js";
import { float16 } from "../dtypes/formats.js";
import { DtypeError, FileFormatError } from "../errors.js";
import { isTensor } from "../tensor/data.js";
import { transpose } from "../tensor/transpose.js";
import type { Dtype, Tensor, TensorData } from "../tensor/types.js";
import { readNpyHeader } from "./npy-header.js";
import { copyOf, layoutOf, valuesOf } from "./npy-values.js";

/** Options of {@link readNpy}. */
export interface ReadNpyOptions {
  /**
   * What the values are codes of, in files of dtypes that NumPy does not know: `np.save` writes an array of
   * `ml_dtypes.bfloat16` as `V2`, one of `float8_e4m3fn` as `V1`, of `float8_e5m2` as `f1`. They come back as float32.
   */
  readonly format?: Format;
}

/**
 * Returns the array of an `.npy` file, row-major whatever the file's order. bool, integers up to 32 bits, float32 and
 * float64 keep their dtype; float16 becomes float32, exactly; integers of 64 bits become float64, if all of them are
 * below 2^53. Either byte order.
 * @throws FileFormatError for a header that is none, or says another size than the file has, before anything of that
 *   size is made; for texts, objects (never unpickled), fields, complex numbers, and integers that a float64 would round
 * @throws DtypeError for a dtype that needs `format`, or that does not fit it
 * @see NumPy, `numpy.lib.format`
 * @example io.readNpy(new Uint8Array(await file.arrayBuffer())).shape
 */
export function readNpy(bytes: Uint8Array, options: ReadNpyOptions = {}): Tensor {
  const caller = "readNpy";
  if (!(bytes instanceof Uint8Array)) throw new DtypeError(`${caller}: ${typeof bytes}, expected a Uint8Array`);
  const { descr, fortranOrder, shape, dataOffset } = readNpyHeader(caller, bytes);
  const layout = layoutOf(caller, descr, options.format, 6);
  const there = bytes.length - dataOffset;
  const count = sizeWithin(shape, there / layout.width);
  if (count === undefined || count * layout.width !== there) {
    const expected = `${shape.length === 0 ? "one value" : shape.join(" x ")} of ${layout.width} bytes`;
    throw new FileFormatError(`${caller}: ${there} bytes of values, expected ${expected}`, dataOffset);
  }
  const data = valuesOf(caller, copyOf(bytes, dataOffset, bytes.length), dataOffset, layout);
  if (!fortranOrder || shape.length < 2) return { data, shape: [...shape], dtype: layout.dtype } as Tensor;
  return transpose({ data, shape: [...shape].reverse(), dtype: layout.dtype } as Tensor);
}

/** The product of the sides, or undefined when it is larger than `most`. */
function sizeWithin(shape: readonly number[], most: number): number | undefined {
  if (shape.includes(0)) return 0;
  let size = 1;
  for (const side of shape) {
    size *= side;
    if (size > most) return undefined;
  }
  return size;
}

/** Options of {@link writeNpy}. */
export interface WriteNpyOptions {
  /** `float16` stores float32 and float64 values in two bytes, rounded to the nearest. Default: the tensor's dtype. */
  readonly as?: "float16";
}

const descrs: Readonly<Record<Dtype, string>> = {
  bool: "|b1",
  int8: "|i1",
  uint8: "|u1",
  int16: "<i2",
  uint16: "<u2",
  int32: "<i4",
  uint32: "<u4",
  float32: "<f4",
  float64: "<f8",
};

/**
 * Returns the `.npy` file of a tensor, byte for byte what `np.save` writes for the same array: version 1.0, row-major,
 * little-endian, values from a multiple of 64 bytes on.
 * @throws DtypeError for what is no tensor, or has no floats for `as`
 * @example writeNpy(tensor.from([[1, 2, 3]])) // a file of shape (1, 3), float32
 */
export function writeNpy(tensor: Tensor, { as }: WriteNpyOptions = {}): Uint8Array {
  if (!isTensor(tensor)) throw new DtypeError(`writeNpy: ${typeof tensor}, expected a tensor`);
  const values: TensorData = as === "float16" ? halves(tensor) : tensor.data;
  const descr = as === "float16" ? "<f2" : descrs[tensor.dtype];
  const sides = tensor.shape.length === 1 ? `${tensor.shape[0]},` : tensor.shape.join(", ");
  const literal = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sides}), }`;
  const length = Math.ceil((10 + literal.length + 1) / 64) * 64;
  const header = `\x93NUMPY\x01\x00..${literal.padEnd(length - 11)}\n`;
  const bytes = new Uint8Array(length + values.byteLength);
  for (let i = 0; i < length; i++) bytes[i] = header.charCodeAt(i);
  new DataView(bytes.buffer).setUint16(8, length - 10, true);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), length);
  return bytes;
}

function halves(tensor: Tensor): TensorData {
  if (tensor.dtype !== "float32" && tensor.dtype !== "float64") {
    throw new DtypeError(`writeNpy: dtype ${tensor.dtype} as float16, expected float32 or float64`);
  }
  return encode(float16, tensor as Tensor<"float32" | "float64">).data;
}
