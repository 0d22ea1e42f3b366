/** Float32 values counted by the leading bits of a key that orders as the values do: 2^22 bins, no sorting. */

/** Bits of a key that a bin leaves open. */
const openBits = 10;
const bins = 2 ** (32 - openBits);
/** So many bins, as a power of two, share an entry of the table that is looked at first. */
const coarseBits = 5;

/** How many values each bin holds, from the smallest values on. -0 and 0 share the bin of 0. */
export interface FloatBins {
  readonly counts: Uint32Array;
  /** How many values lie in the bins before each one. */
  readonly before: Uint32Array;
  /** Values in all; what was left out is not among them. */
  readonly total: number;
  /** Returns the values of the bins with a 1 in `wanted`, in ascending order. */
  collect(wanted: Uint8Array): Float64Array;
}

/** Which values are counted. */
export interface FloatBinOptions {
  /** The magnitudes of the values that are not 0, instead of the values; default false. */
  readonly magnitudes?: boolean;
}

/** Returns values counted, all of them finite. */
export function floatBins(values: Float32Array, { magnitudes = false }: FloatBinOptions = {}): FloatBins {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  const counts = new Uint32Array(bins);
  const zeros = magnitudes ? countMagnitudes(words, counts) : countValues(words, counts);
  const before = new Uint32Array(bins);
  for (let bin = 1; bin < bins; bin++) before[bin] = (before[bin - 1] as number) + (counts[bin - 1] as number);
  return {
    counts,
    before,
    total: values.length - (magnitudes ? zeros : 0),
    collect: (wanted) => {
      const near = nearWanted(wanted);
      let size = 0;
      for (let bin = wanted.indexOf(1); bin >= 0; bin = wanted.indexOf(1, bin + 1)) size += counts[bin] as number;
      const found = new Float64Array(size);
      if (magnitudes) collectMagnitudes(words, wanted, near, found);
      else collectValues(words, wanted, near, found);
      return found.sort();
    },
  };
}

/** Counts |x| of all values that are not 0, and returns how many are. */
function countMagnitudes(words: Int32Array, counts: Uint32Array): number {
  const zero = binOfWord(0);
  for (let i = 0; i < words.length; i++) {
    const bin = binOfWord((words[i] as number) & 0x7fffffff);
    counts[bin] = (counts[bin] as number) + 1;
  }
  if (counts[zero] === 0) return 0;
  let zeros = 0;
  for (let i = 0; i < words.length; i++) if (((words[i] as number) & 0x7fffffff) === 0) zeros++;
  counts[zero] = (counts[zero] as number) - zeros;
  return zeros;
}

function countValues(words: Int32Array, counts: Uint32Array): number {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    const bin = binOfWord(word === minusZero ? 0 : word);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return 0;
}

const minusZero = -0x80000000;

/** Most values are told apart by a table that fits a level-1 cache. */
function nearWanted(wanted: Uint8Array): Uint8Array {
  const near = new Uint8Array(bins >>> coarseBits);
  for (let bin = wanted.indexOf(1); bin >= 0; bin = wanted.indexOf(1, bin + 1)) near[bin >>> coarseBits] = 1;
  return near;
}

function collectMagnitudes(words: Int32Array, wanted: Uint8Array, near: Uint8Array, found: Float64Array): void {
  for (let i = 0, at = 0; at < found.length; i++) {
    const word = (words[i] as number) & 0x7fffffff;
    const bin = binOfWord(word);
    if (near[bin >>> coarseBits] === 1 && wanted[bin] === 1 && word !== 0) found[at++] = floatOf(word);
  }
}

function collectValues(words: Int32Array, wanted: Uint8Array, near: Uint8Array, found: Float64Array): void {
  for (let i = 0, at = 0; at < found.length; i++) {
    const word = words[i] as number;
    const bin = binOfWord(word === minusZero ? 0 : word);
    if (near[bin >>> coarseBits] === 1 && wanted[bin] === 1) found[at++] = floatOf(word);
  }
}

/** Unsigned keys order as the float32 with these bits do: the sign bit is turned, of negative values all others too. */
function binOfWord(word: number): number {
  return (word ^ ((word >> 31) | 0x80000000)) >>> openBits;
}

const scratchWord = new Int32Array(1);
const scratchFloat = new Float32Array(scratchWord.buffer);

function floatOf(word: number): number {
  scratchWord[0] = word;
  return scratchFloat[0] as number;
}

/** Returns the smallest value that a bin can hold; infinite beyond the finite values. */
export function edgeOfBin(bin: number): number {
  const key = bin * 2 ** openBits;
  const word = key >= 0x80000000 ? key - 0x80000000 : 0xffffffff - key;
  if ((word & 0x7fffffff) >= 0x7f800000) return key >= 0x80000000 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return floatOf(word);
}

/** Returns the bin within whose edges x lies; x need not be a float32. */
export function binAround(x: number): number {
  let [low, high] = [0, bins];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (edgeOfBin(middle) <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** Returns how many values are smaller than each edge. @param sorted what `collect` gave for bins that hold the edges' */
export function ranksOfEdges(
  { counts, before }: FloatBins,
  edges: ArrayLike<number>,
  wanted: Uint8Array,
  sorted: Float64Array,
): Float64Array {
  const ranks = new Float64Array(edges.length);
  let [bin, start] = [0, 0];
  for (let i = 0; i < edges.length; i++) {
    const edge = edges[i] as number;
    for (const around = binAround(edge); bin < around; bin++) if (wanted[bin] === 1) start += counts[bin] as number;
    let rank = 0;
    while (rank < (counts[bin] as number) && (sorted[start + rank] as number) < edge) rank++;
    ranks[i] = (before[bin] as number) + rank;
  }
  return ranks;
}
