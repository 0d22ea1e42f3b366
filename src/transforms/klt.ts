import type { Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { checkKlt, type Klt, mix } from "./klt-channels.js";

/** Options of {@link klt} and {@link inverseKlt}. */
export interface KltOptions<D extends Float> {
  /** Where the result is written, for reuse: of its dtype and shape, apart from the maps. Default a new tensor. */
  readonly out?: Tensor<D>;
}

/**
 * Returns the components of feature maps: y = Uᵀ (x - μ) at every pixel. Added in float64, rounded once to the dtype.
 * @param maps shape [batch, channels, ...], float32 or float64
 * @returns shape [batch, components, ...], in the unit of the maps; `options.out` when that is given
 * @throws DtypeError for an integer dtype; ShapeError when the channels are not those of the transform; either for an
 *   `out` that does not fit, and ValueError when it shares memory with the maps
 * @example klt(maps, fitKlt(maps)) // uncorrelated channels
 */
export function klt<D extends Float>(maps: Tensor<D>, transform: Klt, options: KltOptions<D> = {}): Tensor<D> {
  const { mean, basis } = checkKlt("klt", transform);
  const [channels, components] = basis.shape as [number, number];
  const weight = (component: number, channel: number): number => basis.data[channel * components + component] as number;
  return mix<D>("klt", maps, channels, components, { before: mean.data, weight }, options);
}

/**
 * Returns the feature maps of components: x = U y + μ at every pixel. With all components it undoes {@link klt}, up to
 * rounding; with fewer it is the projection, whose squared error is the variance of the components left out.
 * @param coefficients shape [batch, components, ...], float32 or float64
 * @returns shape [batch, channels, ...]; `options.out` when that is given
 * @throws DtypeError for an integer dtype; ShapeError when the components are not those of the transform; either for an
 *   `out` that does not fit, and ValueError when it shares memory with the coefficients
 * @example inverseKlt(klt(maps, transform), transform) // maps
 */
export function inverseKlt<D extends Float>(
  coefficients: Tensor<D>,
  transform: Klt,
  options: KltOptions<D> = {},
): Tensor<D> {
  const { mean, basis } = checkKlt("inverseKlt", transform);
  const [channels, components] = basis.shape as [number, number];
  const weight = (channel: number, component: number): number => basis.data[channel * components + component] as number;
  return mix<D>("inverseKlt", coefficients, components, channels, { after: mean.data, weight }, options);
}
