/** What the format microscope shows, computed from its state; the same functions in the kernel, the view and tests. */
import { exp } from "../../src/math/index.js";
import { key, normal } from "../../src/random/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { chunksOf, type Settings, targetIn } from "./compute-chunks.js";
import { type Analysis, type Report, Tally } from "./compute-tally.js";

/** Returns 2,048 values of widely different magnitudes, the first block being the one whose largest is 957. */
export function sampleValues(seed: number): Tensor<"float32"> {
  const draws = normal(key(seed), [64, 32], { dtype: "float64" }).data;
  const data = Float32Array.from(draws, (z, i) => (i % 2 === 0 ? 1 : -1) * exp(2.4 * z));
  for (let i = 0; i < 32; i++) data[i] = Math.max(-900, Math.min(900, 250 * (draws[i] as number)));
  data[0] = 957;
  return { data, shape: [64, 32], dtype: "float32" };
}

/** Describes a tensor in a format; yields now and then how far it is, 0..1. */
export function* analyze(values: Tensor, settings: Settings): Generator<number, Analysis> {
  const tally = new Tally(values, settings);
  for (const chunk of chunksOf(values, settings)) {
    tally.add(chunk);
    yield chunk.start / values.data.length;
  }
  return tally.finish();
}

/** One format of the comparison. */
export interface ComparedRow extends Report {
  readonly name: string;
}

/** Returns a format's row of the comparison: the same tensor under the same settings. */
export function* compareOne(values: Tensor, settings: Settings): Generator<number, ComparedRow> {
  const { cells, binades, places, points, errors, absmax, scales, ...report } = yield* analyze(values, settings);
  return { ...report, name: targetIn(settings).name };
}

/** Runs a stepped computation to its end. */
export function finish<Result>(steps: Generator<number, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
