import { ValueError } from "../errors.js";
import { eigh } from "../linalg/eigh.js";
import { checkFinite } from "../stats/checked.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { type Klt, sidesOf } from "./klt-channels.js";

/** Options of {@link fitKlt}. */
export interface FitKltOptions {
  /** How many components are kept, 1..channels; default all of them. */
  readonly components?: number;
}

/**
 * Returns the Karhunen–Loève transform of feature maps: the orthonormal basis of channels in which they are uncorrelated
 * and the first components hold as much variance as any basis can. Every pixel of every map is one observation. Sums are
 * float64 in a fixed order, and the sign of each component is that of `linalg.eigh`: the same bits on every engine.
 * @param maps shape [batch, channels, ...] (height and width, as a rule), float32 or float64
 * @throws DtypeError for an integer dtype; ShapeError for fewer than two axes; ValueError for an empty tensor, a value that
 *   is not finite, or `components` that is not an integer 1..channels
 * @see Σ = (X - μ)(X - μ)ᵀ / N = U Λ Uᵀ; Chmiel et al. 2019, arXiv:1905.10830, feature map transform coding
 * @example fitKlt(maps, { components: 16 }).variances
 */
export function fitKlt(maps: Tensor<Float>, options: FitKltOptions = {}): Klt {
  checkFloat("fitKlt", maps);
  const [, channels] = sidesOf("fitKlt", maps);
  checkFinite("fitKlt", maps);
  const { components = channels } = options;
  if (!Number.isInteger(components) || components < 1 || components > channels) {
    throw new ValueError(`fitKlt: components = ${components}, expected an integer 1..${channels}`);
  }
  const mean = channelMeans(maps);
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

function channelMeans(maps: Tensor<Float>): Float64Array {
  const [batch, channels, plane] = sidesOf("fitKlt", maps);
  const means = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    let total = 0;
    for (let b = 0; b < batch; b++) {
      const start = (b * channels + c) * plane;
      let sum = 0;
      for (let i = start; i < start + plane; i++) sum += maps.data[i] as number;
      total += sum;
    }
    means[c] = total / (batch * plane);
  }
  return means;
}

/** Returns Σ, row-major, symmetric to the last bit: image by image, pixel by pixel. */
function covariance(maps: Tensor<Float>, mean: Float64Array): Float64Array {
  const [batch, channels, plane] = sidesOf("fitKlt", maps);
  const result = new Float64Array(channels * channels);
  const centred = new Float64Array(channels * plane);
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < centred.length; i++) {
      const value = maps.data[b * centred.length + i] as number;
      centred[i] = value - (mean[Math.floor(i / plane)] as number);
    }
    for (let r = 0; r < channels; r++) {
      for (let c = 0; c <= r; c++) {
        let sum = 0;
        for (let i = 0; i < plane; i++) sum += (centred[r * plane + i] as number) * (centred[c * plane + i] as number);
        result[r * channels + c] = (result[r * channels + c] as number) + sum / (batch * plane);
      }
    }
  }
  for (let r = 0; r < channels; r++) {
    for (let c = 0; c < r; c++) result[c * channels + r] = result[r * channels + c] as number;
  }
  return result;
}
