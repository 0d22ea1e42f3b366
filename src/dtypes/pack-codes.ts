import { ShapeError, ValueError } from "../errors.js";
import { sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";
import type { Format } from "./format.js";
import { checkFormat } from "./layout.js";
import { type CodeTensor, checkCodes } from "./tensors.js";

/**
 * Returns codes of 1, 2 or 4 bits packed into bytes, in row-major order, the first code of a byte in its low bits; the
 * last byte is filled with zeros. That is how ONNX and OCP formats lie in files.
 * @param codes uint8, any shape, one code per element
 * @returns uint8, shape [ceil(count bits / 8)]
 * @throws ValueError for a format of other bits or a code out of range; DtypeError for codes that are not uint8
 * @example packCodes(float4_e2m1fn, tensor.from([1, 2, 3], { dtype: "uint8" })).data // [0x21, 0x03]
 */
export function packCodes(format: Format, codes: CodeTensor): Tensor<"uint8"> {
  const perByte = codesPerByte("packCodes", format);
  checkCodes("packCodes", format, codes);
  const { data } = codes;
  const packed = new Uint8Array(Math.ceil(data.length / perByte));
  for (let i = 0; i < data.length; i++) {
    const byte = Math.floor(i / perByte);
    packed[byte] = (packed[byte] as number) | ((data[i] as number) << ((i % perByte) * format.bits));
  }
  return { data: packed, shape: [packed.length], dtype: "uint8" };
}

/**
 * Returns the codes that `packCodes` packed, one per element.
 * @param packed uint8, any shape
 * @param shape of the codes
 * @returns uint8 of that shape
 * @throws ShapeError when the bytes do not fit the shape; ValueError for a format of other bits; DtypeError for bytes
 *   that are not uint8
 * @example unpackCodes(float4_e2m1fn, packed, [3]).data // [1, 2, 3]
 */
export function unpackCodes(format: Format, packed: Tensor<"uint8">, shape: readonly number[]): Tensor<"uint8"> {
  const perByte = codesPerByte("unpackCodes", format);
  checkCodes("unpackCodes", { kind: "int", name: "bytes", bits: 8, signed: false }, packed);
  const count = sizeOf(shape, "unpackCodes");
  if (Math.ceil(count / perByte) !== packed.data.length) {
    const expected = Math.ceil(count / perByte);
    throw new ShapeError(
      `unpackCodes: ${packed.data.length} bytes, expected ${expected} for shape [${shape.join(", ")}]`,
    );
  }
  const data = new Uint8Array(count);
  const mask = 2 ** format.bits - 1;
  for (let i = 0; i < count; i++) {
    data[i] = ((packed.data[Math.floor(i / perByte)] as number) >> ((i % perByte) * format.bits)) & mask;
  }
  return { data, shape: [...shape], dtype: "uint8" };
}

function codesPerByte(caller: string, format: Format): number {
  checkFormat(caller, format);
  if (![1, 2, 4].includes(format.bits)) {
    throw new ValueError(`${caller}: ${format.name} of ${format.bits} bits, expected a format of 1, 2 or 4 bits`);
  }
  return 8 / format.bits;
}
