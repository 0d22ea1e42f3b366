import { type Displayable, displaySymbol, type MimeBundle } from "../display.js";
import type { Coded } from "./coded.js";
import { eliasDeltaEncode } from "./elias-delta.js";
import { eliasGammaEncode } from "./elias-gamma.js";
import { entropy } from "./entropy.js";
import { expGolombEncode } from "./exp-golomb.js";
import { histogramOf } from "./histogram.js";
import { huffmanEncode } from "./huffman-encode.js";
import { ransAdaptiveEncode } from "./rans-adaptive.js";
import { ransEncode } from "./rans-encode.js";
import { type Symbols, symbolsOf } from "./symbols.js";
import { zeroRunsEncode } from "./zero-runs.js";

/** What some coding of symbols costs. */
export interface CodingCost {
  /** Bits of all symbols together; a whole number except for the ideal. */
  readonly bits: number;
  /** The same per symbol; 0 when there is none. */
  readonly bitsPerSymbol: number;
}

/** The ways of coding that a report compares, in the order of its table. */
export type CodingMethod =
  | "fixed"
  | "ideal"
  | "huffman"
  | "huffmanWithTable"
  | "rans"
  | "ransWithTable"
  | "ransAdaptive"
  | "expGolomb"
  | "eliasGamma"
  | "eliasDelta"
  | "zeroRuns";

/** What symbols cost in each way of coding; shows itself as a table. */
export interface CodingReport extends Readonly<Record<CodingMethod, CodingCost>>, Displayable {
  /** How many symbols there are. */
  readonly count: number;
  /** How many different ones occur. */
  readonly distinct: number;
}

const names: Readonly<Record<CodingMethod, string>> = {
  fixed: "fixed length",
  ideal: "ideal (entropy)",
  huffman: "Huffman, codes alone",
  huffmanWithTable: "Huffman with table",
  rans: "rANS, codes alone",
  ransWithTable: "rANS with table",
  ransAdaptive: "rANS, adaptive",
  expGolomb: "Exp-Golomb",
  eliasGamma: "Elias gamma",
  eliasDelta: "Elias delta",
  zeroRuns: "runs of zeros",
};
const methods = Object.keys(names) as CodingMethod[];

/**
 * Returns what symbols cost in each way of coding, in bits and in bits per symbol. Each is measured by coding the symbols,
 * except two: `ideal` is the entropy of their histogram times their number, a bound that no code of single symbols beats
 * and that no stream attains; `fixed` is the width of the range, ceil(log2(largest - smallest + 1)) bits for each.
 *
 * `huffman` and `rans` are the codes alone; `huffmanWithTable` and `ransWithTable` what a decoder needs: codes and table.
 * `ransAdaptive`, `expGolomb` and `zeroRuns` include their few bytes of parameters; Elias codes have none. The header of a
 * stream (21 bytes and 4 per axis, see `writeStream`), the same for all, is in none of them.
 * @param symbols integers of any shape that span at most 65,536 values; none at all cost 0 bits
 * @throws ValueError when they span more; DtypeError for a dtype that is not one of integers of at most 32 bits
 * @example codingReport(new Int8Array([0, 0, 0, 0, 1, 1, -1, 7])).ideal // { bits: 14, bitsPerSymbol: 1.75 }
 */
export function codingReport(symbols: Symbols): CodingReport {
  const { data } = symbolsOf("codingReport", symbols);
  const { counts } = histogramOf("codingReport", symbols);
  const count = data.length;
  const cost = (bits: number): CodingCost => ({ bits, bitsPerSymbol: count === 0 ? 0 : bits / count });
  const whole = ({ bits, table }: Coded): CodingCost => cost(bits + 8 * table.length);
  const huffman = huffmanEncode(symbols);
  const rans = ransEncode(symbols);
  const bitsPerSymbol = entropy(counts);
  const report = {
    count,
    distinct: counts.reduce((used, n) => used + (n > 0 ? 1 : 0), 0),
    fixed: cost(count * (counts.length < 2 ? 0 : 32 - Math.clz32(counts.length - 1))),
    ideal: { bits: bitsPerSymbol * count, bitsPerSymbol },
    huffman: cost(huffman.bits),
    huffmanWithTable: whole(huffman),
    rans: cost(rans.bits),
    ransWithTable: whole(rans),
    ransAdaptive: whole(ransAdaptiveEncode(symbols)),
    expGolomb: whole(expGolombEncode(symbols)),
    eliasGamma: whole(eliasGammaEncode(symbols)),
    eliasDelta: whole(eliasDeltaEncode(symbols)),
    zeroRuns: whole(zeroRunsEncode(symbols)),
  };
  return { ...report, [displaySymbol]: () => shown(report) };
}

function shown(report: Omit<CodingReport, typeof displaySymbol>): MimeBundle {
  const heading = `${report.count} symbols, ${report.distinct} different`;
  const rows = methods.map((method) => {
    const { bits, bitsPerSymbol } = report[method];
    return [names[method], bits.toFixed(method === "ideal" ? 1 : 0), bitsPerSymbol.toFixed(4)] as const;
  });
  const width = Math.max(4, ...rows.map(([, bits]) => bits.length));
  const lines = rows.map(([name, bits, each]) => `${name.padEnd(22)}${bits.padStart(width)}  ${each.padStart(10)}`);
  const row = (name: string, scope: "row" | "col", numbers: readonly string[], tag: "th" | "td"): string => {
    const columns = numbers.map((number) => `<${tag} style="text-align:right">${number}</${tag}>`);
    return `<tr><th scope="${scope}" style="text-align:left">${name}</th>${columns.join("")}</tr>`;
  };
  const head = row("coding", "col", ["bits", "bits per symbol"], "th");
  const body = rows.map(([name, ...numbers]) => row(name, "row", numbers, "td")).join("");
  return {
    "text/html": `<table><caption>${heading}</caption><thead>${head}</thead><tbody>${body}</tbody></table>`,
    "text/plain": [heading, `${"coding".padEnd(22)}${"bits".padStart(width)}  per symbol`, ...lines].join("\n"),
  };
}
