/** One value, one block, and finding values: against trying everything. */
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import {
  decode,
  encode,
  type FloatFormat,
  float4_e2m1fn,
  float8_e4m3fn,
  float8_e8m0fnu,
  mxDecode,
  mxEncode,
  nvfp4Decode,
  nvfp4Encode,
} from "../../src/dtypes/index.js";
import { key, normal } from "../../src/random/index.js";
import { from, map, type Tensor } from "../../src/tensor/index.js";
import { analyze, finish } from "../../widgets/format-microscope/compute.js";
import { inspectBlock, scaleRules } from "../../widgets/format-microscope/compute-blocks.js";
import type { Settings } from "../../widgets/format-microscope/compute-chunks.js";
import { blockFormats, finiteValues, singleFormats } from "../../widgets/format-microscope/compute-formats.js";
import { bitsOf, bitsOfSingle, inspect, neighbours } from "../../widgets/format-microscope/compute-inspect.js";
import { endPlace, nearestPlace, nextPlace } from "../../widgets/format-microscope/compute-search.js";
import {
  decodeValues,
  encodeValues,
  indicesOf,
  partOf,
  placeIn,
  wholePlace,
} from "../../widgets/format-microscope/saved.js";
import { snapshotSvg } from "../../widgets/format-microscope/snapshot.js";
import { barsOf, smallestKept } from "../../widgets/format-microscope/snapshot-bars.js";
import { errorBound } from "../../widgets/format-microscope/snapshot-errors.js";
import { ruleSteps, stepsOfNvfp4 } from "../../widgets/format-microscope/snapshot-rules.js";
import {
  describe as inWords,
  numberText,
  powerText,
  reasonText,
} from "../../widgets/format-microscope/snapshot-text.js";
import { savedForm } from "../../widgets/lib/saved.js";

const base: Settings = {
  format: "float8_e4m3fn",
  rounding: "nearest-even",
  seed: 3,
  overflow: "saturate",
  scale: "none",
  scale_rule: "floor",
  block: 32,
};

/** The values of the notebooks' block, and two blocks more. */
const block = map(normal(key(7), [3, 32], { dtype: "float64" }), (z, i) => (i === 5 ? 957 : 150 * z), "float32");

describe.each(singleFormats.filter(({ bits }) => bits <= 8))("$name", (format) => {
  test("the bits of every code say its value", () => {
    for (let code = 0; code < 2 ** format.bits; code++) {
      const value = decode(format, code);
      const bits = bitsOf(format, code, value);
      expect(Number.parseInt(bits.sign + bits.exponent + bits.mantissa, 2)).toBe(code);
      if (format.kind === "int") {
        const weights = [...`${bits.sign}${bits.mantissa}`].map((bit, i, all) => {
          const weight = 2 ** (all.length - 1 - i);
          return Number(bit) * (i === 0 && bits.sign !== "" ? -weight : weight);
        });
        expect(weights.reduce((sum, one) => sum + one, 0) + 0).toBe(value + 0);
        continue;
      }
      if (Number.isNaN(value)) expect(bits.kind).toBe("nan");
      else if (!Number.isFinite(value)) expect(bits.kind).toBe("infinity");
      else {
        const sign = bits.sign === "1" ? -1 : 1;
        expect(sign * 2 ** bits.power * bits.significand).toBe(value);
        const normal = Math.abs(value) >= 2 ** (1 - (format as FloatFormat).bias) || !(format as FloatFormat).zero;
        expect(bits.kind).toBe(value === 0 ? "zero" : normal ? "normal" : "subnormal");
      }
    }
  });

  test("the neighbours are those that trying all values finds", () => {
    const finite = Array.from({ length: 2 ** format.bits }, (_, code) => decode(format, code)).filter(Number.isFinite);
    const tried = [...normal(key(1), [60]).data].flatMap((z) => [z, 30 * z, 600 * z, z / 500]);
    for (const x of [...tried, ...finite, 0, 1e9, -1e9]) {
      const below = finite.filter((v) => v <= x);
      const above = finite.filter((v) => v >= x);
      expect(neighbours(format, x)).toEqual([
        below.length === 0 ? null : Math.max(...below) + 0,
        above.length === 0 ? null : Math.min(...above) + 0,
      ]);
    }
  });
});

test("the bits of a float32 are those of its bytes", () => {
  for (const x of [957, -0.1, 1e-40, 0, -0, 3.4e38]) {
    const view = new DataView(new ArrayBuffer(4));
    view.setFloat32(0, x);
    const { sign, exponent, mantissa, power, significand } = bitsOfSingle(x);
    expect(Number.parseInt(sign + exponent + mantissa, 2)).toBe(view.getUint32(0));
    expect((sign === "1" ? -1 : 1) * 2 ** power * significand).toBe(Math.fround(x));
  }
});

test.each([
  ["exact", [448], {}],
  ["nearer", [1.01], {}],
  ["tie-even", [1.0625], {}],
  ["tie-away", [1.0625], { rounding: "nearest-away" }],
  ["toward-zero", [1.12], { rounding: "toward-zero" }],
  ["toward-zero", [900], { rounding: "toward-zero", overflow: "infinity-or-nan" }],
  ["drawn", [1.12], { rounding: "stochastic" }],
  ["saturated", [900], {}],
  ["saturated", [-900], {}],
  ["overflowed", [900], { overflow: "infinity-or-nan" }],
  ["wrapped", [300], { format: "int8", overflow: "wrap" }],
  ["not-finite", [Number.NaN], {}],
  ["block-lost", [1, Number.NaN], { format: "mxfp8_e4m3" }],
  ["block-zero", [1e-9, ...Array(15).fill(0), 1e9], { format: "nvfp4" }],
  ["no-sign", [-2], { format: "float8_e8m0fnu" }],
] as [string, number[], Partial<Settings>][])("%s: %j with %j", (reason, list, changes) => {
  const settings = { ...base, ...changes };
  const found = inspect(from(list), settings, 0);
  expect(found.reason).toBe(reason);
  expect(reasonText(found, settings).length).toBeGreaterThan(10);
});

test("what a value becomes is what it becomes in the whole tensor", () => {
  for (const { name } of [...blockFormats, { name: "float8_e5m2" }, { name: "int4" }]) {
    for (const rounding of ["nearest-even", "stochastic"] as const) {
      const settings: Settings = { ...base, format: name, rounding, scale: "absmax", block: 12 };
      const { points, errors, places } = finish(analyze(block, settings));
      for (const [i, place] of places.entries()) {
        const { scaled, element, result, scale } = inspect(block, settings, place);
        expect([scaled, element - scaled]).toEqual([points[i], errors[i]]);
        expect(result).toBeCloseTo(element * scale, 3);
      }
    }
  }
});

test("the probability of a drawn value is its share of the step", () => {
  const settings: Settings = { ...base, rounding: "stochastic" };
  expect(inspect(from([1.03125]), settings, 0).chance).toBe(0.25);
  expect(inspect(from([-1.09375]), settings, 0).chance).toBe(0.75);
  expect(inspect(from([900]), settings, 0).chance).toBe(null);
});

describe("why 957 becomes 896", () => {
  const settings: Settings = { ...base, format: "mxfp8_e4m3" };

  test("the rules side by side", () => {
    const found = inspectBlock(block, settings, 9);
    expect([found?.start, found?.amax, found?.amaxAt, found?.exponent]).toEqual([0, 957, 5, 9]);
    const table = found?.results.map(({ rule, scale, scaled, result, saturates }) => [
      rule,
      scale,
      scaled,
      result,
      saturates,
    ]);
    expect(table).toEqual([
      ["floor", 2, 478.5, 896, true],
      ["ceil", 4, 239.25, 960, false],
      ["even", 2, 478.5, 896, true],
      ["rceil", 4, 239.25, 960, false],
    ]);
    expect(found?.chosen.rule).toBe("floor");
  });

  test("each rule is the library's on the block alone, with its error", () => {
    const data = block.data.slice(32, 64);
    for (const one of inspectBlock(block, settings, 40)?.results ?? []) {
      const rule = one.rule ?? "floor";
      const values: Tensor<"float32"> = { data, shape: [32], dtype: "float32" };
      const after = mxDecode(mxEncode(values, { element: float8_e4m3fn, scaleRule: rule }));
      expect(one.decoded).toEqual(after.data);
      expect(one.scale).toBe(decode(float8_e8m0fnu, one.code));
      const mse = data.reduce((sum, x, i) => sum + ((after.data[i] as number) - x) ** 2, 0) / 32;
      expect(one.mse).toBeCloseTo(mse, 9);
    }
  });

  test("the steps name the numbers", () => {
    const found = inspectBlock(block, settings, 0);
    if (found === undefined) throw new Error("no block");
    expect(scaleRules.map((_, i) => ruleSteps(found, found.results[i] as never)[1])).toEqual([
      "floor: ⌊log₂ 957⌋ − 8 = 9 − 8 = 1",
      "ceil: ⌈log₂ 957⌉ − 8 = 10 − 8 = 2",
      "even: 957 rounded to 3 mantissa bits is below 2¹⁰, so 9 − 8 = 1",
      "rceil: ⌈log₂(957 ÷ 448)⌉ = ⌈log₂ 2.13616⌉ = 2",
    ]);
    expect(ruleSteps(found, found.chosen)).toEqual([
      "957 = 1.869140625 × 2⁹; the largest element is 448, with exponent 8",
      "floor: ⌊log₂ 957⌋ − 8 = 9 − 8 = 1",
      "scale = 2¹ = 2, float8_e8m0fnu code 128 (= 1 + 127)",
      "957 ÷ 2 = 478.5 lies above 448: it saturates at 448",
      "× 2: 957 becomes 896",
    ]);
  });

  test("the largest element itself does not saturate, what is a step above it does", () => {
    const saturates = (a: number): boolean | undefined => inspectBlock(from([a, 1]), settings, 0)?.chosen.saturates;
    expect([896, 896.0001, 1023, 1024].map(saturates)).toEqual([false, true, true, false]);
  });

  test("zeros and what is not finite have steps of their own", () => {
    const zero = inspectBlock(from([0, 0]), settings, 0);
    const lost = inspectBlock(from([1, Number.NaN]), settings, 0);
    if (zero === undefined || lost === undefined) throw new Error("no block");
    expect(ruleSteps(zero, zero.chosen)[0]).toMatch(/^All values are 0/);
    expect(ruleSteps(lost, lost.chosen)[0]).toMatch(/^A value is not finite/);
    expect(inspectBlock(block, base, 0)).toBe(undefined);
  });
});

test("NVFP4: both scales, and the block as in the whole tensor", () => {
  const settings: Settings = { ...base, format: "nvfp4" };
  const whole = nvfp4Encode(block);
  const after = nvfp4Decode(whole).data;
  for (const place of [0, 17, 40, 95]) {
    const found = inspectBlock(block, settings, place);
    if (found === undefined) throw new Error("no block");
    const index = Math.floor(place / 16);
    expect(found.tensorScale).toBe(whole.tensorScale);
    expect(found.chosen.code).toBe(whole.scales.data[index]);
    expect(found.chosen.decoded).toEqual(after.slice(16 * index, 16 * index + 16));
    expect(stepsOfNvfp4(found)).toHaveLength(4);
  }
  expect(Math.fround(957 / 2688)).toBe(whole.tensorScale);
});

describe("finding values", () => {
  const values = from([3, -1, 0.5, 3, Number.NaN, -8, 2, 0, 1, -0.25, 6, 4]);
  const measures = [true, false].flatMap((folded) => [
    { scales: [1], block: 1, folded },
    { scales: [2, 0.5, 4], block: 4, folded },
  ]);

  test.each(measures)("%j", (measure) => {
    const own = [...values.data].map((x, i) => {
      const u = x / (measure.scales[measure.scales.length === 1 ? 0 : Math.floor(i / 4)] as number);
      return measure.folded ? Math.abs(u) : u;
    });
    for (const u of [-20, -1, 0, 0.3, 1.2, 2, 5, 100]) {
      const distances = own.map((v) => (Number.isNaN(v) ? Number.POSITIVE_INFINITY : Math.abs(v - u)));
      expect(nearestPlace(values, u, measure)).toBe(distances.indexOf(Math.min(...distances)));
    }
    const order = own
      .map((v, i): [number, number] => [v, i])
      .filter(([v]) => !Number.isNaN(v))
      .sort(([a, i], [b, j]) => a - b || i - j)
      .map(([, i]) => i);
    for (const [rank, place] of order.entries()) {
      expect(nextPlace(values, place, 1, measure)).toBe(order[rank + 1] ?? place);
      expect(nextPlace(values, place, -1, measure)).toBe(order[rank - 1] ?? place);
    }
    expect(own[endPlace(values, 1, measure)]).toBe(Math.max(...own.filter((v) => !Number.isNaN(v))));
    expect(own[endPlace(values, -1, measure)]).toBe(Math.min(...own.filter((v) => !Number.isNaN(v))));
  });
});

describe("what is saved of a large tensor", () => {
  test.each([
    [[1000, 700], 123_456],
    [[600_000], 599_999],
    [[3, 200_003], 200_003],
  ])("of shape %j: whole rows or pieces of them, with the chosen value", (shape, selected) => {
    const count = shape.reduce((product, side) => product * side, 1);
    const values: Tensor = { data: Float32Array.from({ length: count }, (_, i) => i), shape, dtype: "float32" };
    const wire = encodeValues(values, selected);
    expect(decodeValues(wire)?.data.length).toBe(count);
    const part = decodeValues(savedForm(wire));
    if (part === undefined) throw new Error("nothing saved");
    expect(part.data.length).toBeLessThanOrEqual(2 ** 16);
    expect(part.data.length).toBeGreaterThan(2 ** 15);
    expect(partOf(part)?.shape).toEqual(shape);
    for (let place = 0; place < part.data.length; place += 17) {
      expect(wholePlace(part, place)).toBe(part.data[place]);
      expect(placeIn(part, part.data[place] as number)).toBe(place);
    }
    // The value itself where its piece is a whole one; the last, shorter piece of a row is not saved.
    const line = shape.at(-1) as number;
    const short = line > 1024 && selected % line >= line - (line % 1024);
    if (!short) expect(part.data[placeIn(part, selected)]).toBe(selected);
    // Saved again, it stays what it is.
    const again = decodeValues(savedForm(encodeValues(part, selected)));
    expect([again?.data, again && partOf(again)]).toEqual([part.data, partOf(part)]);
  });

  test("a small one travels whole, and a wrong wire is refused", () => {
    expect(decodeValues(savedForm(encodeValues(block, 0)))?.data).toEqual(block.data);
    expect(decodeValues({ dtype: "float32", shape: [9], preview: {} })).toBe(undefined);
    expect(indicesOf([4, 5, 6], 67)).toEqual([2, 1, 1]);
  });
});

test("the bound holds every error, and is met", () => {
  const values = map(
    normal(key(2), [4000], { dtype: "float64" }),
    (z, i) => (i % 2 ? 1 : -1) * Math.exp(3 * z),
    "float64",
  );
  for (const format of ["float8_e4m3fn", "float4_e2m1fn", "int8"]) {
    for (const rounding of ["nearest-even", "toward-zero", "stochastic"] as const) {
      const settings: Settings = { ...base, format, rounding };
      const ratios = Array.from(values.data, (x, i) => {
        const { element, scaled } = inspect(values, settings, i);
        const bound = errorBound(settings, x);
        expect(Math.abs(element - scaled)).toBeLessThanOrEqual(bound);
        return Math.abs(element - scaled) / bound;
      });
      expect(Math.max(...ratios)).toBeGreaterThan(0.95);
    }
  }
});

test("the bars hold every value but zeros, on both axes, and each covers what is rounded to it", () => {
  const values = map(normal(key(4), [3000], { dtype: "float64" }), (z) => z * Math.exp(2 * z), "float64");
  for (const format of ["float8_e4m3fn", "bfloat16", "int4", "mxfp4_e2m1"]) {
    const settings: Settings = { ...base, format };
    const analysis = finish(analyze(values, settings));
    for (const folded of [true, false]) {
      const bars = barsOf(analysis, settings, folded);
      expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(3000);
      expect(bars.every(({ low, high }) => low < high)).toBe(true);
    }
  }
  const bars = barsOf(finish(analyze(values, base)), base, false).filter(({ kind }) => kind === "inside");
  for (const { low, high, count } of bars) {
    const inside = [...values.data].filter((x) => x > low && x < high && encode(float8_e4m3fn, x) % 128 !== 0);
    expect(inside.length).toBe(count);
  }
  expect([smallestKept(base), smallestKept({ ...base, rounding: "toward-zero" })]).toEqual([2 ** -10, 2 ** -9]);
});

test("numbers are written with the digits that they need", () => {
  const singles = [957, 0.1, Math.fround(0.1), 1e-7, -2.5, Number.POSITIVE_INFINITY, Number.NaN, 2 ** 20, -0];
  expect(singles.map(numberText)).toEqual(["957", "0.1", "0.1", "1e−7", "−2.5", "∞", "NaN", "1048576", "−0"]);
  expect(numberText(1 / 3)).toBe("0.333333333");
  expect(powerText(-12)).toBe("2⁻¹²");
  for (const value of finiteValues(float4_e2m1fn)) expect(Number(numberText(value).replace("−", "-"))).toBe(value);
});

test("the picture is an SVG with a title and words, for every kind of format and on both axes", () => {
  for (const format of ["float8_e4m3fn", "bfloat16", "uint8", "int1", "float8_e8m0fnu", "mxint8", "nvfp4"]) {
    for (const axis of ["log", "linear"] as const) {
      for (const values of [block, from([0, 0]), from([-3]), from([Number.NaN])]) {
        const settings: Settings = { ...base, format };
        const analysis = finish(analyze(values, settings));
        const found = inspect(values, settings, 0);
        const svg = snapshotSvg({ analysis, settings, found, axis });
        const { document } = new JSDOM(svg, { contentType: "image/svg+xml" }).window;
        expect(document.querySelector("title")?.textContent).toMatch(new RegExp(`^${format}: SQNR`));
        expect(document.querySelector("desc")?.textContent).toBe(inWords(analysis, settings, found));
        expect(svg.replaceAll(/data-tip="[^"]*"/g, "")).not.toMatch(/="[^"]*(NaN|Infinity|undefined)/);
      }
    }
  }
});
