/** Number formats, uniform grids and clips. */
import { bfloat16, type EncodeOptions, type FloatFormat, float8_e4m3fn, round } from "../../src/dtypes/index.js";
import { chooseQparams, fakeQuantize, intSymmetric, mseClip, percentileClip } from "../../src/quantization/index.js";
import * as random from "../../src/random/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { type CoreGroup, type CoreKernel, digest } from "../lib/core.js";

export const quantization: CoreGroup = {
  name: "quantization",
  inputs: () => {
    const weights = random.normal(random.key(2021), [4096, 4096]);
    return { weights, part: { ...weights, data: weights.data.slice(0, 2 ** 20), shape: [2 ** 20] } };
  },
  kernels: ({ weights, part }) => {
    const whole = weights as Tensor<"float32">;
    const draws = { rounding: "stochastic", key: random.key(7) } as const;
    return [
      perRow(whole),
      rounded("float8_e4m3fn", float8_e4m3fn, {}, ["numpy", "torch", "ml_dtypes", "numba"], whole),
      rounded("bfloat16", bfloat16, {}, ["numpy", "torch", "ml_dtypes"], whole),
      rounded("float8_e4m3fn, stochastic", float8_e4m3fn, draws, ["numpy", "torch", "numba"], whole),
      clip("mean squared error", ["numpy", "numpy sorted"], part as Tensor<"float32">, 1e-2, (values) =>
        mseClip(values, { convention: intSymmetric(4) }),
      ),
      clip("percentile 99.9", ["numpy"], whole, 1e-6, (values) => percentileClip(values)),
    ];
  },
};

const least = { size: "4096×4096", bytes: 2 ** 27, threads: [2] };

/** A grid of 8 bits for each row, from its largest magnitude; ties of float32 quotients fall otherwise here and there. */
function perRow(weights: Tensor<"float32">): CoreKernel {
  const options = { convention: intSymmetric(8), granularity: { per: "axis", axis: 0 } } as const;
  return {
    ...least,
    name: "INT8 per row",
    peers: ["numpy", "torch", "numba"],
    tolerance: 1e-5,
    prepare: ({ put, room }) => {
      const [given, out] = [put(weights), room(weights.shape, "float32")];
      return {
        run: () => fakeQuantize(given, chooseQparams(given, options), { out }),
        values: () => powers(out),
      };
    },
  };
}

/** Equal to the last bit, but for random rounding, whose draws differ: there the sums of powers are compared. */
function rounded(
  name: string,
  format: FloatFormat,
  options: EncodeOptions,
  peers: readonly string[],
  weights: Tensor<"float32">,
): CoreKernel {
  const draws = options.rounding === "stochastic";
  return {
    ...least,
    name,
    peers,
    tolerance: draws ? 1e-3 : 0,
    prepare: ({ put, room }) => {
      const [given, out] = [put(weights), room(weights.shape, "float32")];
      return {
        run: () => round(format, given, { ...options, out }),
        values: () => (draws ? powers(out) : digest(out)),
      };
    },
  };
}

function clip(
  name: string,
  peers: readonly string[],
  weights: Tensor<"float32">,
  tolerance: number,
  compute: (values: Tensor<"float32">) => number,
): CoreKernel {
  const size = weights.shape.join("×");
  return {
    ...{ name: `clip: ${name}`, size, peers, tolerance, places: ["streamed"] },
    prepare: ({ put }) => {
      const given = put(weights);
      return { run: () => compute(given), values: (found) => [found as number] };
    },
  };
}

/** Sums of magnitudes and of squares, which depend on every value. */
function powers({ data }: Tensor<"float32">): readonly number[] {
  let [sizes, squares] = [0, 0];
  for (const value of data) {
    sizes += Math.abs(value);
    squares += value * value;
  }
  return [sizes, squares];
}
