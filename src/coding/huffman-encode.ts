import { writeRange, writeSmallNumbers } from "./alphabet-table.js";
import { type BitWriter, bitWriter, writeBits, writtenBytes } from "./bit-writer.js";
import { canonicalCodes } from "./canonical-codes.js";
import { type Coded, codedOf } from "./coded.js";
import { histogramOf } from "./histogram.js";
import { fastHuffmanEncode, type HuffmanCode } from "./huffman-encode-fast.js";
import { type HuffmanOptions, huffmanLengths } from "./huffman-lengths.js";
import { type Symbols, type SymbolTensor, symbolsOf } from "./symbols.js";

/**
 * Returns symbols in the canonical Huffman code of their own histogram: of all prefix codes none needs fewer bits. Every
 * symbol costs at least one bit, also where only one occurs.
 *
 * The table holds the range of the symbols and the lengths of the codes; its size is 8 x `table.length` bits.
 * @param symbols integers of any shape that span at most 65,536 values
 * @param options.maxLength the longest code in bits, 1..32; default 32
 * @throws ValueError for symbols that span more, or when 2^maxLength codes are too few; DtypeError for a dtype that is
 * not one of integers of at most 32 bits
 * @see Huffman 1952; {@link huffmanLengths} and {@link canonicalCodes}
 * @example huffmanEncode(new Int8Array([0, 0, 0, 0, 1, 1, -1, 7])).bits // 14
 */
export function huffmanEncode(symbols: Symbols, options: HuffmanOptions = {}): Coded {
  const input = symbolsOf("huffmanEncode", symbols);
  const { min, counts } = histogramOf("huffmanEncode", symbols);
  const lengths = huffmanLengths(counts, options);
  const codes = canonicalCodes(lengths);
  const table = bitWriter();
  writeRange(table, { min, span: counts.length });
  writeSmallNumbers(table, lengths);
  const code = { min, counts, codes, lengths };
  const written = fastHuffmanEncode(input.data, code) ?? plainHuffmanEncode(input.data, code);
  return codedOf("huffman", input, writtenBytes(table), written);
}

function plainHuffmanEncode(data: SymbolTensor["data"], { min, codes, lengths }: HuffmanCode): BitWriter {
  const writer = bitWriter();
  for (let i = 0; i < data.length; i++) {
    const index = (data[i] as number) - min;
    writeBits(writer, codes[index] as number, lengths[index] as number);
  }
  return writer;
}
