/** What the tests of streams share. */
import * as coding from "../../src/coding/index.js";
import type { Tensor } from "../../src/tensor/index.js";

export type Encode = (symbols: coding.Symbols) => coding.Coded;
/** Every coder by its name. */
export const encoders: Readonly<Record<coding.Coder, Encode>> = {
  huffman: coding.huffmanEncode,
  rans: coding.ransEncode,
  "rans-adaptive": coding.ransAdaptiveEncode,
  "exp-golomb": coding.expGolombEncode,
  "elias-gamma": coding.eliasGammaEncode,
  "elias-delta": coding.eliasDeltaEncode,
  "zero-runs": coding.zeroRunsEncode,
};
export const coders: readonly coding.Coder[] = Object.keys(encoders) as coding.Coder[];

/** A tensor of symbols; one axis unless a shape is given. */
export const symbolTensor = (data: coding.SymbolTensor["data"], dtype: coding.SymbolDtype, shape?: number[]): Tensor =>
  ({ data, shape: shape ?? [data.length], dtype }) as Tensor;

/** Computes the checksum anew. */
export function sealed(stream: Uint8Array): Uint8Array {
  if (stream.length < 4) return stream;
  new DataView(stream.buffer, stream.byteOffset).setUint32(
    stream.length - 4,
    coding.crc32(stream.subarray(0, -4)),
    true,
  );
  return stream;
}
