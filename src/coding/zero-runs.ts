import { FileFormatError } from "../errors.js";
import { allocate } from "../tensor/data.js";
import type { TensorData } from "../tensor/types.js";
import { checkAllRead, failAt } from "./bit-reader.js";
import { bitWriter } from "./bit-writer.js";
import { type Coded, checkCoder, codedOf, countOf, headerLength, payloadReader } from "./coded.js";
import { readGamma, writeGamma } from "./elias-gamma.js";
import { bestOrder, checkOrder, type ExpGolombOptions, expGolombCode } from "./exp-golomb.js";
import { type Symbols, type SymbolTensor, symbolsOf } from "./symbols.js";
import { isSigned, toSymbol } from "./universal.js";
import { type FastCodes, fastIntegerCodes } from "./universal-fast.js";
import { zigzag } from "./zigzag.js";

/** Longer runs are cut, so that the bytes always justify the number of symbols. */
const longestRun = 65535;

/**
 * Returns symbols as runs of zeros and the values between them: gamma(r + 1) for r zeros, 0..65,535, then the value that
 * ended the run in Exp-Golomb, less 1. After a run of 65,535 comes no value but the next run; after the last symbol
 * comes nothing. The table is one byte, the order. For pruned weights and sparse activations.
 * @param symbols integers of any shape; the whole range of their dtype is allowed
 * @param options.order of the Exp-Golomb code, 0..31; default: the one that needs the fewest bits
 * @throws ValueError for an order out of range; DtypeError for a dtype that is not one of integers of at most 32 bits
 * @example zeroRunsEncode(new Int8Array([0, 0, 0, -1, 0, 0]), { order: 0 }).bits // 5 + 1 + 3 = 9
 */
export function zeroRunsEncode(symbols: Symbols, options: ExpGolombOptions = {}): Coded {
  const input = symbolsOf("zeroRunsEncode", symbols);
  const order = options.order ?? bestOrder(input, 1);
  checkOrder("zeroRunsEncode", order);
  const { writer, run } = fastIntegerCodes(input, { kind: "zeroRuns", order }) ?? plainRuns(input, order);
  if (run > 0) writeGamma(writer, run + 1);
  return codedOf("zero-runs", input, Uint8Array.of(order), writer);
}

/** Writes all but the zeros at the end, and returns how many these are. */
function plainRuns({ data, dtype }: SymbolTensor, order: number): FastCodes {
  const code = expGolombCode(order);
  const writer = bitWriter();
  const signed = isSigned(dtype);
  let run = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (value === 0) run++;
    if (value === 0 && run < longestRun) continue;
    writeGamma(writer, run + 1);
    if (value !== 0) code.write(writer, (signed ? zigzag(value) : value) - 1);
    run = 0;
  }
  return { writer, run };
}

/**
 * Returns the symbols that {@link zeroRunsEncode} coded, with their dtype and shape.
 * @throws FileFormatError when the bits are none of its making; ValueError for symbols of another coder
 * @example zeroRunsDecode(zeroRunsEncode(symbols))
 */
export function zeroRunsDecode(coded: Coded): SymbolTensor {
  checkCoder("zeroRunsDecode", coded, "zero-runs");
  const { table, shape, dtype } = coded;
  const [order = 32] = table;
  if (table.length !== 1 || order > 31) {
    throw new FileFormatError(
      `zeroRunsDecode: table [${table.subarray(0, 4).join(", ")}], expected one order 0..31`,
      headerLength(shape),
    );
  }
  const count = countOf("zeroRunsDecode", coded, coded.bits * longestRun);
  // Once to see that the runs add up, then again into memory of that size.
  readRuns(coded, order, count);
  const data = allocate(dtype, count);
  readRuns(coded, order, count, data);
  return { data, shape, dtype };
}

function readRuns(coded: Coded, order: number, count: number, data?: TensorData): void {
  const reader = payloadReader("zeroRunsDecode", coded);
  const code = expGolombCode(order);
  for (let at = 0; at < count; ) {
    const run = readGamma(reader) - 1;
    if (run > longestRun) failAt(reader, `a run of ${run} zeros, expected at most ${longestRun}`);
    at += run;
    if (at > count) failAt(reader, `a run of ${run} zeros, expected at most ${count - at + run} more symbols`);
    if (run === longestRun || at === count) continue;
    const value = toSymbol(reader, code.read(reader) + 1, coded.dtype);
    if (data !== undefined) data[at] = value;
    at++;
  }
  checkAllRead(reader);
}
