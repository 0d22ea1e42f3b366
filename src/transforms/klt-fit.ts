import { ValueError } from "../errors.js";
import { eigh } from "../linalg/eigh.js";
import { checkFinite } from "../stats/checked.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { type Klt, sidesOf } from "./klt-channels.js";
import { fastProducts, fastSums } from "./klt-fast.js";
import { type Slab, slabsOf } from "./slabs.js";

/** Numbers of sums that are held at a time. */
const mostNumbers = 2 ** 20;

/** Options of {@link fitKlt}. */
export interface FitKltOptions {
  /** How many components are kept, 1..channels; default all of them. */
  readonly components?: number;
}

/**
 * Returns the Karhunen–Loève transform of feature maps: the orthonormal basis of channels in which they are uncorrelated
 * and the first components hold as much variance as any basis can. Every pixel of every map is one observation. Sums are
 * float64 in a fixed order (over blocks of at most 1024 pixels of an image, then over blocks), and the sign of each component is that of `linalg.eigh`: the same bits on every engine.
 * @param maps shape [batch, channels, ...] (height and width, as a rule), float32 or float64
 * @throws DtypeError for an integer dtype; ShapeError for fewer than two axes; ValueError for an empty tensor, a value that
 *   is not finite, or `components` that is not an integer 1..channels
 * @see Σ = (X - μ)(X - μ)ᵀ / N = U Λ Uᵀ; Chmiel et al. 2019, arXiv:1905.10830, feature map transform coding
 * @example fitKlt(maps, { components: 16 }).variances
 */
export function fitKlt(maps: Tensor<Float>, options: FitKltOptions = {}): Klt {
  checkFloat("fitKlt", maps);
  const [, channels] = sidesOf("fitKlt", maps);
  const mean = maps.data.length === 0 ? new Float64Array(0) : channelMeans(maps);
  // A value that is not finite shows in its mean.
  if (mean.length === 0 || !mean.every(Number.isFinite)) checkFinite("fitKlt", maps);
  const { components = channels } = options;
  if (!Number.isInteger(components) || components < 1 || components > channels) {
    throw new ValueError(`fitKlt: components = ${components}, expected an integer 1..${channels}`);
  }
  const sigma = covariance(maps, mean);
  if (!sigma.every(Number.isFinite)) {
    throw new ValueError("fitKlt: a covariance that is not finite, expected values whose squares fit float64");
  }
  const { values, vectors } = eigh({ data: sigma, shape: [channels, channels], dtype: "float64" });
  const basis = new Float64Array(channels * components);
  const variances = new Float64Array(components);
  for (let k = 0; k < components; k++) {
    const from = channels - 1 - k;
    variances[k] = Math.max(0, values.data[from] as number);
    for (let c = 0; c < channels; c++) basis[c * components + k] = vectors.data[c * channels + from] as number;
  }
  return {
    mean: { data: mean, shape: [channels], dtype: "float64" },
    basis: { data: basis, shape: [channels, components], dtype: "float64" },
    variances: { data: variances, shape: [components], dtype: "float64" },
  };
}

/** Returns the mean of each channel. */
function channelMeans(maps: Tensor<Float>): Float64Array {
  const [batch, channels, plane] = sidesOf("fitKlt", maps);
  const totals = new Float64Array(channels);
  for (const slab of slabsOf(maps, [batch, channels, plane], Math.max(1, Math.floor(mostNumbers / channels)))) {
    const sums = new Float64Array(slab.units * channels);
    if (!fastSums(slab, channels, sums)) {
      for (let i = 0; i < sums.length; i++) sums[i] = sumOf(slab.data, i * slab.plane, slab.plane);
    }
    for (let i = 0; i < sums.length; i++) {
      totals[i % channels] = (totals[i % channels] as number) + (sums[i] as number);
    }
  }
  return totals.map((total) => total / (batch * plane));
}

/** Returns a sum of four interleaved sums, as the kernel makes it. */
function sumOf(data: Slab["data"], start: number, length: number): number {
  const sums = [0, 0, 0, 0] as [number, number, number, number];
  for (let i = 0; i < length; i++) sums[i % 4] = (sums[i % 4] as number) + (data[start + i] as number);
  return sums[0] + sums[2] + (sums[1] + sums[3]);
}

/**
 * Returns Σ, row-major, symmetric to the last bit: products are added up pixel by pixel in blocks of at most 1024 pixels
 * of an image, and these sums image by image and block by block.
 */
function covariance(maps: Tensor<Float>, mean: Float64Array): Float64Array {
  const [batch, channels, plane] = sidesOf("fitKlt", maps);
  const side = Math.ceil(channels / 4) * 4;
  const most = Math.max(1, Math.floor(mostNumbers / (side * side)));
  const result = new Float64Array(channels * channels);
  let room = new Float64Array(0);
  for (const slab of slabsOf(maps, [batch, channels, plane], most)) {
    const needed = slab.units * side * side;
    if (room.length < needed) room = new Float64Array(needed);
    const products = room.subarray(0, needed);
    if (!fastProducts(slab, mean, products)) multiply(slab, mean, products, side);
    for (let unit = 0; unit < slab.units; unit++) {
      for (let r = 0; r < channels; r++) {
        const row = (unit * side + r) * side;
        for (let c = 0; c <= r; c++) {
          result[r * channels + c] =
            (result[r * channels + c] as number) + (products[row + c] as number) / (batch * plane);
        }
      }
    }
  }
  for (let r = 0; r < channels; r++) {
    for (let c = 0; c < r; c++) result[c * channels + r] = result[r * channels + c] as number;
  }
  return result;
}

/** Multiplies in plain TypeScript what is on and below the diagonal. */
function multiply({ data, units, plane }: Slab, mean: Float64Array, products: Float64Array, side: number): void {
  const channels = mean.length;
  const centred = new Float64Array(channels * plane);
  for (let unit = 0; unit < units; unit++) {
    for (let c = 0; c < channels; c++) {
      const start = (unit * channels + c) * plane;
      for (let i = 0; i < plane; i++) centred[c * plane + i] = (data[start + i] as number) - (mean[c] as number);
    }
    for (let r = 0; r < channels; r++) {
      const row = centred.subarray(r * plane, (r + 1) * plane);
      // Four at a time, which do not wait for each other; those above the diagonal are not asked for.
      for (let c = 0; c <= r; c += 4) productsOf(row, centred, c * plane, products, (unit * side + r) * side + c);
    }
  }
}

/** Writes the products of a row with the four rows that begin at `from`, where there are so many. */
function productsOf(row: Float64Array, rows: Float64Array, from: number, to: Float64Array, at: number): void {
  const { length } = row;
  let [a, b, c, d] = [0, 0, 0, 0];
  if (from + 4 * length <= rows.length) {
    for (let i = 0; i < length; i++) {
      const x = row[i] as number;
      a += x * (rows[from + i] as number);
      b += x * (rows[from + length + i] as number);
      c += x * (rows[from + 2 * length + i] as number);
      d += x * (rows[from + 3 * length + i] as number);
    }
    to[at] = a;
    to[at + 1] = b;
    to[at + 2] = c;
    to[at + 3] = d;
    return;
  }
  for (let start = from, place = at; start < rows.length; start += length, place++) {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += (row[i] as number) * (rows[start + i] as number);
    to[place] = sum;
  }
}
