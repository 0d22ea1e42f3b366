/** Entropy coders of quantized values. */
import {
  type Coded,
  crc32,
  huffmanDecode,
  huffmanEncode,
  ransDecode,
  ransEncode,
  type SymbolTensor,
  symbolEntropy,
} from "../../src/coding/index.js";
import { log } from "../../src/math/index.js";
import * as random from "../../src/random/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { type CoreGroup, type CoreKernel, digest } from "../lib/core.js";

const count = 3_200_000;
const size = "3.2M symbols, 5 bits each";

export const coding: CoreGroup = {
  name: "coding",
  inputs: () => ({ symbols: laplaceSymbols() }),
  kernels: ({ symbols }) => {
    const given = symbols as Tensor<"int8">;
    return [
      {
        ...{ name: "symbol entropy", size, bytes: count, peers: ["numpy", "numba"], tolerance: 1e-12 },
        prepare: ({ put }) => {
          const input = put(given);
          return { run: () => symbolEntropy(input), values: (bits) => [bits as number] };
        },
      },
      // The peers' streams have other tables and ends; zlib begins a new table every 16,384 symbols.
      encoder("Huffman encode", ["zlib", "constriction"], 0.01, given, huffmanEncode),
      decoder("Huffman decode", ["zlib", "constriction"], huffmanEncode(given), huffmanDecode),
      encoder("rANS encode", ["constriction"], 0.001, given, ransEncode),
      decoder("rANS decode", ["constriction"], ransEncode(given), ransDecode),
      {
        ...{ name: "CRC-32", size: "3.2 MB", bytes: count, peers: ["zlib"] },
        prepare: ({ put }) => {
          const { data } = put(given);
          const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
          return { run: () => crc32(bytes), values: (sum) => [sum as number] };
        },
      },
    ];
  },
};

function encoder(
  name: string,
  peers: readonly string[],
  tolerance: number,
  given: Tensor<"int8">,
  encode: (symbols: Tensor) => Coded,
): CoreKernel {
  return {
    ...{ name, size, peers, tolerance },
    prepare: ({ put }) => {
      const input = put(given);
      return { run: () => encode(input), values: (coded) => [(coded as Coded).bits] };
    },
  };
}

/** Streams are ordinary arrays, and what comes out of them too. */
function decoder(
  name: string,
  peers: readonly string[],
  coded: Coded,
  decode: (coded: Coded) => SymbolTensor,
): CoreKernel {
  return {
    ...{ name, size, peers, places: ["streamed"] },
    prepare: () => ({ run: () => decode(coded), values: (symbols) => digest(symbols as Tensor) }),
  };
}

/** Values of a Laplace distribution of scale 6, rounded to whole numbers of 8 bits. */
function laplaceSymbols(): Tensor<"int8"> {
  const { data } = random.uniform(random.key(11), [count], { dtype: "float64" });
  const symbols = Int8Array.from(data, (u) => {
    const magnitude = Math.round(-6 * log(1 - Math.abs(2 * u - 1)));
    return Math.max(-128, Math.min(127, u < 0.5 ? -magnitude : magnitude));
  });
  return { data: symbols, shape: [count], dtype: "int8" };
}
