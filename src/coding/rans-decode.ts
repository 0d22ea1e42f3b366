import { allocate } from "../tensor/data.js";
import { readFrequencies, readRange } from "./alphabet-table.js";
import { failAt } from "./bit-reader.js";
import { type Coded, checkCoder, checkTableEnd, tableReader } from "./coded.js";
import { fastRansDecode } from "./rans-decode-fast.js";
import { slotsOf } from "./rans-segment.js";
import { decodeSegments, ransCount, readPrecision, refill } from "./rans-segments-decode.js";
import type { SymbolTensor } from "./symbols.js";

/**
 * Returns the symbols that `ransEncode` coded, with their dtype and shape.
 * @throws FileFormatError when table or bytes are none of its making; ValueError for symbols of another coder
 * @example ransDecode(ransEncode(symbols))
 */
export function ransDecode(coded: Coded): SymbolTensor {
  checkCoder("ransDecode", coded, "rans");
  const count = ransCount("ransDecode", coded);
  const reader = tableReader("ransDecode", coded);
  const precision = readPrecision(reader);
  const { min, span } = readRange(reader, coded.dtype);
  const frequencies = readFrequencies(reader, span, span === 0 ? 0 : 2 ** precision);
  checkTableEnd(reader);
  if (span === 0 && count > 0) failAt(reader, `an empty alphabet for ${count} symbols, expected at least one entry`);
  const { starts, symbols } = slotsOf(frequencies, precision);
  const mask = 2 ** precision - 1;
  const like = allocate(coded.dtype, 0);
  const fast = fastRansDecode({ min, precision, frequencies, starts }, symbols, count, like);
  return decodeSegments("ransDecode", coded, count, (input, first, data) => {
    const done = fast?.(input, first, data) ?? { count: 0, state: first };
    let state = done.state;
    for (let i = done.count; i < data.length; i++) {
      const slot = state & mask;
      const index = symbols[slot] as number;
      data[i] = min + index;
      state = (frequencies[index] as number) * (state >>> precision) + slot - (starts[index] as number);
      if (state < 2 ** 23) state = refill(input, state);
    }
    return state;
  });
}
