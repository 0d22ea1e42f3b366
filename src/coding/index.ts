/**
 * Coding: what integers cost in bits, ideally and in real streams that are decoded back exactly, and what theory says is
 * the least for a given error. Streams are made of integer arithmetic alone: the same bytes on every engine.
 * @example import { coding } from "lowbit"; coding.codingReport(symbols)
 */
export {
  type BitReader,
  type BitReaderOptions,
  bitReader,
  readBits,
} from "./bit-reader.js";
export { type BitWriter, bitWriter, writeBits, writtenBytes } from "./bit-writer.js";
export { canonicalCodes } from "./canonical-codes.js";
export type { Coded, Coder } from "./coded.js";
export { codingGain } from "./coding-gain.js";
export { crc32 } from "./crc32.js";
export { type DramDevice, type DramEnergy, type DramEnergyOptions, ddr3_1066, dramEnergy } from "./dram-energy.js";
export { type EcsqGap, type EcsqPoint, ecsqGap } from "./ecsq-gap.js";
export { eliasDeltaDecode, eliasDeltaEncode, eliasDeltaLength } from "./elias-delta.js";
export { eliasGammaDecode, eliasGammaEncode, eliasGammaLength } from "./elias-gamma.js";
export { entropy, symbolEntropy } from "./entropy.js";
export { type ExpGolombOptions, expGolombDecode, expGolombEncode, expGolombLength } from "./exp-golomb.js";
export { gaussianDistortion, gaussianRate } from "./gaussian-rate.js";
export { type Histogram, histogram } from "./histogram.js";
export { huffmanDecode } from "./huffman-decode.js";
export { huffmanEncode } from "./huffman-encode.js";
export { type HuffmanOptions, huffmanLengths } from "./huffman-lengths.js";
export { normalizeCounts } from "./normalize-counts.js";
export { ransAdaptiveDecode, ransAdaptiveEncode } from "./rans-adaptive.js";
export { ransDecode } from "./rans-decode.js";
export { type RansOptions, ransEncode } from "./rans-encode.js";
export { type CodingCost, type CodingMethod, type CodingReport, codingReport } from "./report.js";
export { reverseWaterFilling, type WaterFilling, type WaterFillingOptions } from "./reverse-water-filling.js";
export { decode, type ReadStreamOptions, readStream, writeStream } from "./stream.js";
export type { SymbolDtype, Symbols, SymbolTensor } from "./symbols.js";
export type { Variances } from "./variances.js";
export { zeroRunsDecode, zeroRunsEncode } from "./zero-runs.js";
export { unzigzag, zigzag } from "./zigzag.js";
