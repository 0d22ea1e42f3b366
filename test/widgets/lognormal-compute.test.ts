/** What the lognormal explorer computes and draws, without a browser. */
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import {
  cosineSimilarity,
  expectedSparsity,
  ksDistance,
  lognormalFit,
  magnitudeCdf,
  normalFit,
  qqPoints,
  sparsityOf,
  stochasticPrune,
} from "../../src/gradients/index.js";
import { key, normal } from "../../src/random/index.js";
import { from, full, map, max, type Tensor } from "../../src/tensor/index.js";
import { savedForm } from "../../widgets/lib/saved.js";
import {
  finish,
  maxSparsity,
  measure,
  type Summary,
  sampleGradients,
  sparsityOfThreshold,
  summarize,
  thresholdOf,
} from "../../widgets/lognormal-fit/compute.js";
import { decodeSampled, encodeSampled, sampleOf, wholeShape } from "../../widgets/lognormal-fit/saved.js";
import {
  describePrediction,
  describe as inWords,
  predictedCosine,
  snapshotSvg,
} from "../../widgets/lognormal-fit/snapshot.js";

/** Signed lognormal values, a third of them zero. */
const g: Tensor<"float32"> = map(
  normal(key(12), [40, 75], { dtype: "float64" }),
  (z, i) => (i % 3 === 0 ? 0 : (i % 2 === 0 ? 1 : -1) * Math.exp(1.5 * z - 4)),
  "float32",
);

test("a summary says what the library says", () => {
  const summary = finish(summarize(g, 50));
  const magnitudes = from([...g.data].filter((x) => x !== 0).map(Math.abs), { dtype: "float64" });
  expect([summary.count, summary.zeros]).toEqual([3000, expect.closeTo(1 / 3, 12)]);
  expect(summary.laws.lognormal).toEqual(lognormalFit(g));
  const law = normalFit(g);
  expect(summary.laws.normal).toEqual(law);
  expect(summary.distances.normal).toBeCloseTo(
    ksDistance(magnitudes, (x) => magnitudeCdf(law, x)),
    12,
  );
  const { observed, expected } = qqPoints(g, law);
  expect(summary.quantiles.normal).toEqual(expected.data);
  summary.quantiles.observed.forEach((y, i) => {
    // Interpolated between logarithms here, between magnitudes there.
    expect(Math.abs(y - (observed.data[i] as number))).toBeLessThan(0.01);
  });
});

test.each([10, 37, 200])("with %i bins every value is counted once", (bins) => {
  const { low, high, below, counts } = finish(summarize(g, bins));
  const logs = [...g.data].filter((x) => x !== 0).map((x) => Math.log(Math.abs(x)));
  expect(high).toBeCloseTo(Math.max(...logs), 12);
  expect(below).toBe(logs.filter((y) => y < low - 1e-12).length);
  expect(below / logs.length).toBeLessThanOrEqual(0.001);
  const width = (high - low) / bins;
  const expected = new Float64Array(bins);
  for (const y of logs) {
    const bin = Math.floor((y - low + 1e-12) / width);
    if (bin >= 0) expected[Math.min(bins - 1, bin)] = (expected[Math.min(bins - 1, bin)] as number) + 1;
  }
  // A value on an edge may be counted on either side of it.
  const differences = counts.map((amount, i) => Math.abs(amount - (expected[i] as number)));
  expect(differences.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(2);
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(logs.length - below);
});

test.each([0, 0.003, 0.05, 1e6])("pruning at %f is measured as the library prunes", (threshold) => {
  const measured = finish(measure(g, { threshold, seed: 9 }));
  const pruned = stochasticPrune(key(9), g, threshold);
  expect(measured.sparsity).toBe(sparsityOf(pruned));
  if (measured.cosine === null) expect(sparsityOf(pruned)).toBe(1);
  else expect(measured.cosine).toBeCloseTo(cosineSimilarity(g, pruned), 12);
  const tau = Math.fround(threshold);
  const share = [...g.data].map((x) => (x === 0 ? 1 : Math.max(0, tau > 0 ? 1 - Math.abs(x) / tau : 0)));
  expect(measured.expected).toBeCloseTo(share.reduce((sum, one) => sum + one, 0) / share.length, 12);
});

test("a threshold above everything leaves no direction", () => {
  // So far above that none of 3,000 draws is raised.
  expect(finish(measure(g, { threshold: 1e12, seed: 1 }))).toMatchObject({ sparsity: 1, cosine: null });
});

test("sparsity and threshold undo each other under each law, within what can be asked for", () => {
  const { laws } = finish(summarize(g, 20));
  for (const kind of ["lognormal", "normal", "laplace"] as const) {
    for (const sparsity of [0.4, 0.85, 0.99]) {
      const threshold = thresholdOf(laws, kind, sparsity);
      expect(expectedSparsity(laws[kind], threshold)).toBeCloseTo(sparsity, 10);
      expect(sparsityOfThreshold(laws, kind, threshold)).toBeCloseTo(sparsity, 10);
    }
    expect(sparsityOfThreshold(laws, kind, 1e9)).toBe(maxSparsity);
    // A third are zeros already.
    expect([thresholdOf(laws, kind, 0.2), sparsityOfThreshold(laws, kind, 0)]).toEqual([0, laws[kind].zeros]);
  }
});

test("the sample is lognormal with the asked sigma, the same for the same seed", () => {
  const sample = sampleGradients(3, 5);
  expect(lognormalFit(sample)).toMatchObject({ sigma: expect.closeTo(3, 1), mu: expect.closeTo(-7, 1), zeros: 0 });
  expect(sampleGradients(3, 5).data).toEqual(sample.data);
  expect(sampleGradients(3, 6).data).not.toEqual(sample.data);
});

test("the predicted cosine is near the measured one, up to the largest value there is", () => {
  for (const sigma of [0.5, 1, 2]) {
    const values = sampleGradients(sigma, 4);
    const summary = finish(summarize(values, 20));
    const threshold = thresholdOf(summary.laws, "lognormal", 0.85);
    const measured = finish(measure(values, { threshold, seed: 2 }));
    expect(Math.abs((measured.cosine ?? 0) - predictedCosine(summary, threshold))).toBeLessThan(0.03);
    // The words say where the law was cut off.
    const limit = (Math.log(max(map(values, Math.abs))) - summary.laws.lognormal.mu) / summary.laws.lognormal.sigma;
    expect(describePrediction(summary, threshold)).toMatch(
      new RegExp(`^0\\.\\d{4} \\(law up to ${limit.toFixed(1)} sigma\\)$`),
    );
  }
  const same = finish(summarize(full([50], 1), 20));
  expect(describePrediction(same, 1)).toBe("1.0000");
});

describe("a gradient that is too large to be saved", () => {
  const large: Tensor<"float32"> = map(normal(key(2), [600, 500]), (z) => (z > 1 ? 0 : Math.fround(Math.exp(2 * z))));
  const wire = encodeSampled(large) as { data: Uint8Array; shape: number[]; preview: { data: Uint8Array } };

  test("travels whole, with a sample of 65,536 values below 1 MiB beside it", () => {
    expect([wire.data.byteLength, wire.shape, wire.preview.data.byteLength]).toEqual([1_200_000, [600, 500], 2 ** 18]);
    const back = decodeSampled(wire) as Tensor;
    expect(back.data).toEqual(large.data);
    expect(wholeShape(back)).toBeUndefined();
  });

  test("comes back as the sample when the data was not saved, which says what it stands for and is saved again", () => {
    const saved = savedForm(wire) as { readonly preview: unknown };
    expect(Object.keys(saved)).toEqual(["dtype", "shape", "preview"]);
    const sample = decodeSampled(saved) as Tensor;
    expect([sample.shape, wholeShape(sample)]).toEqual([[2 ** 16], [600, 500]]);
    expect(encodeSampled(sample)).toEqual(saved);
    const [whole, part] = [finish(summarize(large, 30)), finish(summarize(sample, 30))];
    expect(part.zeros).toBeCloseTo(whole.zeros, 4);
    expect(part.laws.lognormal.sigma).toBeCloseTo(whole.laws.lognormal.sigma, 3);
    expect(part.distances.lognormal).toBeCloseTo(whole.distances.lognormal, 3);
  });

  test("the sample is the order statistics at evenly spaced ranks", () => {
    const sorted = [...large.data].sort((a, b) => a - b);
    const sample = sampleOf(large).data;
    for (const i of [0, 1, 1000, 40_000, 65_535]) {
      expect(sample[i]).toBe(sorted[Math.floor(((i + 0.5) / 65_536) * 300_000)]);
    }
  });

  test("a small one travels alone, and what is no gradient is not taken", () => {
    expect(Object.keys(encodeSampled(g) as object)).toEqual(["dtype", "shape", "data"]);
    for (const bad of [
      null,
      {},
      { preview: {} },
      { shape: ["x"], preview: wire.preview },
      { ...wire, data: undefined, shape: 3 },
    ]) {
      expect(decodeSampled(bad)).toBeUndefined();
    }
  });
});

test("the still picture is well-formed and shows every bin, three laws, both lines and the stairs", () => {
  const summary: Summary = finish(summarize(g, 25));
  const measured = finish(measure(g, { threshold: 0.01, seed: 1 }));
  const options = { summary, measured, law: "lognormal", sparsity: 0.7, bits: 6 } as const;
  const { window } = new JSDOM();
  const picture = new window.DOMParser().parseFromString(snapshotSvg(options), "image/svg+xml");
  const count = (selector: string): number => picture.querySelectorAll(selector).length;
  expect(count("parsererror")).toBe(0);
  expect([count(".bars > g"), count(".laws path"), count(".handle"), count(".stairs"), count(".cells rect")]).toEqual([
    25,
    3,
    2,
    2,
    5 * 72,
  ]);
  expect(picture.querySelector("[role='slider']")).toBeNull();
  expect(picture.querySelector("desc")?.textContent).toBe(inWords(options));
  for (const element of picture.querySelectorAll("*")) {
    for (const { value } of element.attributes) expect(value).not.toMatch(/NaN|Infinity|undefined/);
  }
});

test("the bars' parts add up to the share that is pruned", () => {
  const values = sampleGradients(1.5, 3);
  const summary = finish(summarize(values, 120));
  const sparsity = 0.6;
  const threshold = thresholdOf(summary.laws, "lognormal", sparsity);
  const measured = finish(measure(values, { threshold, seed: 1 }));
  const { window } = new JSDOM();
  const text = snapshotSvg({ summary, measured, law: "lognormal", sparsity, bits: 8 });
  const picture = new window.DOMParser().parseFromString(text, "image/svg+xml");
  const area = (selector: string): number =>
    [...picture.querySelectorAll(`.bars ${selector}`)].reduce(
      (sum, bar) => sum + Number(bar.getAttribute("height")),
      0,
    );
  const pruned = area(".pruned");
  expect(pruned / (pruned + area(".raised") + area(".kept"))).toBeCloseTo(measured.expected, 1);
});
