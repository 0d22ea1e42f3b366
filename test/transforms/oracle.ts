/** What PyWavelets, SciPy and mpmath computed, and helpers of the tests. */
import { readFileSync } from "node:fs";
import { from, type Tensor } from "../../src/tensor/index.js";
import type { BorderMode, WaveletName } from "../../src/transforms/index.js";

export type Nested = number[] | number[][];

interface Case {
  readonly wavelet: WaveletName;
  readonly mode: BorderMode;
  readonly levels: number;
}

export const oracle = JSON.parse(readFileSync(new URL("../fixtures/wavelets-pywt.json", import.meta.url), "utf8")) as {
  readonly filters: Record<string, number[]>;
  readonly pywt: Record<string, number[]>;
  readonly dwt: (Case & Record<"x" | "approximation" | "detail" | "inverse", number[]>)[];
  readonly dwt2: (Case & Record<"x" | "approximation" | "horizontal" | "vertical" | "diagonal", number[][]>)[];
  readonly wavedec: (Case & { x: number[]; bands: number[][] })[];
  readonly wavedec2: (Case & { x: number[][]; approximation: number[][]; details: number[][][][] })[];
  readonly maxLevel: [number, WaveletName, number][];
  readonly dct: Record<"x" | "type2" | "type3", number[]>[];
  readonly dctn: Record<"x" | "type2" | "type3", number[][]>;
};

export const double = (values: Nested): Tensor<"float64"> => from(values, { dtype: "float64" });

/** The largest difference of the values; infinite where the shapes differ. */
export function apart(actual: Tensor, expected: Tensor | Nested): number {
  const other = Array.isArray(expected) ? double(expected) : expected;
  if (String(actual.shape) !== String(other.shape)) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < actual.data.length; i++) {
    const difference = Math.abs((actual.data[i] as number) - (other.data[i] as number));
    // NaN counts as infinitely far.
    if (!(difference <= most)) most = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return most;
}
