/** What SciPy, NumPy and numeric integration say; test/fixtures/generate-gradients.py made it. */
import { readFileSync } from "node:fs";
import type { MagnitudeLaw } from "../../src/gradients/index.js";
import { from, type Tensor } from "../../src/tensor/index.js";

interface Oracle {
  readonly values: number[];
  readonly mu: number;
  readonly sigma: number;
  readonly std: number;
  readonly scale: number;
  readonly zeros: number;
  readonly distances: Record<MagnitudeLaw["kind"], number>;
  readonly cdf: Record<MagnitudeLaw["kind"], [number, number][]>;
  readonly density: Record<MagnitudeLaw["kind"], [number, number][]>;
  readonly logQuantile: Record<MagnitudeLaw["kind"], [number, number][]>;
  readonly lognormalSparsity: [alpha: number, sigma: number, sparsity: number][];
  readonly normalSparsity: [a: number, sparsity: number][];
  readonly laplaceSparsity: [a: number, sparsity: number][];
  readonly cosine: [alpha: number, sigma: number, limit: number, cosine: number][];
  readonly floatError: [
    exponent: number,
    mantissa: number,
    sigma: number,
    rounding: number,
    over: number,
    under: number,
  ][];
}

export const oracle: Oracle = JSON.parse(
  readFileSync(new URL("../fixtures/gradients-scipy.json", import.meta.url), "utf8"),
) as Oracle;

/** 200 values, 20 of them zero; signs mixed. */
export const values: Tensor<"float64"> = from(oracle.values, { dtype: "float64" });

/** How far `actual` is from `expected`, as a share of `expected`. */
export function relative(actual: number, expected: number): number {
  return actual === expected ? 0 : Math.abs(actual / expected - 1);
}
