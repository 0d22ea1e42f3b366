/** The spline transform à trous, and the maxima of its modulus. */
import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { key, normal } from "../../src/random/index.js";
import { equal, from, full, map, slice, type Tensor, transpose, zeros } from "../../src/tensor/index.js";
import { type AtrousBorder, atrous, atrous2, modulusMaxima } from "../../src/transforms/index.js";
import { apart, double } from "./oracle.js";

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const noise = (seed: number, shape: readonly number[]): Tensor<"float64"> =>
  normal(key(seed), [...shape], { dtype: "float64" });

/** A filter as weights by offset; filters are convolved by adding offsets. */
type Taps = ReadonlyMap<number, number>;
const convolve = (a: Taps, b: Taps): Taps => {
  const out = new Map<number, number>();
  for (const [i, x] of a) for (const [j, y] of b) out.set(i + j, (out.get(i + j) ?? 0) + x * y);
  return out;
};
const taps = (places: readonly number[], weights: readonly number[]): Taps =>
  new Map(places.map((place, i) => [place, weights[i] as number]));
/** The whole filter of a level, from the offsets of the paper: gaps of 2^level, the first level half a step aside. */
const gaps = (level: number, doubled: readonly number[]): number[] =>
  doubled.map((place) => (place * 2 ** level + (level === 0 ? 1 : 0)) / 2);
const smoothing = (level: number): Taps => taps(gaps(level, [-3, -1, 1, 3]), [1 / 8, 3 / 8, 3 / 8, 1 / 8]);
const smoothUpTo = (level: number): Taps =>
  range(level).reduce((all: Taps, each) => convolve(all, smoothing(each)), new Map([[0, 1]]));
const lambdas = [1.5, 1.125, 1.03125, 1.0078125, 1.001953125];
const detailFilter = (level: number): Taps => {
  const lambda = lambdas[level] as number;
  return convolve(smoothUpTo(level), taps(gaps(level, [-1, 1]), [-2 / lambda, 2 / lambda]));
};
const modulo = (place: number, period: number): number => ((place % period) + period) % period;
const apply = (filter: Taps, x: ArrayLike<number>): number[] =>
  range(x.length).map((n) =>
    [...filter].reduce((sum, [at, weight]) => sum + weight * (x[modulo(n + at, x.length)] as number), 0),
  );

describe("atrous", () => {
  test("each band is one convolution with the whole filter of its scale", () => {
    for (const length of [1, 2, 5, 16, 33]) {
      const x = noise(length, [length]);
      const { details, approximation } = atrous(x, { levels: 5, mode: "periodic" });
      details.forEach((band, level) => {
        expect(apart(band, apply(detailFilter(level), x.data))).toBeLessThan(1e-13);
      });
      expect(apart(approximation, apply(smoothUpTo(5), x.data))).toBeLessThan(1e-13);
    }
  });

  test("symmetric is periodic of the signal and its mirror image", () => {
    const x = noise(1, [11]);
    const both = [...x.data, ...[...x.data].reverse()];
    const { details, approximation } = atrous(x, { levels: 5 });
    details.forEach((band, level) => {
      expect(apart(band, apply(detailFilter(level), both).slice(0, 11))).toBeLessThan(1e-13);
    });
    expect(apart(approximation, apply(smoothUpTo(5), both).slice(0, 11))).toBeLessThan(1e-13);
  });

  test("a signal read backwards has its bands read backwards, with the other sign, bit for bit", () => {
    const x = noise(2, [14]);
    const backwards = double([...x.data].reverse());
    const [there, back] = [atrous(x, { levels: 4 }), atrous(backwards, { levels: 4 })];
    there.details.forEach((band, level) => {
      const mirrored = [...band.data.slice(0, 13)].reverse().map((value) => 0 - value);
      expect([...(back.details[level] as Tensor).data]).toEqual([...mirrored, 0]);
    });
  });

  test("a shifted signal has shifted bands", () => {
    const x = noise(3, [20]);
    const shifted = double([...x.data.slice(7), ...x.data.slice(0, 7)]);
    const [there, here] = [atrous(x, { mode: "periodic" }), atrous(shifted, { mode: "periodic" })];
    there.details.forEach((band, level) => {
      expect([...(here.details[level] as Tensor).data]).toEqual([...band.data.slice(7), ...band.data.slice(0, 7)]);
    });
  });

  const largest = (band: Tensor): number => Math.max(...band.data.map(Math.abs));

  test("a step has a maximum of 4/3 of its height at every scale, where it is", () => {
    const step = double(range(256).map((n) => (n > 127 ? 3 : 0)));
    for (const band of atrous(step, { levels: 6 }).details) {
      expect(largest(band)).toBeCloseTo(4, 12);
      expect(band.data.indexOf(largest(band))).toBe(127);
    }
  });

  test("a ramp grows as the scale does, an impulse shrinks: the exponents 1, 0 and -1 of Lipschitz", () => {
    const ramp = atrous(double(range(512)), { levels: 6 }).details.map((band) => band.data[256] as number);
    const impulse = atrous(double(range(512).map((n) => (n === 256 ? 1 : 0))), { levels: 7 }).details.map(largest);
    for (let level = 3; level < 6; level++) {
      expect((ramp[level] as number) / (ramp[level - 1] as number)).toBeCloseTo(2, 1);
      expect((impulse[level] as number) / (impulse[level - 1] as number)).toBeCloseTo(0.5, 1);
    }
  });

  test.each(["symmetric", "periodic"] as const)("a constant has no details (%s)", (mode) => {
    const { details, approximation } = atrous(full([9], 0.1, "float64"), { levels: 4, mode });
    for (const band of details) expect(largest(band)).toBe(0);
    expect(apart(approximation, full([9], 0.1, "float64"))).toBeLessThan(1e-16);
  });

  test("stacks are signals side by side; float32 gives the float64 result of the same numbers", () => {
    const single = normal(key(4), [3, 8]);
    const wide = map(single, (value) => value, "float64");
    expect(atrous(single)).toEqual(atrous(wide));
    expect(slice(atrous(wide).details[2] as Tensor, 1)).toEqual(atrous(slice(wide, 1)).details[2]);
    expect(atrous(zeros([0, 4])).approximation).toEqual(zeros([0, 4], "float64"));
  });
});

describe("atrous2", () => {
  test.each(["symmetric", "periodic"] as const)("smooths both ways, then takes the slope of one (%s)", (mode) => {
    const x = noise(5, [6, 9]);
    const bands = atrous2(x, { levels: 3, mode });
    const turned = (image: Tensor<"float64">): Tensor<"float64"> => transpose(image);
    let smooth = x;
    // One level at a time through the filters of the definition, on an explicit image with its mirror images.
    const [height, width] = mode === "symmetric" ? [12, 18] : [6, 9];
    const fold = (place: number, side: number): number => (place < side ? place : 2 * side - 1 - place);
    smooth = double(range(height).map((r) => range(width).map((c) => x.data[fold(r, 6) * 9 + fold(c, 9)] as number)));
    const rows = (image: Tensor<"float64">, filter: Taps): Tensor<"float64"> =>
      double(range(image.shape[0] as number).map((r) => apply(filter, slice(image, r).data)));
    const columns = (image: Tensor<"float64">, filter: Taps): Tensor<"float64"> => turned(rows(turned(image), filter));
    for (let level = 0; level < 3; level++) {
      const lambda = lambdas[level] as number;
      const difference = taps(gaps(level, [-1, 1]), [-2 / lambda, 2 / lambda]);
      const part = (image: Tensor<"float64">): Tensor<"float64"> => slice(image, [0, 6], [0, 9]);
      expect(apart(bands.horizontal[level] as Tensor, part(rows(smooth, difference)))).toBeLessThan(1e-13);
      expect(apart(bands.vertical[level] as Tensor, part(columns(smooth, difference)))).toBeLessThan(1e-13);
      smooth = columns(rows(smooth, smoothing(level)), smoothing(level));
    }
    expect(apart(bands.approximation, slice(smooth, [0, 6], [0, 9]))).toBeLessThan(1e-13);
  });

  test("a transposed image has the two slopes exchanged", () => {
    const x = noise(6, [5, 8]);
    const [there, here] = [atrous2(x), atrous2(transpose(x))];
    for (let level = 0; level < 3; level++) {
      expect(apart(transpose(here.horizontal[level] as Tensor), there.vertical[level] as Tensor)).toBeLessThan(1e-14);
      expect(apart(transpose(here.vertical[level] as Tensor), there.horizontal[level] as Tensor)).toBeLessThan(1e-14);
    }
  });

  test("stacks are images side by side", () => {
    const x = noise(7, [2, 3, 5, 4]);
    expect(slice(atrous2(x).vertical[1] as Tensor, 1, 2)).toEqual(atrous2(slice(x, 1, 2)).vertical[1]);
  });
});

describe("modulusMaxima", () => {
  const disc = double(range(32).map((r) => range(32).map((c) => ((r - 15.5) ** 2 + (c - 15.5) ** 2 < 100 ? 1 : 0))));

  test("the edge of a half plane is one line of maxima at every scale, and nothing else", () => {
    const image = double(range(20).map(() => range(24).map((c) => (c > 11 ? 1 : 0))));
    for (const turned of [false, true]) {
      const { horizontal, vertical } = atrous2(turned ? transpose(image) : image);
      for (let level = 0; level < 3; level++) {
        const { maxima, modulus } = modulusMaxima(
          horizontal[level] as Tensor<"float64">,
          vertical[level] as Tensor<"float64">,
          { threshold: 1e-9 },
        );
        const expected = from(range(20).map(() => range(24).map((c) => c === 11)));
        expect(equal(maxima, turned ? transpose(expected) : expected)).toBe(true);
        expect(Math.max(...modulus.data)).toBeCloseTo(4 / 3, 12);
      }
    }
  });

  test("the maxima of a disc lie on its circle, all around", () => {
    const { horizontal, vertical } = atrous2(disc);
    const { maxima } = modulusMaxima(horizontal[1] as Tensor<"float64">, vertical[1] as Tensor<"float64">, {
      threshold: 0.3,
    });
    // A value at n belongs to the place n + 1/2.
    const places = [...maxima.data].flatMap((one, i) =>
      one ? [[Math.floor(i / 32) - 15, (i % 32) - 15] as const] : [],
    );
    for (const [y, x] of places) expect(Math.abs(Math.hypot(x, y) - 10)).toBeLessThan(1.2);
    const sectors = new Set(
      places.map(([y, x]) => Math.floor(((Math.atan2(y, x) + Math.PI) / (2 * Math.PI)) * 24) % 24),
    );
    expect(sectors.size).toBe(24);
  });

  test("each point against its two neighbours along the rounded angle, by brute force", () => {
    const [h, v] = [noise(8, [2, 9, 7]), noise(9, [2, 9, 7])];
    const { modulus, maxima } = modulusMaxima(h, v, { threshold: 0.2 });
    const size = (b: number, r: number, c: number): number =>
      r < 0 || c < 0 || r >= 9 || c >= 7 ? -1 : (modulus.data[(b * 9 + r) * 7 + c] as number);
    let found = 0;
    for (let i = 0; i < maxima.data.length; i++) {
      const [b, r, c] = [Math.floor(i / 63), Math.floor(i / 7) % 9, i % 7];
      expect(modulus.data[i]).toBeCloseTo(Math.hypot(h.data[i] as number, v.data[i] as number), 14);
      const octant = Math.round(Math.atan2(v.data[i] as number, h.data[i] as number) / (Math.PI / 4));
      const [right, down] = [
        Math.round(Math.cos((octant * Math.PI) / 4)),
        Math.round(Math.sin((octant * Math.PI) / 4)),
      ];
      const here = size(b, r, c);
      const isMaximum = here > 0.2 && here > size(b, r + down, c + right) && here >= size(b, r - down, c - right);
      expect(maxima.data[i]).toBe(isMaximum ? 1 : 0);
      found += isMaximum ? 1 : 0;
    }
    expect(found).toBeGreaterThan(10);
  });

  test("two equal values are one maximum; none where nothing slopes; huge slopes do not overflow", () => {
    const row = (values: number[]): number[] => [
      ...modulusMaxima(double([values]), zeros([1, values.length], "float64")).maxima.data,
    ];
    expect(row([0, 1, 2, 2, 1])).toEqual([0, 0, 0, 1, 0]);
    expect(row([0, -1, -2, -2, -1])).toEqual([0, 0, 1, 0, 0]);
    expect(row([0, 0, 0])).toEqual([0, 0, 0]);
    const huge = modulusMaxima(double([[3e200]]), double([[4e200]])).modulus.data[0] as number;
    expect(huge / 1e200).toBeCloseTo(5, 14);
    expect(modulusMaxima(zeros([0, 3, 3]), zeros([0, 3, 3])).maxima).toEqual(zeros([0, 3, 3], "bool"));
  });
});

describe("refused", () => {
  const image = zeros([4, 4]);
  test.each([
    [
      "an integer dtype",
      () => atrous(zeros([4], "int8") as unknown as Tensor<"float32">),
      DtypeError,
      "atrous: dtype int8",
    ],
    ["a scalar", () => atrous(zeros([])), ShapeError, "atrous: shape [], expected at least one axis"],
    ["no values", () => atrous(zeros([2, 0])), ShapeError, "atrous: shape [2, 0]"],
    ["levels", () => atrous(image, { levels: 0 }), ValueError, "atrous: levels = 0, expected an integer 1..20"],
    ["a mode", () => atrous2(image, { mode: "zero" as AtrousBorder }), ValueError, 'atrous2: mode "zero", expected'],
    ["one axis", () => atrous2(zeros([4])), ShapeError, "atrous2: shape [4], expected [..., rows, columns]"],
    ["two shapes", () => modulusMaxima(image, zeros([4, 5])), ShapeError, "modulusMaxima: shapes [4, 4] and [4, 5]"],
    ["NaN", () => modulusMaxima(image, full([4, 4], Number.NaN)), ValueError, "modulusMaxima: value NaN at position 0"],
    ["a threshold", () => modulusMaxima(image, image, { threshold: -1 }), ValueError, "modulusMaxima: threshold = -1"],
  ] as const)("%s", (_, run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
  });
});
