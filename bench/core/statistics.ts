/** Statistics of gradients: the lognormal fit, alone and with histogram and exact Kolmogorov–Smirnov distance. */
import { type LognormalLaw, type LognormalSummary, lognormalFit, lognormalSummary } from "../../src/gradients/index.js";
import { exp } from "../../src/math/index.js";
import * as random from "../../src/random/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import type { CoreGroup } from "../lib/core.js";

const count = 2 ** 24;
const bins = 512;

export const statistics: CoreGroup = {
  name: "statistics",
  inputs: () => ({ gradients: lognormal() }),
  kernels: ({ gradients }) => [
    {
      ...{ name: "lognormal fit", size: "16M", bytes: 4 * count, peers: ["numpy", "torch", "numba"], tolerance: 1e-6 },
      threads: [2],
      prepare: ({ put }) => {
        const given = put(gradients as Tensor<"float32">);
        return { run: () => lognormalFit(given), values: (law) => parameters(law as LognormalLaw) };
      },
    },
    {
      ...{ name: "lognormal fit, histogram, exact KS", size: "16M", bytes: 4 * count, tolerance: 1e-5, rounds: 5 },
      ...{ peers: ["numpy", "torch", "numba"], threads: [2] },
      prepare: ({ put }) => {
        const given = put(gradients as Tensor<"float32">);
        return {
          run: () => lognormalSummary(given, { bins }),
          values: (summary) => described(summary as LognormalSummary),
        };
      },
    },
  ],
};

/** Mixed signs, sigma = 2, mu = -12: like a neural gradient, made of nothing but a key. */
function lognormal(): Tensor<"float32"> {
  const { data, shape } = random.normal(random.key(2006), [count]);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = (i % 2 === 0 ? 1 : -1) * exp(2 * (data[i] as number) - 12);
  return { data: values, shape, dtype: "float32" };
}

const parameters = ({ mu, sigma }: LognormalLaw): readonly number[] => [mu, sigma];

/** Shares of the values in some bins: near an edge, a logarithm in float32 falls on the other side now and then. */
function described({ law, distance, histogram }: LognormalSummary): readonly number[] {
  const shares = [0, bins / 4, bins / 2, bins - 1].map((bin) => (histogram.counts.data[bin] as number) / count);
  return [...parameters(law), distance, ...shares];
}
