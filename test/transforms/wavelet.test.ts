import { describe, expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { maxLevel, type WaveletName, wavelet } from "../../src/transforms/index.js";
import { oracle } from "./oracle.js";

const orders = Array.from({ length: 10 }, (_, i) => i + 1);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe.each(orders)("db%i", (order) => {
  const { low, high } = wavelet(`db${order}` as WaveletName);
  const scaling = [...low].reverse();

  test("is the spectral factor of 120 digits, and PyWavelets' filter", () => {
    expect(scaling).toEqual(oracle.filters[`db${order}`]);
    scaling.forEach((tap, j) => {
      expect(Math.abs(tap - (oracle.pywt[`db${order}`]?.[j] as number))).toBeLessThan(1e-12);
    });
  });

  test("is orthonormal to its shifts by two, and the filters to each other", () => {
    for (let shift = 0; shift < order; shift++) {
      const against = (a: readonly number[], b: readonly number[]): number =>
        sum(a.map((value, j) => value * (b[j + 2 * shift] ?? 0)));
      expect(Math.abs(against(low, low) - (shift === 0 ? 1 : 0))).toBeLessThan(1e-12);
      expect(Math.abs(against(high, high) - (shift === 0 ? 1 : 0))).toBeLessThan(1e-12);
      expect(Math.abs(against(low, high))).toBeLessThan(1e-12);
      expect(Math.abs(against(high, low))).toBeLessThan(1e-12);
    }
    expect(Math.abs(sum(low) - Math.SQRT2)).toBeLessThan(1e-12);
  });

  test("has as many vanishing moments, and not one more", () => {
    // Moments about the middle, in units of half the length: raw powers of 19 would drown in rounding.
    const middle = (high.length - 1) / 2;
    const moment = (power: number): number => sum(high.map((tap, j) => tap * ((j - middle) / middle) ** power));
    for (let power = 0; power < order; power++) expect(Math.abs(moment(power))).toBeLessThan(1e-12);
    expect(Math.abs(moment(order))).toBeGreaterThan(1e-6);
  });
});

test("haar is db1, and db2 is Daubechies' closed form", () => {
  expect(wavelet("haar")).toEqual({ ...wavelet("db1"), name: "haar" });
  const root = Math.sqrt(3);
  const closed = [1 + root, 3 + root, 3 - root, 1 - root].map((value) => value / (4 * Math.SQRT2));
  wavelet("db2").low.forEach((tap, j) => {
    expect(tap).toBeCloseTo(closed[3 - j] as number, 15);
  });
});

test("levels are PyWavelets'", () => {
  for (const [length, name, expected] of oracle.maxLevel) expect(maxLevel(length, name)).toBe(expected);
  expect(maxLevel(0, "haar")).toBe(0);
  for (const bad of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => maxLevel(bad, "haar")).toThrow(ValueError);
});

test.each(["db0", "db11", "db02", "Haar", "", "sym4", "constructor"])("%j is refused", (name) => {
  expect(() => wavelet(name as WaveletName)).toThrow(
    `wavelet: name ${JSON.stringify(name)}, expected haar or db1..db10`,
  );
});
