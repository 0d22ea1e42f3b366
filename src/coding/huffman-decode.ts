import { FileFormatError } from "../errors.js";
import { allocate } from "../tensor/data.js";
import { readRange, readSmallNumbers } from "./alphabet-table.js";
import { type BitReader, checkAllRead, failAt, peek32, skipBits } from "./bit-reader.js";
import { firstCodes } from "./canonical-codes.js";
import { type Coded, checkCoder, checkTableEnd, countOf, headerLength, payloadReader, tableReader } from "./coded.js";
import { type DecodingTables, fastHuffmanDecode } from "./huffman-decode-fast.js";
import type { SymbolTensor } from "./symbols.js";

/** Codes of up to this length are found at the first look. */
const lookupBits = 10;

interface Code extends DecodingTables {
  /** The length of the code that begins with these bits; where that is longer than they are, `lookupBits` + 1. */
  readonly lookup: Uint8Array;
}

/**
 * Returns the symbols that `huffmanEncode` coded, with their dtype and shape.
 * @throws FileFormatError when table or bits are none of its making; ValueError for symbols of another coder
 * @example huffmanDecode(huffmanEncode(symbols))
 */
export function huffmanDecode(coded: Coded): SymbolTensor {
  checkCoder("huffmanDecode", coded, "huffman");
  // Every code has at least one bit.
  const count = countOf("huffmanDecode", coded, coded.bits);
  const code = readCode(coded, count);
  const { min, sorted, shift, limits, lookup } = code;
  const data = allocate(coded.dtype, count);
  const reader = payloadReader("huffmanDecode", coded);
  const done = fastHuffmanDecode(code, coded, data);
  reader.position = done.bits;
  for (let i = done.symbols; i < count; i++) {
    const next = peek32(reader);
    let length = lookup[next >>> (32 - lookupBits)] as number;
    while (length <= 32 && next >= (limits[length] as number)) length++;
    if (length > 32) failAt(reader, "bits that begin no code, expected a symbol");
    skipBits(reader, length);
    data[i] = min + (sorted[(next >>> (32 - length)) + (shift[length] as number)] as number);
  }
  checkAllRead(reader);
  return { data, shape: coded.shape, dtype: coded.dtype };
}

/** Reads the table. @throws FileFormatError when it describes no complete prefix code */
function readCode(coded: Coded, count: number): Code {
  const reader = tableReader("huffmanDecode", coded);
  const { min, span } = readRange(reader, coded.dtype);
  const lengths = readSmallNumbers(reader, span, 32);
  checkTableEnd(reader);
  const counts = new Float64Array(33);
  for (let i = 0; i < span; i++) (counts[lengths[i] as number] as number)++;
  const first = firstCodes(counts);
  const used = span - (counts[0] as number);
  // A single symbol has the code 0 and leaves the half of the codes that begins with 1.
  const complete = used < 2 ? counts[1] === used : first?.[0] === 0;
  if (first === undefined || !complete || (used === 0 && count > 0)) {
    throw new FileFormatError(
      `huffmanDecode: a table of ${used} code lengths that are no complete code, expected one for ${count} symbols`,
      headerLength(coded.shape),
    );
  }
  return { min, ...decodingTables(reader, lengths, counts, first) };
}

function decodingTables(
  { bits }: BitReader,
  lengths: Uint8Array,
  counts: Float64Array,
  first: Float64Array,
): Omit<Code, "min"> {
  const shift = new Float64Array(33);
  const limits = new Float64Array(33);
  const places = new Float64Array(33);
  let before = 0;
  for (let length = 1; length <= 32; length++) {
    shift[length] = before - (first[length] as number);
    places[length] = before;
    before += counts[length] as number;
    limits[length] = ((first[length] as number) + (counts[length] as number)) * 2 ** (32 - length);
  }
  const sorted = new Uint16Array(bits === 0 ? 0 : before);
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i] as number;
    if (length > 0) sorted[(places[length] as number)++] = i;
  }
  const lookup = new Uint8Array(2 ** lookupBits);
  for (let start = 0, length = 1; start < lookup.length; start++) {
    // Limits do not fall with the length, so the length does not fall with the bits.
    while (length <= lookupBits && start * 2 ** (32 - lookupBits) >= (limits[length] as number)) length++;
    lookup[start] = length;
  }
  return { sorted, shift, limits, lookup };
}
