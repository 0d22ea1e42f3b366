/** What the format microscope computes, against the formats themselves and against counting by hand. */
import { describe, expect, test } from "vitest";
import {
  decode,
  encode,
  type FloatTensor,
  type Format,
  finfo,
  float4_e2m1fn,
  float8_e4m3fn,
  float8_e5m2,
  floatFormat,
  iinfo,
  int8,
  mxDecode,
  mxEncode,
  nvfp4Decode,
  nvfp4Encode,
  round,
} from "../../src/dtypes/index.js";
import { errorReport } from "../../src/quantization/index.js";
import { key, normal } from "../../src/random/index.js";
import { from, map, type Tensor } from "../../src/tensor/index.js";
import { analyze, compareOne, finish, sampleValues } from "../../widgets/format-microscope/compute.js";
import { absmaxOf, chunksOf, drawKey, type Settings } from "../../widgets/format-microscope/compute-chunks.js";
import {
  blockFormats,
  finiteValues,
  overflowOf,
  rangeOf,
  singleFormats,
  targetOf,
} from "../../widgets/format-microscope/compute-formats.js";
import { type Analysis, exponents } from "../../widgets/format-microscope/compute-tally.js";

const base: Settings = {
  format: "float8_e4m3fn",
  rounding: "nearest-even",
  seed: 3,
  overflow: "saturate",
  scale: "none",
  scale_rule: "floor",
  block: 32,
};

/** Many magnitudes of both signs, zeros of both signs, ties, and the neighbourhood of 448; rows that blocks do not fill. */
const mixed: Tensor<"float32"> = map(
  normal(key(77), [30, 75], { dtype: "float64" }),
  (z, i) => [0, -0, 1.0625, 464, -448.5, 957][i % 40] ?? (i % 2 ? 1 : -1) * Math.exp(3.2 * z),
  "float32",
);

/** What the library itself makes of a tensor under settings. */
function byLibrary(values: FloatTensor, settings: Settings): Float64Array {
  const { rounding, seed, scale_rule: scaleRule, block } = settings;
  const how = rounding === "stochastic" ? { rounding, key: drawKey(seed) } : { rounding };
  const target = targetOf(settings.format);
  if (target === undefined) throw new Error("no format");
  if (target.kind === "mx") {
    return Float64Array.from(mxDecode(mxEncode(values, { ...how, element: target.format, scaleRule, block })).data);
  }
  if (target.kind === "nvfp4") return Float64Array.from(nvfp4Decode(nvfp4Encode(values, how)).data);
  const overflow = overflowOf(target, settings.overflow);
  const scale = settings.scale === "none" ? 1 : Math.max(...[...values.data].map(Math.abs)) / maxOf(target.format);
  const scaled: FloatTensor = {
    data: Float64Array.from(values.data, (x) => x / scale),
    shape: values.shape,
    dtype: "float64",
  };
  return Float64Array.from(round(target.format, scaled, { ...how, overflow }).data, (x) => x * scale);
}

function maxOf(format: Format): number {
  return format.kind === "int" ? iinfo(format).max : finfo(format).max;
}

function byMicroscope(values: Tensor, settings: Settings): Float64Array {
  const out = new Float64Array(values.data.length);
  let next = 0;
  for (const { start, codes, table, scales, single } of chunksOf(values, settings)) {
    expect(start).toBe(next);
    next += codes.length;
    for (let i = 0; i < codes.length; i++) {
      const product = (table[codes[i] as number] as number) * (scales[i] as number);
      out[start + i] = single ? Math.fround(product) : product;
    }
  }
  expect(next).toBe(values.data.length);
  return out;
}

const all = [...singleFormats, ...blockFormats].map(({ name }) => name);
const variants: readonly Partial<Settings>[] = [
  {},
  { rounding: "nearest-away", overflow: "infinity-or-nan" },
  { rounding: "toward-zero", overflow: "wrap", scale_rule: "ceil", block: 20 },
  { rounding: "stochastic", scale: "absmax", scale_rule: "rceil" },
  { scale: "absmax", scale_rule: "even", block: 7 },
];

describe.each(all)("%s", (format) => {
  test.each(variants)("%j: a report says what counting by hand says", (variant) => {
    const settings = { ...base, ...variant, format };
    const after = byLibrary(mixed, settings);
    expect(byMicroscope(mixed, settings)).toEqual(after);
    const report = finish(analyze(mixed, settings));
    const before = [...mixed.data];
    const kept = before.flatMap((x, i) => (Number.isFinite(after[i]) ? [[x, after[i] as number]] : [])) as [
      number,
      number,
    ][];
    const errors = kept.map(([x, y]) => Math.abs(y - x));
    expect(report.count).toBe(before.length);
    expect(report.notFinite).toBe(0);
    expect(report.lost).toBe(before.length - kept.length);
    expect(report.exact).toBe(errors.filter((error) => error === 0).length);
    const largest = Math.max(0, ...errors);
    expect(report.maxError).toBe(largest);
    expect(report.mse).toBeCloseTo(errors.reduce((sum, e) => sum + e * e, 0) / Math.max(1, kept.length), 5);
    if (report.lost > 0) expect(report.sqnr).toBe(null);
    else {
      const quantized: Tensor = { data: after, shape: mixed.shape, dtype: "float64" };
      expect(report.sqnr).toBeCloseTo(errorReport(mixed, quantized).sqnr, 8);
    }
    const { name, ...row } = finish(compareOne(mixed, settings));
    expect(name).toBe(format);
    expect(report).toMatchObject(row);
  });
});

test("beyond and underflow of single formats are counted as the largest and 0 say", () => {
  for (const format of singleFormats.filter(({ name }) => name !== "float8_e8m0fnu")) {
    const report = finish(analyze(mixed, { ...base, format: format.name }));
    const [low, high] =
      format.kind === "int" ? [iinfo(format).min, iinfo(format).max] : [finfo(format).min, finfo(format).max];
    const after = byLibrary(mixed, { ...base, format: format.name });
    const beyond = [...mixed.data].filter((x) => x < low || x > high).length;
    const under = [...mixed.data].filter((x, i) => x !== 0 && after[i] === 0 && x >= low && x <= high).length;
    expect([format.name, report.beyond, report.underflowed]).toEqual([format.name, beyond, under]);
  }
});

test("every value is in one bar: the nearest value's, or that of its power of two", () => {
  for (const format of [float8_e4m3fn, float8_e5m2, float4_e2m1fn]) {
    const report = finish(analyze(mixed, { ...base, format: format.name }));
    const list = finiteValues(format);
    const max = Math.max(...list);
    const cells = new Map<number, number>();
    const under = new Map<number, number>();
    const beyond = new Map<number, number>();
    const add = (counts: Map<number, number>, place: number): void => {
      counts.set(place, (counts.get(place) ?? 0) + 1);
    };
    for (const x of mixed.data) {
      if (Math.abs(x) > max) add(beyond, Math.sign(x) * (200 + Math.floor(Math.log2(Math.abs(x)))));
      else {
        // The nearest by trying all; a tie goes to the even code, as the values are in order of their codes.
        const sorted = [...list].filter((v) => v >= 0);
        const size = Math.abs(x);
        let best = 0;
        for (const [i, v] of sorted.entries()) {
          const [near, old] = [Math.abs(v - size), Math.abs((sorted[best] as number) - size)];
          if (near < old || (near === old && i % 2 === 0)) best = i;
        }
        const value = sorted[best] as number;
        if (value === 0 && x !== 0) add(under, Math.sign(x) * (200 + Math.floor(Math.log2(size))));
        else add(cells, Math.sign(x) * value + 0);
      }
    }
    const found = new Map<number, number>();
    for (const [code, count] of report.cells.entries()) {
      if (count > 0) found.set(decode(format, code) + 0, (found.get(decode(format, code) + 0) ?? 0) + count);
    }
    expect(found).toEqual(cells);
    expect(binsOf(report.binades.under)).toEqual(under);
    expect(binsOf(report.binades.beyond)).toEqual(beyond);
  }
});

/** Counts by sign and power of two, 200 more so that no power is 0. */
function binsOf(bins: Float64Array): Map<number, number> {
  const found = new Map<number, number>();
  for (const [i, count] of bins.entries()) {
    const power = (i % exponents.count) + exponents.low + 200;
    if (count > 0) found.set(i < exponents.count ? -power : power, count);
  }
  return found;
}

test("a long row, many rows and a single column are cut so that blocks stay whole and draws stay the same", () => {
  const long = normal(key(5), [2, 70_001]);
  const tall = normal(key(6), [70_001, 3]);
  for (const values of [long, tall]) {
    for (const format of ["mxfp4_e2m1", "nvfp4", "float8_e5m2"]) {
      const settings: Settings = { ...base, format, rounding: "stochastic", block: 24 };
      expect(byMicroscope(values, settings)).toEqual(byLibrary(values, settings));
    }
  }
});

test("the scales are one for each block, row by row", () => {
  const settings: Settings = { ...base, format: "mxfp8_e4m3", block: 20 };
  const { scales } = finish(analyze(mixed, settings));
  const found = mxEncode(mixed, { element: float8_e4m3fn, scaleRule: "floor", block: 20 }).scales;
  expect([...scales]).toEqual([...found.data].map((code) => 2 ** (code - 127)));
  expect(scales.length).toBe(30 * 4);
  expect(finish(analyze(mixed, { ...base, format: "int8", scale: "absmax" })).scales).toEqual(
    Float64Array.of(absmaxOf(mixed) / 127),
  );
});

test("integer elements count fractions: MXINT8 has the range of the library", () => {
  const target = targetOf("mxint8");
  if (target === undefined) throw new Error("no mxint8");
  expect(rangeOf(target)).toEqual({ min: -127, max: 127, maxExponent: 0, unit: 1 / 64 });
  const values = from([1.999, -1.999, 0.5, 1]);
  const report = finish(analyze(values, { ...base, format: "mxint8" }));
  const after = mxDecode(mxEncode(values, { element: int8, scaleRule: "floor" })).data;
  expect([...after]).toEqual([127 / 64, -127 / 64, 0.5, 1]);
  expect([report.beyond, report.exact]).toEqual([2, 2]);
});

test("NaN and infinities are counted apart, and take their block with them", () => {
  const odd = from([1, Number.NaN, 3, 4, Number.POSITIVE_INFINITY, 6, 7, 8, 0.3, 0.6, 1.1, 2]);
  const single = finish(analyze(odd, base));
  expect([single.notFinite, single.lost, single.count]).toEqual([2, 0, 12]);
  const blocks = finish(analyze(odd, { ...base, format: "mxfp8_e4m3", block: 4 }));
  expect([blocks.notFinite, blocks.lost, blocks.sqnr]).toEqual([2, 6, null]);
  expect(blocks.binades.inside.reduce((sum, n) => sum + n, 0)).toBe(4);
  const over = finish(analyze(from([1, 500, 465, -1e30]), { ...base, overflow: "infinity-or-nan" }));
  expect([over.lost, over.beyond]).toEqual([3, 3]);
});

test("zeros, one value, no axis", () => {
  const zeros = finish(analyze(from([0, 0, -0]), { ...base, scale: "absmax" }));
  expect([zeros.exact, zeros.sqnr, zeros.mse]).toEqual([3, null, 0]);
  const scalar: Tensor = { data: Float32Array.of(957), shape: [], dtype: "float32" };
  expect(byMicroscope(scalar, { ...base, format: "mxfp8_e4m3" })).toEqual(Float64Array.of(896));
  const exact = finish(analyze(from([0.5, 2]), base));
  expect([exact.sqnr, exact.exact]).toEqual([Number.POSITIVE_INFINITY, 2]);
});

test("tiny float64 gradients keep their signal to noise", () => {
  const tiny = map(normal(key(8), [600], { dtype: "float64" }), (z) => z * 1e-200, "float64");
  const large = map(tiny, (x) => x * 1e200, "float64");
  const ratio = (values: Tensor): number | null =>
    finish(analyze(values, { ...base, format: "int8", scale: "absmax" })).sqnr;
  expect(ratio(tiny)).toBeCloseTo(ratio(large) as number, 6);
});

test("the places of the dots are in order, all over the tensor, and their errors are those of the format", () => {
  const values = normal(key(9), [40_000]);
  const { places, points, errors }: Analysis = finish(analyze(values, base));
  expect(places.length).toBe(1500);
  for (const [i, place] of places.entries()) {
    const x = values.data[place] as number;
    expect(points[i]).toBe(x);
    expect(errors[i]).toBe(round(float8_e4m3fn, x) - x);
  }
  expect(new Set([...places].map((place) => place % 32)).size).toBe(32);
});

test("a tensor drawn with the seed of the rounding does not decide its own rounding", () => {
  const seed = 11;
  const values = normal(key(seed), [20_000], { dtype: "float64" });
  const report = finish(analyze(values, { ...base, format: "int8", rounding: "stochastic", seed }));
  // A value goes to 0 with probability 1 - |x| below 1.
  const expected = values.data.reduce((sum, x) => sum + Math.max(0, 1 - Math.abs(x)), 0) / 20_000;
  expect(Math.abs(report.underflowed / 20_000 - expected)).toBeLessThan(0.01);
});

test("an own split is a format as any other", () => {
  const own = floatFormat({ exponent: 3, mantissa: 2, bias: 5 });
  const report = finish(analyze(mixed, { ...base, format: own }));
  const after = [...mixed.data].map((x) => decode(own, encode(own, x, { overflow: "saturate" })));
  expect(report.exact).toBe(after.filter((y, i) => y === mixed.data[i]).length);
});

test("the sample begins with the block whose largest is 957", () => {
  const { data, shape } = sampleValues(4);
  expect(shape).toEqual([64, 32]);
  expect(Math.max(...data.slice(0, 32).map(Math.abs))).toBe(957);
  expect(data).toEqual(sampleValues(4).data);
});
