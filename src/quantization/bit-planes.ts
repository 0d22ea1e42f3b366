import { DtypeError, ShapeError, ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";

/** What the bits of a code mean. */
export interface BitPlanesOptions {
  /** Two's complement: the last plane counts -2^(bits-1); default false. */
  readonly signed?: boolean;
}

/**
 * Returns the bits of integers, one plane per bit, the lowest first. BSQ's planes are those of the magnitudes.
 * @param codes integers of any dtype and shape
 * @param bits planes, a whole number 1..31
 * @returns bool, shape [bits, ...shape]
 * @throws DtypeError for floats; ValueError for bits out of range or a code that does not fit
 * @see Courbariaux et al. 2016, arXiv:1602.02830: x w = Σ 2^b (x_b w); Yang et al. 2021, arXiv:2102.10462
 * @example bitPlanes(tensor.from([5, 2], { dtype: "uint8" }), 3) // planes [1, 0], [0, 1], [1, 0]
 */
export function bitPlanes(codes: Tensor, bits: number, options: BitPlanesOptions = {}): Tensor<"bool"> {
  const { data, shape, dtype } = codes;
  if (dtype === "float32" || dtype === "float64") {
    throw new DtypeError(`bitPlanes: dtype ${dtype}, expected integers`);
  }
  checkPlanes("bitPlanes", bits);
  const low = options.signed === true ? -(2 ** (bits - 1)) : 0;
  const high = low + 2 ** bits - 1;
  const count = data.length;
  const planes = new Uint8Array(bits * count);
  for (let i = 0; i < count; i++) {
    const code = data[i] as number;
    if (code < low || code > high) {
      throw new ValueError(`bitPlanes: code ${code} at position ${i}, expected ${low}..${high} for ${bits} bits`);
    }
    for (let bit = 0; bit < bits; bit++) planes[bit * count + i] = (code >> bit) & 1;
  }
  return { data: planes, shape: [bits, ...shape], dtype: "bool" };
}

/**
 * Returns the integers whose bits are given: the inverse of {@link bitPlanes}.
 * @param planes bool, shape [bits, ...shape], the lowest bit first
 * @returns int32, shape [...shape]
 * @throws DtypeError for another dtype; ShapeError for a scalar; ValueError for bits out of range
 * @example fromBitPlanes(bitPlanes(codes, 8)) // codes
 */
export function fromBitPlanes(planes: Tensor<"bool">, options: BitPlanesOptions = {}): Tensor<"int32"> {
  const [bits, ...shape] = planes.shape;
  if (planes.dtype !== "bool") throw new DtypeError(`fromBitPlanes: dtype ${planes.dtype}, expected bool`);
  if (bits === undefined) throw new ShapeError("fromBitPlanes: a scalar, expected [bits, ...shape]");
  checkPlanes("fromBitPlanes", bits);
  const count = planes.data.length / bits;
  const data = new Int32Array(count);
  for (let bit = 0; bit < bits; bit++) {
    const weight = options.signed === true && bit === bits - 1 ? -(2 ** bit) : 2 ** bit;
    for (let i = 0; i < count; i++) data[i] = (data[i] as number) + weight * (planes.data[bit * count + i] as number);
  }
  return { data, shape, dtype: "int32" };
}

function checkPlanes(caller: string, bits: number): void {
  if (Number.isInteger(bits) && bits >= 1 && bits <= 31) return;
  throw new ValueError(`${caller}: ${bits} planes, expected a whole number 1..31`);
}
