/** Points of quantile–quantile plots. */
import { expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { lognormalFit, qqPoints as ofMagnitudes } from "../../src/gradients/index.js";
import { log } from "../../src/math/index.js";
import { normal as draw, key } from "../../src/random/index.js";
import { normal, qqPoints, quantiles } from "../../src/stats/index.js";
import { from, map } from "../../src/tensor/index.js";

test("the places are Hazen's, and both sides are quantiles there", () => {
  const values = draw(key(2), [40, 50]);
  const law = normal({ mean: 1, std: 3 });
  const { probabilities, expected, observed } = qqPoints(values, law.quantile, { count: 4 });
  expect(Array.from(probabilities.data)).toEqual([0.125, 0.375, 0.625, 0.875]);
  expect(Array.from(expected.data)).toEqual([0.125, 0.375, 0.625, 0.875].map(law.quantile));
  expect(observed).toEqual(quantiles(values, [0.125, 0.375, 0.625, 0.875]));
  expect(qqPoints(values, law.quantile).observed.shape).toEqual([99]);
});

test("normal values lie on the diagonal of their law, and not on another's", () => {
  const values = draw(key(5), [100_000], { dtype: "float64" });
  const gap = (std: number): number => {
    const { expected, observed } = qqPoints(values, normal({ std }).quantile);
    return Math.max(...expected.data.map((x, i) => Math.abs(x - (observed.data[i] as number))));
  };
  // The outermost of the points has a standard error of sqrt(p (1 - p) / n) / density = 0.015.
  expect(gap(1)).toBeLessThan(0.05);
  expect(gap(2)).toBeGreaterThan(1);
});

test("those of a gradient's magnitudes are these, of their logarithms", () => {
  const g = draw(key(6), [999], { dtype: "float64" });
  const law = lognormalFit(g);
  const magnitudes = map(g, (x) => Math.abs(x));
  const ours = ofMagnitudes(g, law, { count: 7 });
  const general = qqPoints(magnitudes, (p) => normal({ mean: law.mu, std: law.sigma }).quantile(p), { count: 7 });
  expect(Array.from(ours.observed.data)).toEqual(Array.from(general.observed.data, (x) => log(x)));
  ours.expected.data.forEach((x, i) => {
    expect(x).toBeCloseTo(general.expected.data[i] as number, 13);
  });
});

test("no values, values that are not finite, and odd counts are refused", () => {
  const { quantile } = normal();
  expect(() => qqPoints(from([], { dtype: "float32" }), quantile)).toThrow(ValueError);
  expect(() => qqPoints(from([1, Number.NaN]), quantile)).toThrow(/value NaN at position 1/);
  for (const count of [0, 1.5, 100_001]) expect(() => qqPoints(from([1]), quantile, { count })).toThrow(/count = /);
});
