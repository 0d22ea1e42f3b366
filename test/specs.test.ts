import { describe, expect, test } from "vitest";
import { type Displayable, displaySymbol, type MimeBundle } from "../src/display.js";
import { ValueError } from "../src/errors.js";
import { chartOf, plotly, vega, vegaLite } from "../src/specs.js";
import { arange } from "../src/tensor/index.js";

const bundle = (shown: Displayable | undefined): MimeBundle => shown?.[displaySymbol]() as MimeBundle;

describe("plotly", () => {
  test("typed arrays become lists, tensors nested lists, dates text; what is not finite a gap", () => {
    const figure = {
      data: [
        { y: new Float32Array([0.5, Number.NaN, 2]) },
        { type: "heatmap", z: arange(6, { shape: [2, 3] }) },
        { type: "isosurface", value: arange(12, { shape: [2, 3, 2] }), ids: new BigInt64Array([1n, 2n]) },
      ],
      layout: { title: { text: "t" }, xaxis: { range: [new Date(0), Number.POSITIVE_INFINITY] } },
    };
    expect(bundle(plotly(figure))).toEqual({
      "application/vnd.plotly.v1+json": {
        data: [
          { y: [0.5, null, 2] },
          {
            type: "heatmap",
            z: [
              [0, 1, 2],
              [3, 4, 5],
            ],
          },
          {
            type: "isosurface",
            value: [
              [
                [0, 1],
                [2, 3],
                [4, 5],
              ],
              [
                [6, 7],
                [8, 9],
                [10, 11],
              ],
            ],
            ids: [1, 2],
          },
        ],
        layout: { title: { text: "t" }, xaxis: { range: ["1970-01-01T00:00:00.000Z", null] } },
      },
      "text/plain": "Plotly figure: scatter, heatmap, isosurface",
    });
  });

  test("what is no figure, or no JSON, is refused", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(() => plotly({} as never)).toThrow(/plotly: no data, expected \{ data: \[traces\], layout\? \}/);
    expect(() => plotly({ data: [cycle] })).toThrow(/contains itself/);
    expect(() => plotly({ data: [{ y: () => 1 }] })).toThrow(ValueError);
    // The same object twice is no cycle.
    const y = [1, 2];
    expect(() => plotly({ data: [{ y }, { y }] })).not.toThrow();
  });
});

describe("Vega and Vega-Lite", () => {
  const v5 = "https://vega.github.io/schema/vega-lite/v5.json";

  test("go out by their own MIME type and version; without a schema it is version 5", () => {
    expect(bundle(vegaLite({ mark: "bar", title: "kept" }))).toEqual({
      "application/vnd.vegalite.v5+json": { mark: "bar", title: "kept", $schema: v5 },
      "text/plain": "Vega-Lite chart: kept",
    });
    expect(Object.keys(bundle(vega({ marks: [] })))[0]).toBe("application/vnd.vega.v5+json");
    const v4 = { $schema: "https://vega.github.io/schema/vega-lite/v4.17.0.json", title: { text: "in parts" } };
    expect(bundle(vegaLite(v4))).toEqual({
      "application/vnd.vegalite.v4+json": v4,
      "text/plain": "Vega-Lite chart: in parts",
    });
  });

  test("a schema of something else is refused", () => {
    expect(() => vega({ $schema: v5 })).toThrow(/vega: \$schema ".*vega-lite\/v5.json", expected one of/);
    expect(() => vegaLite({ $schema: 5 })).toThrow(ValueError);
  });

  test("a value is a chart by its schema alone", () => {
    expect(bundle(chartOf({ $schema: v5, mark: "bar" }))).toHaveProperty(["application/vnd.vegalite.v5+json"]);
    expect(chartOf({ $schema: "https://json-schema.org/draft/2020-12/schema" })).toBeUndefined();
    expect(chartOf({ mark: "bar" })).toBeUndefined();
  });
});

describe("what is no specification is said to be none", () => {
  const deep = (levels: number): object => (levels === 0 ? {} : { inside: deep(levels - 1) });

  test.each<[string, () => unknown, RegExp]>([
    ["null as a chart", () => vegaLite(null as never), /^vegaLite: null, expected a specification/],
    ["nothing as a chart", () => vega(undefined as never), /^vega: undefined, expected a specification/],
    ["a text as a chart", () => vegaLite("bars" as never), /^vegaLite: bars, expected a specification/],
    ["a list as a chart", () => vega([1]), /^vega: an array, expected a specification/],
    ["null as a trace", () => plotly({ data: [{}, null as never] }), /^plotly: null as trace 1, expected an object/],
    ["very many levels", () => plotly({ data: [deep(2000)] }), /^plotly: more than 500 levels/],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(ValueError);
    expect(make).toThrow(message);
  });

  test("a hundred levels are fine", () => {
    expect(() => plotly({ data: [deep(100)] })).not.toThrow();
  });
});
