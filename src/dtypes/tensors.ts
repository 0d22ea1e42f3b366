import { DtypeError, ShapeError, ValueError } from "../errors.js";
import { isTensor } from "../tensor/data.js";
import type { Tensor } from "../tensor/types.js";
import type { ComplexFormat, Format } from "./format.js";

/** Codes, one per element: uint8 for a format of at most 8 bits, uint16 above. */
export type CodeTensor = Tensor<"uint8" | "uint16">;

/** Values that formats round. */
export type FloatTensor = Tensor<"float32" | "float64">;

/** Throws a DtypeError unless `values` is a tensor of floats. */
export function checkValues(caller: string, values: unknown): asserts values is FloatTensor {
  if (isTensor(values) && (values.dtype === "float32" || values.dtype === "float64")) return;
  const arrived = isTensor(values) ? `dtype ${values.dtype}` : `values ${values === null ? "null" : typeof values}`;
  throw new DtypeError(`${caller}: ${arrived}, expected a tensor of float32 or float64`);
}

/** Throws a DtypeError unless `codes` is a tensor of the dtype that holds codes of `format`; ValueError for no code. */
export function checkCodes(caller: string, format: Format, codes: unknown): asserts codes is CodeTensor {
  const expected = format.bits <= 8 ? "uint8" : "uint16";
  if (!isTensor(codes) || codes.dtype !== expected) {
    const arrived = isTensor(codes) ? `dtype ${codes.dtype}` : `codes ${codes === null ? "null" : typeof codes}`;
    throw new DtypeError(`${caller}: ${arrived}, expected a tensor of ${expected} for ${format.name}`);
  }
  if (format.bits === 8 || format.bits === 16) return;
  const count = 2 ** format.bits;
  const { data } = codes;
  for (let i = 0; i < data.length; i++) {
    if ((data[i] as number) >= count) {
      throw new ValueError(`${caller}: code ${data[i]} at position ${i}, expected 0..${count - 1} for ${format.name}`);
    }
  }
}

/**
 * Returns the format of the single numbers. @throws ShapeError, DtypeError when `values` are no pairs of a complex one
 */
export function singleFormat(caller: string, format: Format | ComplexFormat, values: unknown): Format {
  if (format?.kind !== "complex") return format;
  if (!isTensor(values)) {
    throw new DtypeError(`${caller}: ${typeof values} for ${format.name}, expected a tensor of pairs`);
  }
  if (values.shape.at(-1) !== 2) {
    throw new ShapeError(
      `${caller}: shape [${values.shape.join(", ")}], expected a last axis of 2 for ${format.name}: real and imaginary`,
    );
  }
  return format.part;
}
