/** Float32 values counted by the leading bits of a key that orders as the values do: no sorting. */
import { floatBinsKernels as module } from "../wasm/modules/float-bins.generated.js";
import { sweep } from "../wasm/sweep.js";

/** Bits of a key that a bin leaves open. */
const openBits = 10;
/** So many bins, as a power of two, share an entry of the table that is looked at first. */
const coarseBits = 5;
const minusZero = -0x80000000;

/** How many values each bin holds, from the smallest values on. -0 and 0 share the bin of 0. */
export interface FloatBins {
  readonly counts: Uint32Array;
  /** How many values lie in the bins before each one. */
  readonly before: Uint32Array;
  /** Values in all; what was left out is not among them. */
  readonly total: number;
  /** Returns the smallest value that a bin can hold; infinite beyond the finite values. */
  edge(bin: number): number;
  /** Returns the values of the bins with a 1 in `wanted`, in ascending order. */
  collect(wanted: Uint8Array): Float64Array;
}

/** Returns values counted in 2^22 bins, all of them finite. */
export function floatBins(values: Float32Array): FloatBins {
  const words = wordsOf(values);
  const counts = new Uint32Array(2 ** (32 - openBits));
  for (let i = 0; i < words.length; i++) {
    const bin = binOfWord(words[i] as number);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return {
    ...{ counts, before: runningSum(counts), total: values.length, edge: edgeOfKey },
    collect: (wanted) => {
      const found = new Float64Array(sizeOf(counts, wanted));
      const near = nearWanted(wanted);
      for (let i = 0, at = 0; at < found.length; i++) {
        const bin = binOfWord(words[i] as number);
        if (near[bin >>> coarseBits] === 1 && wanted[bin] === 1) found[at++] = values[i] as number;
      }
      return found.sort();
    },
  };
}

/** Returns |x| of the values that are not 0, counted in 2^21 bins; all values are finite. */
export function magnitudeBins(values: Float32Array): FloatBins {
  const words = wordsOf(values);
  const counts = new Uint32Array(2 ** (31 - openBits));
  if (!fastCount(values, counts)) countMagnitudes(words, counts);
  const zeros = counts[0] === 0 ? 0 : countZeros(words);
  counts[0] = (counts[0] as number) - zeros;
  return {
    ...{ counts, before: runningSum(counts), total: values.length - zeros },
    edge: (bin) => (bin * 2 ** openBits >= 0x7f800000 ? Number.POSITIVE_INFINITY : floatOf(bin * 2 ** openBits)),
    collect: (wanted) => {
      const size = sizeOf(counts, wanted);
      const near = nearWanted(wanted);
      return fastCollect(values, near, wanted, size) ?? collectMagnitudes(words, near, wanted, size);
    },
  };
}

function fastCount(data: Float32Array, counts: Uint32Array): boolean {
  const inputs = [{ data, per: 1 }];
  return sweep({ module, kernel: "countMagnitudes", units: data.length, inputs, outputs: [], sums: [counts] });
}

function fastCollect(data: Float32Array, near: Uint8Array, wanted: Uint8Array, size: number): Float64Array | undefined {
  const found = new Uint32Array(size + 1);
  const done = sweep({
    module,
    kernel: "collectMagnitudes",
    units: data.length,
    inputs: [{ data, per: 1 }],
    outputs: [],
    tables: [near, wanted],
    sums: [found],
    params: [coarseBits],
  });
  return done ? Float64Array.from(new Float32Array(found.buffer, 4, size)).sort() : undefined;
}

function countMagnitudes(words: Int32Array, counts: Uint32Array): void {
  for (let i = 0; i < words.length; i++) {
    const bin = ((words[i] as number) & 0x7fffffff) >>> openBits;
    counts[bin] = (counts[bin] as number) + 1;
  }
}

function countZeros(words: Int32Array): number {
  let zeros = 0;
  for (let i = 0; i < words.length; i++) if (((words[i] as number) & 0x7fffffff) === 0) zeros++;
  return zeros;
}

function collectMagnitudes(words: Int32Array, near: Uint8Array, wanted: Uint8Array, size: number): Float64Array {
  const found = new Float64Array(size);
  for (let i = 0, at = 0; at < found.length; i++) {
    const word = (words[i] as number) & 0x7fffffff;
    const bin = word >>> openBits;
    if (near[bin >>> coarseBits] === 1 && wanted[bin] === 1 && word !== 0) found[at++] = floatOf(word);
  }
  return found.sort();
}

function wordsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

function runningSum(counts: Uint32Array): Uint32Array {
  const before = new Uint32Array(counts.length);
  for (let bin = 1; bin < counts.length; bin++) {
    before[bin] = (before[bin - 1] as number) + (counts[bin - 1] as number);
  }
  return before;
}

/** How many values lie in the wanted bins. */
function sizeOf(counts: Uint32Array, wanted: Uint8Array): number {
  let size = 0;
  for (let bin = wanted.indexOf(1); bin >= 0; bin = wanted.indexOf(1, bin + 1)) size += counts[bin] as number;
  return size;
}

/** Most values are told apart by a table that fits a level-1 cache. */
function nearWanted(wanted: Uint8Array): Uint8Array {
  const near = new Uint8Array(wanted.length >>> coarseBits);
  for (let bin = wanted.indexOf(1); bin >= 0; bin = wanted.indexOf(1, bin + 1)) near[bin >>> coarseBits] = 1;
  return near;
}

/** Unsigned keys order as the float32 with these bits do: the sign bit is turned, of negative values all others too. */
function binOfWord(word: number): number {
  const bits = word === minusZero ? 0 : word;
  return (bits ^ ((bits >> 31) | 0x80000000)) >>> openBits;
}

function edgeOfKey(bin: number): number {
  const key = bin * 2 ** openBits;
  const word = key >= 0x80000000 ? key - 0x80000000 : 0xffffffff - key;
  if ((word & 0x7fffffff) >= 0x7f800000) return key >= 0x80000000 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return floatOf(word);
}

const scratchWord = new Int32Array(1);
const scratchFloat = new Float32Array(scratchWord.buffer);

function floatOf(word: number): number {
  scratchWord[0] = word;
  return scratchFloat[0] as number;
}

/** Returns the bin within whose edges x lies; x need not be a float32. */
export function binAround({ counts, edge }: FloatBins, x: number): number {
  let [low, high] = [0, counts.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (edge(middle) <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** Returns how many values are smaller than each edge. @param sorted what `collect` gave for bins that hold the edges' */
export function ranksOfEdges(
  bins: FloatBins,
  edges: ArrayLike<number>,
  wanted: Uint8Array,
  sorted: Float64Array,
): Float64Array {
  const { counts, before } = bins;
  const ranks = new Float64Array(edges.length);
  let [bin, start] = [0, 0];
  for (let i = 0; i < edges.length; i++) {
    const edge = edges[i] as number;
    for (const around = binAround(bins, edge); bin < around; bin++) {
      if (wanted[bin] === 1) start += counts[bin] as number;
    }
    let rank = 0;
    while (rank < (counts[bin] as number) && (sorted[start + rank] as number) < edge) rank++;
    ranks[i] = (before[bin] as number) + rank;
  }
  return ranks;
}
