/** Float32 values counted by the leading bits of a key that orders as the values do: 2^22 bins, no sorting. */

/** Bits of a key that a bin leaves open. */
const openBits = 10;
const bins = 2 ** (32 - openBits);

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
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const mask = magnitudes ? 0x7fffffff : 0xffffffff;
  const counts = new Uint32Array(bins);
  let zeros = 0;
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] as number) & mask;
    if ((word & 0x7fffffff) === 0) zeros++;
    else {
      const bin = binOfWord(word);
      counts[bin] = (counts[bin] as number) + 1;
    }
  }
  const zeroBin = binOfWord(0);
  if (!magnitudes) counts[zeroBin] = (counts[zeroBin] as number) + zeros;
  const before = new Uint32Array(bins);
  let total = 0;
  for (let bin = 0; bin < bins; bin++) {
    before[bin] = total;
    total += counts[bin] as number;
  }
  const collect = (wanted: Uint8Array): Float64Array => {
    let size = 0;
    for (let bin = 0; bin < bins; bin++) if (wanted[bin] === 1) size += counts[bin] as number;
    const found = new Float64Array(size);
    for (let i = 0, at = 0; at < size; i++) {
      const word = (words[i] as number) & mask;
      const zero = (word & 0x7fffffff) === 0;
      if (wanted[zero ? zeroBin : binOfWord(word)] === 0 || (zero && magnitudes)) continue;
      found[at++] = magnitudes ? Math.abs(values[i] as number) : (values[i] as number);
    }
    return found.sort();
  };
  return { counts, before, total, collect };
}

/** Unsigned keys order as the float32 with these bits do: the sign bit is turned, of negative values all others too. */
function binOfWord(word: number): number {
  return (word ^ ((word >> 31) | 0x80000000)) >>> openBits;
}

const scratch = new DataView(new ArrayBuffer(4));

/** Returns the smallest value that a bin can hold; infinite beyond the finite values. */
export function edgeOfBin(bin: number): number {
  const key = bin * 2 ** openBits;
  const word = key >= 0x80000000 ? key - 0x80000000 : 0xffffffff - key;
  if ((word & 0x7fffffff) >= 0x7f800000) return key >= 0x80000000 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  scratch.setUint32(0, word);
  return scratch.getFloat32(0);
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
