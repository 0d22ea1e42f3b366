/** Slow and obvious counterparts that share no code with src/coding, and what peers say. */
import { readFileSync } from "node:fs";

interface Peers {
  /** Counts, and the total length of their Huffman code by heapq. */
  readonly huffman: [counts: number[], total: number][];
  /** Symbols with their entropy by SciPy, the size of constriction's ANS stream, and heapq's Huffman total. */
  readonly ans: Record<string, { symbols: number[]; entropy: number; bits: number; huffman: number }>;
  /** Step, rate, distortion and gap of a uniform quantizer on a unit Gaussian, by integration at 40 digits. */
  readonly gaps: [step: number, rate: number, distortion: number, gap: number][];
  readonly crc32: [text: string, crc: number][];
}

/** test/fixtures/generate-coding.py made it. */
export const peers: Peers = JSON.parse(
  readFileSync(new URL("../fixtures/coding-peers.json", import.meta.url), "utf8"),
) as Peers;

/** A small generator for mutations and cases: Mulberry32. */
export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** All bits of bytes as text. */
export const bitText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");

/** Reads the documented format from text of bits, as the docstring of writeStream says it. */
export class PlainReader {
  private at = 0;
  constructor(private readonly bits: string) {}

  take(count: number): number {
    const text = this.bits.slice(this.at, this.at + count);
    if (text.length < count) throw new Error("too few bits");
    this.at += count;
    return count === 0 ? 0 : Number.parseInt(text, 2);
  }

  /** One bit after another until the code is found. */
  code(codes: ReadonlyMap<string, number>): number {
    for (let length = 1; length <= 32; length++) {
      const value = codes.get(this.bits.slice(this.at, this.at + length));
      if (value !== undefined) {
        this.at += length;
        return value;
      }
    }
    throw new Error("no code");
  }

  gamma(): number {
    let zeros = 0;
    while (this.take(1) === 0) zeros++;
    return 2 ** zeros + this.take(zeros);
  }

  range(): { min: number; span: number } {
    const span = this.gamma() - 1;
    return { min: span === 0 ? 0 : signed(this.gamma() - 1), span };
  }

  numbers(count: number): number[] {
    const numbers: number[] = [];
    let last = 0;
    while (numbers.length < count) {
      const token = this.gamma();
      if (token === 2) for (let r = this.gamma(); r > 0; r--) numbers.push(0);
      else {
        if (token > 2) last += signed(token - 2);
        numbers.push(last);
      }
    }
    return numbers;
  }

  get done(): boolean {
    return this.at === this.bits.length;
  }
}

/** 0, -1, 1, -2, 2, … by its place. */
export const signed = (place: number): number => (place % 2 === 0 ? place / 2 : -(place + 1) / 2);

/** The rule of normalizeCounts, one step after another over all symbols. */
export function plainFrequencies(counts: readonly number[], precision: number): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  const f = counts.map((n) => (n === 0 ? 0 : Math.max(1, Number((BigInt(n) << BigInt(precision)) / BigInt(total)))));
  for (let sum = f.reduce((a, b) => a + b, 0); sum < 2 ** precision; sum++) {
    let best = -1;
    counts.forEach((n, i) => {
      if (n > 0 && (best < 0 || greater(n, 2 * at(f, i) + 1, at(counts, best), 2 * at(f, best) + 1))) best = i;
    });
    f[best] = at(f, best) + 1;
  }
  for (let sum = f.reduce((a, b) => a + b, 0); sum > 2 ** precision; sum--) {
    let best = -1;
    counts.forEach((n, i) => {
      if (at(f, i) < 2) return;
      if (best < 0 || !greater(n, 2 * at(f, i) - 1, at(counts, best), 2 * at(f, best) - 1)) best = i;
    });
    f[best] = at(f, best) - 1;
  }
  return f;
}

const at = (list: readonly number[], i: number): number => list[i] as number;
/** a / b > c / d, exactly. */
const greater = (a: number, b: number, c: number, d: number): boolean => BigInt(a) * BigInt(d) > BigInt(c) * BigInt(b);

/** Decodes one rANS stream as documented, with a linear search for each symbol; `next` gives the frequencies in force. */
export function plainRans(bytes: Uint8Array, count: number, precision: number, model: PlainModel): number[] {
  const out: number[] = [];
  let place = 0;
  for (let first = 0; first < count; first += 65536) {
    let x = BigInt(`0x${[...bytes.slice(place, place + 4)].map((b) => b.toString(16).padStart(2, "0")).join("")}`);
    place += 4;
    for (let i = first; i < Math.min(count, first + 65536); i++) {
      const f = model.frequencies();
      const slot = Number(x & (2n ** BigInt(precision) - 1n));
      let symbol = 0;
      let start = 0;
      while (start + at(f, symbol) <= slot) start += at(f, symbol++);
      x = BigInt(at(f, symbol)) * (x >> BigInt(precision)) + BigInt(slot - start);
      while (x < 2n ** 23n) x = x * 256n + BigInt(bytes[place++] as number);
      out.push(symbol);
      model.saw(symbol);
    }
    if (x !== 2n ** 23n) throw new Error(`ends in ${x}`);
  }
  if (place !== bytes.length) throw new Error("bytes left over");
  return out;
}

/** Frequencies that may change with what was seen. */
export interface PlainModel {
  frequencies(): readonly number[];
  saw(symbol: number): void;
}

/** The documented adaptive model. */
export function plainAdaptive(span: number, precision: number): PlainModel {
  let counts = Array.from({ length: span }, () => 1);
  let f = plainFrequencies(counts, precision);
  let seen = 0;
  let interval = 16;
  let renewal = 16;
  return {
    frequencies: () => f,
    saw: (symbol) => {
      counts[symbol] = at(counts, symbol) + 8;
      if (++seen < renewal) return;
      if (counts.reduce((a, b) => a + b, 0) > 2 ** 17) counts = counts.map((n) => Math.ceil(n / 2));
      f = plainFrequencies(counts, precision);
      interval = Math.min(2 * interval, Math.max(4096, span));
      renewal += interval;
    },
  };
}

/** The least total length of a prefix code with lengths 1..maxLength: all vectors of lengths, Kraft's condition. */
export function bestTotalByBruteForce(counts: readonly number[], maxLength: number): number {
  const used = counts.filter((count) => count > 0);
  let best = Number.POSITIVE_INFINITY;
  const visit = (i: number, kraft: number, total: number): void => {
    if (kraft > 1 || total >= best) return;
    if (i === used.length) best = total;
    else for (let l = 1; l <= maxLength; l++) visit(i + 1, kraft + 2 ** -l, total + l * at(used, i));
  };
  visit(0, 0, 0);
  return best;
}
