/** The Karhunen–Loève transform over channels, and what it promises. */
import { describe, expect, test } from "vitest";
import { codingGain } from "../../src/coding/index.js";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { key, normal } from "../../src/random/index.js";
import { empty, equal, from, map, slice, type Tensor, zeros } from "../../src/tensor/index.js";
import { fitKlt, foldKlt, inverseKlt, klt } from "../../src/transforms/index.js";
import { describeBackends, plainly } from "../support/backends.js";
import { apart, double } from "./oracle.js";

type Maps = Tensor<"float64">;
const value = ({ data, shape }: Tensor, ...index: readonly number[]): number =>
  data[index.reduce((offset, place, axis) => offset * (shape[axis] as number) + place, 0)] as number;
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Maps with correlated channels and means: each channel is the one before, weakened, and noise. */
function correlated(seed: number, [batch, channels, height, width]: readonly [number, number, number, number]): Maps {
  const noise = normal(key(seed), [batch, channels, height, width], { dtype: "float64" });
  const plane = height * width;
  for (let i = 0; i < noise.data.length; i++) {
    const channel = Math.floor(i / plane) % channels;
    const before = channel === 0 ? 0 : (noise.data[i - plane] as number);
    noise.data[i] = 0.8 * before + (0.3 + 0.1 * channel) * (noise.data[i] as number) + 0.5 * channel;
  }
  return noise;
}

/** Mean and covariance of the channels, pixel by pixel. */
function statistics(maps: Tensor): { mean: number[]; covariance: number[][] } {
  const [batch, channels, height, width] = maps.shape as [number, number, number, number];
  const pixels = range(batch).flatMap((b) =>
    range(height).flatMap((y) => range(width).map((x) => range(channels).map((c) => value(maps, b, c, y, x)))),
  );
  const mean = range(channels).map((c) => pixels.reduce((sum, p) => sum + (p[c] as number), 0) / pixels.length);
  const deviation = (p: number[], c: number): number => (p[c] as number) - (mean[c] as number);
  const covariance = range(channels).map((r) =>
    range(channels).map((c) => pixels.reduce((sum, p) => sum + deviation(p, r) * deviation(p, c), 0) / pixels.length),
  );
  return { mean, covariance };
}

const diagonal = (values: Iterable<number>): number[][] =>
  [...values].map((entry, i, all) => all.map((_, j) => (i === j ? entry : 0)));

describeBackends("fitKlt", () => {
  const maps = correlated(1, [3, 6, 4, 5]);
  const transform = fitKlt(maps);

  test("the mean is the channels'; the components are uncorrelated and have the variances, in descending order", () => {
    expect(apart(transform.mean, statistics(maps).mean)).toBeLessThan(1e-14);
    const after = statistics(klt(maps, transform));
    expect(apart(double(after.mean), [0, 0, 0, 0, 0, 0])).toBeLessThan(1e-14);
    expect(apart(double(after.covariance), diagonal(transform.variances.data))).toBeLessThan(1e-13);
    expect([...transform.variances.data]).toEqual([...transform.variances.data].sort((a, b) => b - a));
  });

  test("the basis is orthonormal, so energy is kept, and total variance too", () => {
    const { data } = transform.basis;
    const gram = range(6).map((i) =>
      range(6).map((j) => range(6).reduce((s, c) => s + (data[c * 6 + i] as number) * (data[c * 6 + j] as number), 0)),
    );
    expect(apart(double(gram), diagonal(Array<number>(6).fill(1)))).toBeLessThan(1e-14);
    const { covariance } = statistics(maps);
    const total = range(6).reduce((sum, c) => sum + (covariance[c]?.[c] as number), 0);
    expect(transform.variances.data.reduce((a, b) => a + b)).toBeCloseTo(total, 12);
  });

  test("two channels have the axes of the closed form", () => {
    const x = double([
      [1, 1],
      [-1, -1],
      [2, 2],
      [-2, -2],
      [0.5, -0.5],
      [-0.5, 0.5],
    ]);
    const { mean, basis, variances } = fitKlt(x);
    const half = Math.SQRT1_2;
    expect(apart(mean, [0, 0])).toBe(0);
    expect(
      apart(basis, [
        [half, half],
        [half, -half],
      ]),
    ).toBeLessThan(1e-15);
    expect(apart(variances, [20 / 6, 1 / 6])).toBeLessThan(1e-15);
  });

  test("the first components leave out the variance of the others, and no axes leave out less", () => {
    for (let components = 1; components <= 6; components++) {
      const part = fitKlt(maps, { components });
      expect(part.basis).toEqual(slice(transform.basis, null, [0, components]));
      const back = inverseKlt(klt(maps, part), part);
      const error = maps.data.reduce((sum, x, i) => sum + (x - (back.data[i] as number)) ** 2, 0) / (3 * 4 * 5);
      const left = [...transform.variances.data.slice(components)].reduce((a, b) => a + b, 0);
      expect(error).toBeCloseTo(left, 12);
      const { covariance } = statistics(maps);
      const kept = range(6)
        .map((c) => covariance[c]?.[c] as number)
        .sort((a, b) => b - a);
      expect(left).toBeLessThanOrEqual(kept.slice(components).reduce((a, b) => a + b, 0) + 1e-12);
    }
  });

  test("constant and dependent channels have variances of 0, never below", () => {
    const plane = normal(key(4), [2, 1, 3, 3], { dtype: "float64" });
    const data = Float64Array.from({ length: 54 }, (_, i) => {
      const [b, c, at] = [Math.floor(i / 27), Math.floor(i / 9) % 3, i % 9];
      return c === 1 ? 0.1 : (c + 1) * (plane.data[b * 9 + at] as number);
    });
    const { variances, mean } = fitKlt({ data, shape: [2, 3, 3, 3], dtype: "float64" });
    expect(mean.data[1]).toBeCloseTo(0.1, 15);
    expect([...variances.data.slice(1)].every((v) => v >= 0 && v < 1e-15)).toBe(true);
  });
});

describeBackends("any number of channels, pixels and images", () => {
  const shapes = [
    [1, 1, 1, 1],
    [2, 3, 1, 5],
    [3, 5, 9, 7],
    [1, 8, 8, 8],
    [2, 13, 10, 13],
    [1, 4, 32, 32],
    [2, 3, 25, 41],
    [1, 5, 70, 44],
  ] as const;

  test.each(shapes)(
    "the components of [%i, %i, %i, %i] are uncorrelated, and the inverse gives the maps back",
    (...shape) => {
      const maps = correlated(shape[1], shape);
      const transform = fitKlt(maps);
      const { mean, covariance } = statistics(maps);
      expect(apart(transform.mean, mean)).toBeLessThan(1e-12);
      const after = statistics(klt(maps, transform)).covariance;
      expect(apart(double(after), diagonal(transform.variances.data))).toBeLessThan(1e-11);
      const total = covariance.reduce((sum, row, c) => sum + (row[c] as number), 0);
      expect(transform.variances.data.reduce((a, b) => a + b)).toBeCloseTo(total, 10);
      expect(apart(inverseKlt(klt(maps, transform), transform), maps)).toBeLessThan(1e-12);
    },
  );

  test.each(shapes)("[%i, %i, %i, %i] has the bits of plain TypeScript, float32 and float64", (...shape) => {
    const maps = correlated(shape[2], shape);
    for (const given of [maps, map(maps, (x) => x, "float32")] as Maps[]) {
      const components = Math.ceil(shape[1] / 2);
      const run = (): unknown => {
        const transform = fitKlt(given, { components });
        const coefficients = klt(given, transform);
        return [transform, coefficients, inverseKlt(coefficients, transform)];
      };
      expect(run()).toEqual(plainly(run));
    }
  });

  test("out is written and given back, in WebAssembly memory too", () => {
    for (const shape of [
      [2, 5, 6, 7],
      [1, 3, 40, 31],
    ] as const) {
      const maps = map(correlated(6, shape), (x) => x, "float32");
      const transform = fitKlt(maps, { components: 3 });
      const expected = klt(maps, transform);
      const inside = empty(maps.shape, "float32", { memory: "wasm" });
      inside.data.set(maps.data);
      const room = (memory: "wasm" | "ordinary"): Tensor<"float32"> => empty(expected.shape, "float32", { memory });
      for (const [given, out] of [
        [maps, room("ordinary")],
        [inside, room("wasm")],
        [inside, room("ordinary")],
      ] as const) {
        expect(klt(given, transform, { out })).toBe(out);
        expect(equal(out, expected)).toBe(true);
      }
      expect(fitKlt(inside, { components: 3 })).toEqual(transform);
      expect(equal(inside, maps)).toBe(true);
      const back = empty(maps.shape, "float32");
      expect(inverseKlt(expected, transform, { out: back })).toBe(back);
      expect(equal(back, inverseKlt(expected, transform))).toBe(true);
    }
    const maps = correlated(1, [1, 2, 3, 4]);
    const transform = fitKlt(maps);
    expect(() => klt(maps, transform, { out: maps })).toThrow("klt: out shares memory with an input");
    expect(() => inverseKlt(maps, transform, { out: zeros([1, 2, 3, 5], "float64") })).toThrow(ShapeError);
    expect(() => klt(maps, transform, { out: zeros([1, 2, 3, 4]) as never })).toThrow(DtypeError);
  });

  test("more blocks than are copied at a time", () => {
    const maps = correlated(5, [1, 3, 320, 301]);
    const run = (): readonly [Float64Array, Maps] => {
      const transform = fitKlt(maps);
      return [transform.basis.data, inverseKlt(klt(maps, transform), transform)];
    };
    const [basis, back] = run();
    const [plainBasis, plainBack] = plainly(run);
    expect([...basis]).toEqual([...plainBasis]);
    expect(equal(back, plainBack)).toBe(true);
    expect(back.data.every((x, i) => Math.abs(x - (maps.data[i] as number)) < 1e-12)).toBe(true);
  });

  test("the mixture spreads NaN and infinities as IEEE 754 says; zeros keep their rule", () => {
    const mean = double([0.5, -0.5]);
    const basis = double([
      [1, 0],
      [0, 1],
    ]);
    const transform = { mean, basis, variances: double([1, 1]) };
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
    const maps = {
      ...double([
        [nan, infinity, -0.5, 5e-324, 1],
        [1, 2, -0.5, -infinity, 4],
      ]),
      shape: [1, 2, 5],
    };
    expect([...klt(maps, transform).data]).toEqual([nan, infinity, -1, nan, 0.5, nan, nan, 0, -infinity, 4.5]);
  });

  test("a value that is not finite is named", () => {
    for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const maps = correlated(3, [2, 3, 4, 5]);
      maps.data[77] = bad;
      const message = `fitKlt: value ${bad} at position 77, expected finite values`;
      expect(() => fitKlt(maps)).toThrow(new ValueError(message));
    }
    const huge = {
      ...double([
        [1e308, 1e308],
        [1, 2],
      ]),
      shape: [1, 2, 2],
    };
    expect(() => fitKlt(huge)).toThrow("fitKlt: a covariance that is not finite");
    expect(() => fitKlt(zeros([0, 3, 2]))).toThrow("fitKlt: an empty tensor");
  });
});

describeBackends("klt of stacks and dtypes", () => {
  test("the inverse gives the maps back; stacks of any rank; float32 rounds once", () => {
    const maps = correlated(2, [2, 4, 3, 7]);
    const transform = fitKlt(maps);
    expect(apart(inverseKlt(klt(maps, transform), transform), maps)).toBeLessThan(1e-14);
    const flat = { ...maps, shape: [2, 4, 21] };
    expect(fitKlt(flat)).toEqual(transform);
    expect(klt(flat, transform).data).toEqual(klt(maps, transform).data);
    const single = map(maps, (x) => x, "float32");
    const wide = map(single, (x) => x, "float64");
    expect(fitKlt(single)).toEqual(fitKlt(wide));
    expect([...klt(single, transform).data]).toEqual([...klt(wide, transform).data].map(Math.fround));
    expect(klt(zeros([0, 4, 3, 7]), transform)).toEqual(zeros([0, 4, 3, 7]));
  });
});

/** y[b, o, i, j] = bias[o] + Σ w[o, c, u, v] x[b, c, i + u, j + v]: no padding, stride as given. */
function convolve(x: Tensor, w: Tensor, bias: Tensor | undefined, stride: number): Maps {
  const [batch, inputs, height, width] = x.shape as [number, number, number, number];
  const [outputs, , kh, kw] = w.shape as [number, number, number, number];
  const [rows, columns] = [Math.floor((height - kh) / stride) + 1, Math.floor((width - kw) / stride) + 1];
  const data: number[] = [];
  for (const b of range(batch)) {
    for (const o of range(outputs)) {
      for (const i of range(rows)) {
        for (const j of range(columns)) {
          let sum = bias?.data[o] ?? 0;
          for (const c of range(inputs)) {
            for (const u of range(kh)) {
              for (const v of range(kw)) sum += value(w, o, c, u, v) * value(x, b, c, i * stride + u, j * stride + v);
            }
          }
          data.push(sum);
        }
      }
    }
  }
  return from(data, { dtype: "float64", shape: [batch, outputs, rows, columns] } as const) as Maps;
}

describeBackends("foldKlt", () => {
  test.each([
    ["1x1", [5, 3, 1, 1], 1],
    ["3x2", [5, 3, 3, 2], 1],
    ["3x3, stride 2", [4, 2, 3, 3], 2],
  ] as const)("convolving and transforming is the folded convolution: %s", (_, shape, stride) => {
    const weights = normal(key(5), [...shape], { dtype: "float64" });
    const bias = normal(key(6), [shape[0]], { dtype: "float64" });
    const x = normal(key(7), [2, shape[1], 7, 6], { dtype: "float64" });
    for (const given of [bias, undefined]) {
      const outputs = convolve(x, weights, given, stride);
      for (const components of [shape[0], 2]) {
        const transform = fitKlt(outputs, { components });
        const folded = foldKlt(given === undefined ? { weights } : { weights, bias: given }, transform);
        expect(folded.weights.shape).toEqual([components, ...shape.slice(1)]);
        const direct = klt(outputs, transform);
        expect(apart(convolve(x, folded.weights, folded.bias, stride), direct)).toBeLessThan(1e-12);
      }
    }
  });

  test("float32 weights stay float32, rounded once", () => {
    const weights = normal(key(8), [3, 2, 3, 3]);
    const bias = normal(key(9), [3]);
    const transform = fitKlt(correlated(3, [2, 3, 4, 4]));
    const single = foldKlt({ weights, bias }, transform);
    const double = { weights: map(weights, (x) => x, "float64"), bias: map(bias, (x) => x, "float64") };
    const wide = foldKlt(double, transform);
    expect([single.weights.dtype, single.bias.dtype]).toEqual(["float32", "float32"]);
    expect([...single.weights.data]).toEqual([...wide.weights.data].map(Math.fround));
    expect([...single.bias.data]).toEqual([...wide.bias.data].map(Math.fround));
  });
});

describe("the coding gain of the variances", () => {
  test("of an AR(1) source is (1 - ρ²)^(-(n - 1) / n)", () => {
    for (const [rho, n, rounded] of [
      [0.9, 2, 2.2942],
      [0.9, 8, 4.2765],
      [0.5, 3, undefined],
    ] as const) {
      const data = Float64Array.from({ length: n * n }, (_, i) => rho ** Math.abs(Math.floor(i / n) - (i % n)));
      // Pixels with exactly this covariance: √n times the rows of a factor of it and their opposites.
      const factor = choleskyByHand(data, n);
      const pixels = range(2 * n).map((p) =>
        range(n).map((c) => (p < n ? 1 : -1) * Math.sqrt(n) * (factor[c]?.[p % n] as number)),
      );
      const gain = codingGain(fitKlt(double(pixels)).variances);
      expect(gain).toBeCloseTo((1 - rho * rho) ** (-(n - 1) / n), 12);
      if (rounded !== undefined) expect(gain).toBeCloseTo(rounded, 4);
    }
  });
});

function choleskyByHand(data: Float64Array, n: number): number[][] {
  const lower = range(n).map(() => Array<number>(n).fill(0));
  for (const i of range(n)) {
    for (const j of range(i + 1)) {
      const rest = range(j).reduce(
        (r, k) => r - (lower[i]?.[k] as number) * (lower[j]?.[k] as number),
        data[i * n + j] as number,
      );
      (lower[i] as number[])[j] = i === j ? Math.sqrt(rest) : rest / (lower[j]?.[j] as number);
    }
  }
  return lower;
}

describe("refused", () => {
  const transform = fitKlt(correlated(9, [2, 3, 2, 2]));
  test.each([
    [
      "an integer dtype",
      () => fitKlt(zeros([1, 2], "int8") as unknown as Tensor<"float32">),
      DtypeError,
      "fitKlt: dtype int8",
    ],
    ["one axis", () => fitKlt(zeros([4])), ShapeError, "fitKlt: shape [4], expected [batch, channels, ...]"],
    ["no pixels", () => fitKlt(zeros([0, 3, 2, 2])), ValueError, "fitKlt: an empty tensor"],
    ["NaN", () => fitKlt(from([[1, Number.NaN]])), ValueError, "fitKlt: value NaN at position 1"],
    ["huge values", () => fitKlt(double([[1e200], [-1e200]])), ValueError, "fitKlt: a covariance that is not finite"],
    [
      "no components",
      () => fitKlt(zeros([1, 2]), { components: 0 }),
      ValueError,
      "fitKlt: components = 0, expected an integer 1..2",
    ],
    ["too many components", () => fitKlt(zeros([1, 2]), { components: 3 }), ValueError, "expected an integer 1..2"],
    [
      "other channels",
      () => klt(zeros([1, 4, 2, 2]), transform),
      ShapeError,
      "klt: shape [1, 4, 2, 2], expected [batch, 3, ...]",
    ],
    [
      "other components",
      () => inverseKlt(zeros([1, 2]), transform),
      ShapeError,
      "inverseKlt: shape [1, 2], expected [batch, 3, ...]",
    ],
    [
      "a broken transform",
      () => klt(zeros([1, 3]), { ...transform, mean: zeros([2], "float64") }),
      ShapeError,
      "klt: mean [2] and basis [3, 3]",
    ],
    [
      "other outputs",
      () => foldKlt({ weights: zeros([2, 3, 1, 1]) }, transform),
      ShapeError,
      "foldKlt: weights [2, 3, 1, 1], expected [3, inputs, ...kernel]",
    ],
    [
      "a bias",
      () => foldKlt({ weights: zeros([3, 3, 1, 1]), bias: zeros([2]) }, transform),
      ShapeError,
      "foldKlt: bias [2], expected [3]",
    ],
  ] as const)("%s", (_, run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
  });
});
