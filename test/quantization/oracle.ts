import { readFileSync } from "node:fs";
import { key, normal } from "../../src/random/index.js";
import { from, type Tensor } from "../../src/tensor/index.js";

/** What NumPy and SciPy make of the same values. */
export const oracle = JSON.parse(
  readFileSync(new URL("../fixtures/quantization-numpy.json", import.meta.url), "utf8"),
) as {
  readonly values: number[];
  readonly shape: [number, number];
  readonly grids: { convention: string; bits: number; granularity: string; values: number[] }[];
  readonly report: { mse: number; maxError: number; sqnr: number; kurtosis: number; entropy: number; values: number[] };
  readonly activations: Record<string, number[]>;
  readonly kl: [string, number, number, number][];
  readonly percentiles: [number, number][];
  readonly optimal: ["normal" | "laplace", "lapqWeights" | "aciqBins" | "kure", number, number, number, number][];
};

export const values: Tensor<"float64"> = from(oracle.values, { dtype: "float64", shape: oracle.shape });

/** Normal values of float64. */
export const draws = (seed: number, shape: readonly number[]): Tensor<"float64"> =>
  normal(key(seed), shape, { dtype: "float64" });

/** |a - b| / |b|. */
export const relative = (a: number, b: number): number => Math.abs(a - b) / Math.abs(b);
