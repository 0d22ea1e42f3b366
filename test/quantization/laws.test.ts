/** Optima for whole laws: the published tables, SciPy's quadrature and search, and the optimality conditions. */
import { describe, expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import * as q from "../../src/quantization/index.js";
import { draws, oracle, relative } from "./oracle.js";

const normal: q.AciqLaw & q.SymmetricLaw = { kind: "normal", std: 1 };
const laplace: q.AciqLaw & q.SymmetricLaw = { kind: "laplace", scale: 1 };

/** Bits, clip and error of the normal law, clip and error of Laplace's. */
const aciqTable = [
  [1, 1.23991, 0.21501, 1.86282, 0.599643],
  [2, 1.71064, 0.0871485, 2.83068, 0.284878],
  [3, 2.15159, 0.0314294, 3.89723, 0.119702],
  [4, 2.55914, 0.0104933, 5.02864, 0.0460215],
  [5, 2.9362, 3.32259e-3, 6.20477, 0.0165718],
  [7, 3.61511, 3.00215e-4, 8.64562, 1.87252e-3],
  [8, 3.92404, 8.70779e-5, 9.89676, 5.98853e-4],
] as const;

test.each(aciqTable)("ACIQ at %i bits", (bits, clip, error, laplaceClip, laplaceError) => {
  const bins = 2 ** bits;
  const found = q.aciqClip(normal, { bins });
  expect(found).toBeCloseTo(clip, 5);
  expect(relative(q.aciqError(normal, found, { bins }), error)).toBeLessThan(5e-6);
  const other = q.aciqClip(laplace, { bins });
  expect(other).toBeCloseTo(laplaceClip, 5);
  expect(relative(q.aciqError(laplace, other, { bins }), laplaceError)).toBeLessThan(5e-6);
  // Lambert's function: W e^W = 3 4^bits.
  expect(relative(other * Math.exp(other), 3 * 4 ** bits)).toBeLessThan(1e-13);
});

test("ACIQ of one-sided values takes twice the bins, and follows the spread", () => {
  expect(q.aciqClip(laplace, { bins: 256, oneSided: true })).toBeCloseTo(11.16, 2);
  for (const law of [normal, laplace]) {
    expect(q.aciqClip(law, { bins: 8, oneSided: true })).toBe(q.aciqClip(law, { bins: 16 }));
    expect(q.aciqError(law, 2, { bins: 8, oneSided: true })).toBe(q.aciqError(law, 2, { bins: 16 }));
  }
  const wide = { kind: "normal", std: 1e-9 } as const;
  expect(relative(q.aciqClip(wide, { bins: 4 }), 1.71064e-9)).toBeLessThan(5e-6);
  expect(q.aciqError(normal, 0, { bins: 4 })).toBe(1);
});

test("ACIQ's clip is a minimum of its error", () => {
  for (const law of [normal, laplace]) {
    for (const bins of [2, 3, 16, 1000, 65536]) {
      const clip = q.aciqClip(law, { bins });
      const at = (factor: number): number => q.aciqError(law, clip * factor, { bins });
      expect(at(1)).toBeLessThan(Math.min(at(0.999), at(1.001)));
    }
  }
});

const powers = [1, 1.5, 2, 2.5, 3, 3.5, 4];
const lapqTable = [
  [2, [1.2526, 1.3796, 1.4935, 1.5977, 1.6942, 1.7846, 1.8698]],
  [4, [2.0693, 2.3034, 2.514, 2.7069, 2.8857, 3.0531, 3.211]],
] as const;

test.each(lapqTable)("LAPQ's best clips of the normal law at %i bits", (bits, row) => {
  const clips = powers.map((p) => q.optimalClip(normal, { convention: q.lapqWeights(bits), p }));
  expect(clips).toEqual(row.map((clip) => expect.closeTo(clip, 4)));
});

test("LAPQ's best clips of Laplace's law with unit variance", () => {
  const law = { kind: "laplace", scale: Math.SQRT1_2 } as const;
  for (const [bits, row] of [
    [2, [1.6311, 2.1036, 2.5642]],
    // Integrated to infinity. Cut off near x = 14, p = 3 and 4 give 4.5473 and 5.6145.
    [4, [3.4575, 4.5474, 5.6158]],
  ] as const) {
    const clips = [2, 3, 4].map((p) => q.optimalClip(law, { convention: q.lapqWeights(bits), p }));
    expect(clips).toEqual(row.map((clip) => expect.closeTo(clip, 4)));
  }
});

test("the best clips are SciPy's", () => {
  const conventions = { lapqWeights: q.lapqWeights, aciqBins: q.aciqBins, kure: q.kure };
  expect(oracle.optimal).toHaveLength(12);
  for (const [kind, name, bits, p, expected] of oracle.optimal) {
    const clip = q.optimalClip(kind === "normal" ? normal : laplace, { convention: conventions[name](bits), p });
    expect([kind, name, p, relative(clip, expected) < 3e-6]).toEqual([kind, name, p, true]);
  }
});

test("three correct answers for two bits of a normal law", () => {
  expect(q.optimalClip(normal, { convention: q.lapqWeights(2) })).toBeCloseTo(1.4935, 4);
  expect(q.optimalClip(normal, { convention: q.aciqBins(2) })).toBeCloseTo(1.9914, 4);
  expect(q.aciqClip(normal, { bins: 4 })).toBeCloseTo(1.7106, 4);
});

test("the best clip of a law is that of many of its values", () => {
  const convention = q.kure(3);
  const best = q.optimalClip(normal, { convention });
  expect(relative(q.mseClip(draws(21, [40_000]), { convention }), best)).toBeLessThan(0.02);
  const half = q.optimalClip(normal, { convention: q.lapqActivations(3) });
  const relu = draws(22, [40_000]);
  for (let i = 0; i < relu.data.length; i++) relu.data[i] = Math.abs(relu.data[i] as number);
  expect(relative(q.mseClip(relu, { convention: q.lapqActivations(3) }), half)).toBeLessThan(0.02);
});

/** Levels, step, error, entropy of the normal law. */
const uniformTable = [
  [2, 1.59577, 0.36338, 1.0],
  [4, 0.99569, 0.118846, 1.9037],
  [8, 0.58602, 0.03744, 2.7606],
  [16, 0.3352, 0.011543, 3.6024],
  [32, 0.18814, 0.003495, 4.4493],
  [128, 0.05687, 3.04e-4, 6.1823],
  [256, 0.03076, 8.8e-5, 7.0694],
  [3, 1.22401, 0.190174, 1.5358],
  [7, 0.65077, 0.04686, undefined],
  [15, 0.35341, 0.012889, undefined],
  [31, 0.19325, 0.003693, undefined],
  [255, 0.03087, undefined, undefined],
] as const;

test.each(uniformTable)("the best uniform quantizer of %i levels", (levels, step, mse, entropy) => {
  const found = q.uniformOptimum(normal, { levels });
  expect(found.step).toBeCloseTo(step, 5);
  if (mse !== undefined) expect(found.mse).toBeCloseTo(mse, 6);
  if (entropy !== undefined) expect(found.entropy).toBeCloseTo(entropy, 4);
  expect(found.sqnr).toBeCloseTo(-10 * Math.log10(found.mse), 10);
  expect([found.levels.shape, found.thresholds.shape]).toEqual([[levels], [levels - 1]]);
});

test("its signal to noise, and the clip of the same grid found by quadrature", () => {
  const sqnr = [2, 4, 8, 16, 32, 128, 256].map((levels) => q.uniformOptimum(normal, { levels }).sqnr);
  expect(sqnr).toEqual([4.4, 9.25, 14.27, 19.38, 24.57, 35.17, 40.57].map((x) => expect.closeTo(x, 2)));
  for (const law of [normal, laplace, { kind: "uniform", limit: 1 } as const]) {
    for (const bits of [1, 3, 5]) {
      const { step } = q.uniformOptimum(law, { levels: 2 ** bits });
      const clip = q.optimalClip(law, { convention: q.aciqBins(bits) });
      expect(relative(clip, (step * 2 ** bits) / 2)).toBeLessThan(1e-6);
    }
  }
});

test("the scaled ternary optimum: threshold, level, share of non-zeros, cosine, error", () => {
  const { step, thresholds, mse, entropy } = q.uniformOptimum({ kind: "normal", std: 2 }, { levels: 3 });
  expect([step / 2, (thresholds.data[1] as number) / 2, mse / 4]).toEqual([
    expect.closeTo(1.224006, 6),
    expect.closeTo(0.612003, 6),
    expect.closeTo(0.190174, 6),
  ]);
  expect(entropy).toBeCloseTo(1.5358, 4);
  expect(Math.sqrt(1 - mse / 4)).toBeCloseTo(0.899903, 6);
  const flat = q.uniformOptimum({ kind: "uniform", limit: 1 }, { levels: 3 });
  expect([flat.step, flat.thresholds.data[1], flat.mse * 3]).toEqual([
    expect.closeTo(2 / 3, 14),
    expect.closeTo(1 / 3, 14),
    expect.closeTo(1 / 9, 14),
  ]);
});

const lloydTable = [
  [2, [0.797885], [], 0.36338],
  [4, [0.45278, 1.51042], [0.9816], 0.117482],
  [8, [0.245094, 0.756005, 1.343909, 2.151946], [0.50055, 1.04996, 1.74793], 0.034548],
  [16, [0.128395, 0.388048, 0.656759, 0.94234, 1.256231, 1.618046, 2.069017, 2.73259], [], 0.009501],
  [32, [], [], 0.002505],
  [64, [], [], 6.44e-4],
  [256, [], [], 4.1e-5],
] as const;

describe("Lloyd-Max", () => {
  test.each(lloydTable)("%i levels of the normal law", (levels, positive, thresholds, mse) => {
    const found = q.lloydMax(normal, { levels });
    const half = levels / 2;
    positive.forEach((level, i) => {
      expect(found.levels.data[half + i]).toBeCloseTo(level, 5);
      expect(found.levels.data[half - 1 - i]).toBe(-(found.levels.data[half + i] as number));
    });
    thresholds.forEach((threshold, i) => {
      expect(found.thresholds.data[half + i]).toBeCloseTo(threshold, 5);
    });
    expect(found.mse).toBeCloseTo(mse, 6);
  });

  test("entropies, and the high-rate law of Panter and Dite", () => {
    const entropy = [4, 8, 16].map((levels) => q.lloydMax(normal, { levels }).entropy);
    expect(entropy).toEqual([1.9111, 2.8249, 3.7653].map((x) => expect.closeTo(x, 4)));
    const { mse } = q.lloydMax(normal, { levels: 1024 });
    expect(relative(mse * 4 ** 10, (Math.sqrt(3) * Math.PI) / 2)).toBeLessThan(0.01);
  });

  test.each([2, 3, 4, 5, 9, 64, 129, 512, 1024])("%i levels are the means of their cells, for every law", (levels) => {
    for (const law of [normal, { kind: "laplace", scale: 3 }, { kind: "uniform", limit: 5 }] as const) {
      const found = q.lloydMax(law, { levels });
      const ends = [-Infinity, ...found.thresholds.data, Infinity];
      for (let i = 0; i < levels; i += Math.max(1, Math.floor(levels / 40))) {
        const level = found.levels.data[i] as number;
        const centre = meanBetween(law, ends[i] as number, ends[i + 1] as number);
        expect([law.kind, i, Math.abs(centre - level) < 1e-7]).toEqual([law.kind, i, true]);
      }
      expect(found.mse).toBeLessThanOrEqual(q.uniformOptimum(law, { levels }).mse * (1 + 1e-9));
    }
  });

  test("a uniform law has equal steps", () => {
    const { levels, mse } = q.lloydMax({ kind: "uniform", limit: 1 }, { levels: 5 });
    expect([...levels.data]).toEqual([-0.8, -0.4, 0, 0.4, 0.8].map((x) => expect.closeTo(x, 14)));
    expect(mse).toBeCloseTo(0.4 ** 2 / 12, 14);
  });
});

/** The mean of a law between two ends, by Simpson's rule on a fine grid. */
function meanBetween(law: q.SymmetricLaw, from: number, to: number): number {
  const density = (x: number): number => {
    if (law.kind === "normal") return Math.exp((-x * x) / 2);
    return law.kind === "laplace" ? Math.exp(-Math.abs(x) / law.scale) : Number(Math.abs(x) <= law.limit);
  };
  const far = law.kind === "normal" ? 12 : law.kind === "laplace" ? 150 : law.limit;
  // The kink of Laplace's density is where two pieces meet.
  const pieces =
    from < 0 && to > 0
      ? [
          [from, 0],
          [0, to],
        ]
      : [[from, to]];
  let [mass, first] = [0, 0];
  for (const [a, b] of pieces as [number, number][]) {
    const [low, high] = [Math.max(a, -far), Math.min(b, far)];
    const count = 4000;
    for (let i = 0; i <= count; i++) {
      const x = low + ((high - low) * i) / count;
      const weight = ((i === 0 || i === count ? 1 : i % 2 === 1 ? 4 : 2) * (high - low)) / count / 3;
      mass += weight * density(x);
      first += weight * density(x) * x;
    }
  }
  return first / mass;
}

test("bad input is named", () => {
  expect(() => q.aciqClip(normal, { bins: 1 })).toThrow(
    new ValueError("aciqClip: bins = 1, expected a whole number 2..2^24"),
  );
  expect(() => q.aciqClip({ kind: "normal", std: 0 }, { bins: 4 })).toThrow("aciqClip: law");
  expect(() => q.aciqError(normal, Number.NaN, { bins: 4 })).toThrow("aciqError: clip = NaN, expected");
  expect(() => q.lloydMax({ kind: "laplace", scale: -1 }, { levels: 4 })).toThrow(
    "lloydMax: laplace law with scale = -1, expected a finite number > 0",
  );
  expect(() => q.lloydMax(normal, { levels: 1 })).toThrow("lloydMax: levels = 1, expected a whole number 2..1024");
  expect(() => q.uniformOptimum({ kind: "cauchy" } as unknown as q.SymmetricLaw, { levels: 2 })).toThrow(ValueError);
  expect(() => q.optimalClip(normal, { convention: q.intAffine(4) })).toThrow("optimalClip: convention intAffine of 4");
  expect(() => q.optimalClip(normal, { convention: q.kure(12) })).toThrow("expected a symmetric or one-sided one");
  expect(() => q.optimalClip(normal, { convention: q.kure(2), p: -1 })).toThrow("optimalClip: p = -1");
});
