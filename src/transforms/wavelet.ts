import { ValueError } from "../errors.js";
import { daubechies } from "./daubechies.js";

/** Daubechies' orthonormal wavelets, named as PyWavelets names them; `haar` and `db1` are the same. */
export type WaveletName = "haar" | "db1" | "db2" | "db3" | "db4" | "db5" | "db6" | "db7" | "db8" | "db9" | "db10";

/** An orthonormal wavelet: the two filters that split a signal. Backwards, they put it together again. */
export interface Wavelet {
  readonly name: WaveletName;
  /** The low-pass decomposition filter (PyWavelets' dec_lo): sum √2, sum of squares 1. */
  readonly low: readonly number[];
  /** The high-pass decomposition filter (dec_hi), of the same even length: sum 0. */
  readonly high: readonly number[];
}

/**
 * Returns the filters of a wavelet. `db<p>` has p vanishing moments and 2 p coefficients; they are tabulated.
 * @throws ValueError for a name that is none of haar, db1..db10
 * @see high[j] = (-1)^(j + 1) low[2p - 1 - j]; Daubechies 1988, Orthonormal bases of compactly supported wavelets
 * @example wavelet("haar").high // -0.7071067811865476, 0.7071067811865476
 */
export function wavelet(name: WaveletName): Wavelet {
  const order = name === "haar" ? 1 : Number(/^db(\d+)$/.exec(name)?.[1]);
  const scaling = daubechies[order - 1];
  if (scaling === undefined || (name !== "haar" && name !== `db${order}`)) {
    throw new ValueError(`wavelet: name ${JSON.stringify(name)}, expected haar or db1..db10`);
  }
  return { name, low: [...scaling].reverse(), high: scaling.map((tap, j) => (j % 2 === 0 ? -tap : tap)) };
}

/**
 * Returns how many times a signal can be split before the filter is longer than the rest: 0 for a short signal.
 * @throws ValueError unless length is an integer >= 0
 * @see PyWavelets' dwt_max_level: ⌊log2(length / (filter length - 1))⌋
 * @example maxLevel(64, "db2") // 4
 */
export function maxLevel(length: number, name: WaveletName): number {
  if (!Number.isInteger(length) || length < 0) {
    throw new ValueError(`maxLevel: length ${length}, expected an integer >= 0`);
  }
  const reach = wavelet(name).low.length - 1;
  let level = 0;
  while (reach * 2 ** (level + 1) <= length) level++;
  return level;
}
