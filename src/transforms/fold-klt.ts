import { ShapeError } from "../errors.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { checkKlt, type Klt, mix } from "./klt-channels.js";

/** A convolution: what it multiplies with and what it adds. */
export interface Convolution<D extends Float = Float> {
  /** Shape [outputs, inputs, ...kernel]: the layout of PyTorch. */
  readonly weights: Tensor<D>;
  /** Shape [outputs]; without it nothing is added. */
  readonly bias?: Tensor<D>;
}

/**
 * Returns the convolution whose outputs are the components of the given one's outputs: the transform costs nothing when it
 * follows a convolution (into which batch normalisation was folded). Works for kernels of any size, stride, padding and
 * dilation, because it mixes outputs only. Sums are float64 in a fixed order, rounded once to the dtype of the weights.
 * @param convolution weights [outputs, inputs, ...kernel] and bias [outputs], float32 or float64
 * @param transform fitted on the outputs of the convolution
 * @returns weights [components, inputs, ...kernel] and bias [components]
 * @throws DtypeError for an integer dtype; ShapeError when the outputs are not the channels of the transform
 * @see W' = Uᵀ W, b' = Uᵀ (b - μ); Chmiel et al. 2019, arXiv:1905.10830
 * @example foldKlt({ weights, bias }, fitKlt(outputs)) // a convolution with uncorrelated outputs
 */
export function foldKlt<D extends Float>(convolution: Convolution<D>, transform: Klt): Required<Convolution<D>> {
  const { weights, bias } = convolution;
  checkFloat("foldKlt", weights);
  const { mean, basis } = checkKlt("foldKlt", transform);
  const [outputs, components] = basis.shape as [number, number];
  const [found, inputs, ...kernel] = weights.shape;
  if (found !== outputs || inputs === undefined) {
    throw new ShapeError(`foldKlt: weights [${weights.shape.join(", ")}], expected [${outputs}, inputs, ...kernel]`);
  }
  if (bias !== undefined) checkBias(bias, outputs);
  const weight = (component: number, output: number): number => basis.data[output * components + component] as number;
  const planes = { data: weights.data, shape: [1, outputs, inputs, ...kernel], dtype: weights.dtype };
  const shifts = mean.data.map((value, output) => ((bias?.data[output] as number | undefined) ?? 0) - value);
  const shifted: Tensor<"float64"> = { data: shifts, shape: [1, outputs], dtype: "float64" };
  return {
    weights: { ...mix<D>("foldKlt", planes, outputs, components, { weight }), shape: [components, inputs, ...kernel] },
    bias: {
      ...mix<D>("foldKlt", shifted, outputs, components, { weight }, { dtype: weights.dtype }),
      shape: [components],
    },
  };
}

function checkBias(bias: Tensor, outputs: number): void {
  checkFloat("foldKlt", bias);
  if (bias.shape.length !== 1 || bias.shape[0] !== outputs) {
    throw new ShapeError(`foldKlt: bias [${bias.shape.join(", ")}], expected [${outputs}]`);
  }
}
