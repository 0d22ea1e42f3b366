/** The kernel half of the format microscope. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { float8_e4m3fn, float8_e5m2, floatFormat, int8, mxDecode, mxEncode, round } from "../../src/dtypes/index.js";
import { key, normal } from "../../src/random/index.js";
import { from, full, map } from "../../src/tensor/index.js";
import { closeAll, FormatMicroscope, formatMicroscope } from "../../widgets/index.js";
import { type HostDouble, installHost, removeHost } from "./host-double.js";

let host: HostDouble;
beforeEach(() => {
  host = installHost();
});
afterEach(() => {
  closeAll();
  removeHost();
});

const w = map(normal(key(3), [6, 64]), (z) => 100 * z);

test("opens with its values as bytes and the format by name, and without values with null", () => {
  const microscope = formatMicroscope(w, { format: float8_e5m2, selected: 70 });
  const opened = host.take().find(({ id }) => id === microscope.id);
  expect(opened?.data.state).toMatchObject({
    _model_name: "FormatMicroscopeModel",
    _view_name: "FormatMicroscopeView",
    values: { dtype: "float32", shape: [6, 64] },
    format: "float8_e5m2",
    rounding: "nearest-even",
    overflow: "saturate",
    scale_rule: "floor",
    block: 32,
    selected: 70,
  });
  expect(opened?.data.buffer_paths).toEqual([["values", "data"]]);
  const sample = new FormatMicroscope();
  expect(host.take().find(({ id }) => id === sample.id)?.data.state).toMatchObject({ values: null });
  expect(sample.report.count).toBe(2048);
  expect(sample.inspection).toMatchObject({ value: 957, result: 448, reason: "saturated" });
});

test("what is chosen in a view arrives, and the numbers follow", () => {
  const microscope = new FormatMicroscope({ values: w, format: "float8_e4m3fn" });
  expect(microscope.rounded.data).toEqual(
    Float64Array.from(w.data, (x) => round(float8_e4m3fn, x, { overflow: "saturate" })),
  );
  const before = microscope.report.sqnr as number;
  host.update(microscope.id, { format: "float4_e2m1fn", selected: 9, scale: "absmax" });
  expect([microscope.format, microscope.selected, microscope.inspection.place]).toEqual(["float4_e2m1fn", 9, 9]);
  expect(microscope.report.sqnr).toBeLessThan(before);
  host.update(microscope.id, { format: "mxfp8_e4m3", scale_rule: "rceil", block: 16 });
  const expected = mxDecode(mxEncode(w, { element: float8_e4m3fn, scaleRule: "rceil", block: 16 }));
  expect([...microscope.rounded.data]).toEqual([...expected.data]);
  expect(microscope.blockInspection?.values.length).toBe(16);
  expect(microscope.report.beyond).toBe(0);
});

test("a format is a name, a record of dtypes, or a record of one's own", () => {
  const microscope = new FormatMicroscope({ values: w, format: int8 });
  expect(microscope.format).toBe("int8");
  const own = floatFormat({ exponent: 3, mantissa: 2 });
  microscope.format = own;
  expect(microscope.format).toEqual(own);
  expect(microscope.report.exact).toBe([...w.data].filter((x) => round(own, x, { overflow: "saturate" }) === x).length);
  microscope.format = floatFormat({ exponent: 4, mantissa: 3, nan: "all-ones" });
  expect(microscope.format).toBe("float8_e4m3fn");
});

test("lists are taken, integers become float32, and a place beyond the end is the last", () => {
  const list = new FormatMicroscope({ values: [1, 2.5, 300], selected: 99 });
  expect([list.values?.shape, list.inspection.value]).toEqual([[3], 300]);
  const nested = new FormatMicroscope({
    values: [
      [1, 2],
      [3, 4],
    ],
  });
  expect(nested.values?.shape).toEqual([2, 2]);
  expect(new FormatMicroscope({ values: from([1, 2], { dtype: "int8" }) }).values?.dtype).toBe("float32");
});

test.each([
  [{ values: full([0], 0) }, "FormatMicroscope.values: a float32 tensor of shape [0], expected a tensor of 1..4194304"],
  [{ values: [1, [2]] }, "expected a tensor of 1..4194304 values"],
  [{ format: "float9" }, 'FormatMicroscope.format: "float9", expected the name of a format'],
  [{ format: { ...floatFormat({ exponent: 3, mantissa: 2 }), bits: 9 } }, "expected the name of a format"],
  [{ format: { ...float8_e4m3fn, bias: 8 } }, "or a format with a name of its own"],
  [{ rounding: "up" }, 'FormatMicroscope.rounding: "up", expected one of "nearest-even"'],
  [{ overflow: "error" }, "FormatMicroscope.overflow"],
  [{ scale: "max" }, "FormatMicroscope.scale"],
  [{ scale_rule: "round" }, "FormatMicroscope.scale_rule"],
  [{ block: 0 }, "FormatMicroscope.block: 0, expected a whole number 1..1024"],
  [{ selected: -1 }, "FormatMicroscope.selected: -1, expected a whole number 0..4194303"],
  [{ selected: 1.5 }, "FormatMicroscope.selected: 1.5"],
])("%j is refused", (options, message) => {
  expect(() => new FormatMicroscope(options as object)).toThrow(message);
});

test("shows itself live, as a still picture and as text", () => {
  const bundle = new FormatMicroscope({ values: w, format: "mxfp8_e4m3", selected: 3 }).mimeBundle();
  expect(Object.keys(bundle).sort()).toEqual([
    "application/vnd.jupyter.widget-view+json",
    "image/svg+xml",
    "text/plain",
  ]);
  expect(bundle["text/plain"]).toMatch(/mxfp8_e4m3: elements float8_e4m3fn: 1 sign \+ 4 exponent \+ 3 mantissa bits/);
  expect(bundle["text/plain"]).toMatch(/SQNR \d+\.\d\d dB, MSE/);
  expect(bundle["text/plain"]).toMatch(/Value 3: \S+ becomes/);
  expect(bundle["image/svg+xml"]).toContain("<svg");
});

test("a tensor above 1 MiB is saved as a part", () => {
  const large = map(normal(key(4), [1200, 512]), (z) => z * 2);
  const microscope = new FormatMicroscope({ values: large, selected: 1000 });
  const opened = host.take().find(({ id }) => id === microscope.id)?.data.state;
  expect(opened).toMatchObject({ values: { shape: [1200, 512], preview: { shape: [128, 512] } } });
});
