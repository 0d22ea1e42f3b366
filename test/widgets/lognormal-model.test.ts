/** The kernel half of the lognormal explorer. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { lognormalFit, sparsityOf, thresholdFor } from "../../src/gradients/index.js";
import { key, normal } from "../../src/random/index.js";
import { from, full, map } from "../../src/tensor/index.js";
import { closeAll, LognormalFit } from "../../widgets/index.js";
import { type HostDouble, installHost, removeHost } from "./host-double.js";

let host: HostDouble;
beforeEach(() => {
  host = installHost();
});
afterEach(() => {
  closeAll();
  removeHost();
});

const g = map(normal(key(3), [20, 30]), (z) => Math.fround(Math.exp(z) * Math.sign(z)));

test("opens with its gradient as bytes, and without one with null", () => {
  const fit = new LognormalFit({ gradients: g, sparsity: 0.5, bits: 6 });
  const opened = host.take().find(({ id }) => id === fit.id);
  expect(opened?.data.state).toMatchObject({
    _model_name: "LognormalFitModel",
    _view_name: "LognormalFitView",
    gradients: { dtype: "float32", shape: [20, 30] },
    sparsity: 0.5,
    law: "lognormal",
    bits: 6,
  });
  expect(opened?.data.buffer_paths).toEqual([["gradients", "data"]]);
  const sample = new LognormalFit();
  expect(host.take().find(({ id }) => id === sample.id)?.data.state).toMatchObject({ gradients: null, sigma: 2 });
  expect(sample.values.shape).toEqual([20_000]);
});

test("threshold and sparsity move each other; what a view drags arrives", () => {
  const fit = new LognormalFit({ gradients: g });
  expect(fit.laws.lognormal).toEqual(lognormalFit(g));
  expect(fit.threshold).toBe(thresholdFor(0.85, lognormalFit(g)));
  const { threshold } = fit;
  host.update(fit.id, { sparsity: 0.5 });
  expect([fit.sparsity, fit.threshold < threshold]).toEqual([0.5, true]);
  fit.threshold = threshold;
  expect(fit.sparsity).toBeCloseTo(0.85, 12);
  expect(Math.abs(sparsityOf(fit.pruned) - 0.85)).toBeLessThan(0.08);
  fit.law = "normal";
  expect(fit.threshold).not.toBeCloseTo(threshold, 3);
  expect(() => {
    fit.threshold = -1;
  }).toThrow("LognormalFit.threshold: -1, expected a number >= 0");
});

test("lists are taken, integers become float32", () => {
  expect(
    new LognormalFit({
      gradients: [
        [1, -2, 3],
        [0, 5, 6],
      ],
    }).gradients?.shape,
  ).toEqual([2, 3]);
  expect(new LognormalFit({ gradients: from([1, 2, 3], { dtype: "int8" }) }).gradients?.dtype).toBe("float32");
});

test.each([
  [
    { gradients: full([3], 0) },
    "LognormalFit.gradients: a float32 tensor of shape [3], expected a tensor of finite values",
  ],
  [{ gradients: full([3], 2) }, "expected a tensor of finite values, 4194304 at most, with two magnitudes"],
  [{ gradients: from([1, Number.NaN]) }, "expected a tensor of finite values"],
  [{ gradients: [1, [2]] }, "expected a tensor of finite values"],
  [{ sparsity: 1 }, "LognormalFit.sparsity: 1, expected a finite number 0..0.99"],
  [{ bits: 9 }, "LognormalFit.bits: 9, expected a whole number 3..8"],
  [{ sigma: 0 }, "LognormalFit.sigma: 0, expected a finite number 0.1..6"],
  [{ law: "cauchy" }, 'LognormalFit.law: "cauchy", expected one of "lognormal", "normal", "laplace"'],
])("%j is refused", (options, message) => {
  expect(() => new LognormalFit(options as object)).toThrow(message);
});

test("shows itself live, as a still picture and as text", () => {
  const bundle = new LognormalFit({ gradients: g, sparsity: 0.6 }).mimeBundle();
  expect(Object.keys(bundle).sort()).toEqual([
    "application/vnd.jupyter.widget-view+json",
    "image/svg+xml",
    "text/plain",
  ]);
  expect(bundle["text/plain"]).toMatch(/600 values, 0\.0 % zeros; ln\|g\| has mean -?\d+\.\d{3}/);
  expect(bundle["text/plain"]).toMatch(/for 60\.0 % by the lognormal law: \d+\.\d % measured/);
  expect(bundle["image/svg+xml"]).toContain("<svg");
});
