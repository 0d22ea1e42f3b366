/** The figure's changes against Plotly's own functions, its paths, values, fewer points, and still pictures. */
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { key, normal } from "../../src/random/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { type FigureEdit, relayout, withEdits } from "../../widgets/figure/compute.js";
import { type Decimated, decimate } from "../../widgets/figure/compute-decimate.js";
import { parsePath } from "../../widgets/figure/compute-paths.js";
import { asJson, type FigureTrace, figureValue } from "../../widgets/figure/compute-values.js";
import { snapshotSvg } from "../../widgets/figure/snapshot.js";
import { chromium, need } from "../support/peers.js";
import { launch, openPage, serve } from "./browser.js";

let browser: Browser | undefined;
let server: Server | undefined;

afterAll(async () => {
  await browser?.close();
  server?.close();
});

const three: FigureTrace[] = [
  { name: "a", y: [1, 2, 3], marker: { color: "red", size: 4 } },
  { name: "b", x: [4, 5], y: [6, 7], line: { dash: "dot" } },
  { name: "c", type: "bar", y: [8, 9] },
];

/** Each edit with the call of Plotly that means the same. */
const edits: readonly (readonly [FigureEdit, string, readonly unknown[]])[] = [
  [
    { do: "restyle", values: { "marker.color": "blue" }, traces: [0, 1] },
    "restyle",
    [{ "marker.color": "blue" }, [0, 1]],
  ],
  [
    { do: "restyle", values: { "marker.color": ["green", "black"], opacity: [0.5] }, traces: [0, 1, 2] },
    "restyle",
    [{ "marker.color": ["green", "black"], opacity: [0.5] }, [0, 1, 2]],
  ],
  [{ do: "restyle", values: { y: [[9, 8, 7]] }, traces: [0] }, "restyle", [{ y: [[9, 8, 7]] }, [0]]],
  [{ do: "restyle", values: { "y[1]": 20 }, traces: [0] }, "restyle", [{ "y[1]": 20 }, [0]]],
  [{ do: "restyle", values: { "marker.size": null }, traces: [0] }, "restyle", [{ "marker.size": null }, [0]]],
  [{ do: "restyle", values: { visible: ["legendonly"] }, traces: [2] }, "restyle", [{ visible: ["legendonly"] }, [2]]],
  [{ do: "add", added: [{ name: "d", y: [1] }], at: null }, "addTraces", [{ name: "d", y: [1] }]],
  [
    {
      do: "add",
      added: [
        { name: "d", y: [1] },
        { name: "e", y: [2] },
      ],
      at: [0, 3],
    },
    "addTraces",
    [
      [
        { name: "d", y: [1] },
        { name: "e", y: [2] },
      ],
      [0, 3],
    ],
  ],
  [{ do: "delete", traces: [-1] }, "deleteTraces", [-1]],
  [{ do: "delete", traces: [0, 2] }, "deleteTraces", [[0, 2]]],
  [{ do: "move", traces: [0], to: null }, "moveTraces", [0]],
  [
    { do: "move", traces: [2, 0], to: [0, 1] },
    "moveTraces",
    [
      [2, 0],
      [0, 1],
    ],
  ],
  [{ do: "move", traces: [-1], to: [0] }, "moveTraces", [-1, 0]],
  [
    { do: "extend", values: { y: [[4, 5], [1]] }, traces: [0, 2], maxPoints: null },
    "extendTraces",
    [{ y: [[4, 5], [1]] }, [0, 2]],
  ],
  [{ do: "extend", values: { y: [[4, 5]] }, traces: [0], maxPoints: 4 }, "extendTraces", [{ y: [[4, 5]] }, [0], 4]],
  [
    { do: "extend", values: { x: [[6, 7]], y: [[8, 9]] }, traces: [1], maxPoints: 1 },
    "extendTraces",
    [{ x: [[6, 7]], y: [[8, 9]] }, [1], 1],
  ],
  [{ do: "prepend", values: { y: [[4, 5]] }, traces: [0], maxPoints: 4 }, "prependTraces", [{ y: [[4, 5]] }, [0], 4]],
];

const layouts: readonly Record<string, unknown>[] = [
  { title: { text: "t" } },
  { "title.text": "u", showlegend: false },
  { "xaxis.range": [0, 5] },
  { "xaxis.range[0]": -1, "xaxis.range[1]": 2 },
  { "yaxis.autorange": true },
  { "shapes[0]": { type: "line", x0: 0, x1: 1, y0: 0, y1: 1 } },
];

test("every edit gives the traces that Plotly's own function gives, every relayout its layout", {
  timeout: 60_000,
}, async (context) => {
  browser ??= await launch(need(context, chromium()));
  const library = readFileSync("node_modules/plotly.js/dist/plotly-cartesian.min.js", "utf8");
  const served = await serve({
    "/": [
      "text/html",
      '<!doctype html><link rel="icon" href="data:,"><div id="a"></div><script src="/plotly.js"></script>',
    ],
    "/plotly.js": ["text/javascript", library],
  });
  server = served.server;
  const { page } = await openPage(browser, served.url);
  const theirs = await page.evaluate(
    async ([start, calls, changes]) => {
      type Node = HTMLElement & { data: unknown[]; layout: object };
      const { Plotly } = globalThis as unknown as { Plotly: Record<string, (...given: unknown[]) => Promise<unknown>> };
      const el = document.getElementById("a") as Node;
      const fresh = (): Promise<unknown> | undefined =>
        Plotly.newPlot?.(el, JSON.parse(JSON.stringify(start)), { xaxis: { title: { text: "x" } } });
      const traces: unknown[] = [];
      for (const [name, given] of calls as [string, unknown[]][]) {
        await fresh();
        await Plotly[name]?.(el, ...given);
        traces.push(JSON.parse(JSON.stringify(el.data)));
      }
      const results: unknown[] = [];
      for (const change of changes as object[]) {
        await fresh();
        await Plotly.relayout?.(el, change);
        results.push(JSON.parse(JSON.stringify(el.layout)));
      }
      return { traces, results };
    },
    [three, edits.map(([, name, given]) => [name, given]), layouts] as const,
  );
  const plain = (traces: unknown): unknown =>
    JSON.parse(JSON.stringify(traces, (name, value) => (name === "uid" ? undefined : value)));
  edits.forEach(([edit, name], i) => {
    expect([name, plain(withEdits(three, [edit]))]).toEqual([name, plain(theirs.traces[i])]);
  });
  layouts.forEach((change, i) => {
    const ours = relayout({ xaxis: { title: { text: "x" } } }, change) as Record<string, Record<string, unknown>>;
    const found = theirs.results[i] as Record<string, Record<string, unknown>>;
    // Plotly writes the ranges that it found into its layout; what is set here must be there.
    for (const [name, value] of Object.entries(ours)) expect(found[name]).toMatchObject(value);
  });
  await page.close();
});

describe("edits", () => {
  test("leave the traces before them alone, share what they do not touch, and keep tensors tensors", () => {
    const y: Tensor = { data: Float32Array.of(1, 2), shape: [2], dtype: "float32" };
    const before = Object.freeze([Object.freeze({ y, marker: Object.freeze({ color: "red" }) })]);
    const [after] = withEdits(before, [
      { do: "restyle", values: { "line.width": 3 }, traces: [0] },
      { do: "extend", values: { y: [Float64Array.of(3, 4)] }, traces: [0], maxPoints: 3 },
      { do: "restyle", values: { "y[0]": 7 }, traces: [0] },
    ]);
    expect(after?.y).toEqual({ data: Float32Array.of(7, 3, 4), shape: [3], dtype: "float32" });
    expect(after?.marker).toBe(before[0]?.marker);
    expect([...y.data]).toEqual([1, 2]);
  });

  test.each<[string, FigureEdit]>([
    ["a trace that is not there", { do: "delete", traces: [3] }],
    ["a negative trace before the first", { do: "move", traces: [-4], to: null }],
    ["half an index", { do: "delete", traces: [0.5] }],
    ["as many places as traces", { do: "move", traces: [0, 1], to: [0] }],
    ["points for no array", { do: "extend", values: { z: [[1]] }, traces: [0], maxPoints: null }],
    ["lists that are not one per trace", { do: "extend", values: { y: [[1], [2]] }, traces: [0], maxPoints: null }],
    ["a path into every object", { do: "restyle", values: { "__proto__.polluted": 1 }, traces: [0] }],
    ["a path with a constructor", { do: "restyle", values: { "a.constructor": 1 }, traces: [0] }],
    ["an empty path", { do: "restyle", values: { "": 1 }, traces: [0] }],
    ["a huge index", { do: "restyle", values: { "y[999999999]": 1 }, traces: [0] }],
    ["a function", { do: "restyle", values: { name: () => 1 }, traces: [0] }],
  ])("refuse %s", (_, edit) => {
    expect(() => withEdits(three, [edit])).toThrow(ValueError);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("paths are read as Plotly writes them", () => {
    expect(parsePath("xaxis.range[0]")).toEqual(["xaxis", "range", 0]);
    expect(parsePath("a[1][2].b-c")).toEqual(["a", 1, 2, "b-c"]);
    for (const wrong of [
      "[0]",
      "a..b",
      "a.",
      ".a",
      "a[x]",
      "a[-1]",
      "a[0]b",
      "a".repeat(3).split("").join(".").repeat(9),
    ])
      expect(() => parsePath(wrong)).toThrow(ValueError);
  });
});

describe("values", () => {
  test("numbers become tensors and come back as JSON, the rest stays as it is", () => {
    const rows = Array.from({ length: 4 }, (_, i) => Array.from({ length: 9 }, (_, j) => i * 9 + j));
    const value = figureValue({
      x: Float32Array.of(1, Number.NaN),
      z: rows,
      short: [1, 2],
      text: ["a", null],
      when: new Date(0),
    });
    expect(value).toEqual({
      x: { data: Float32Array.of(1, Number.NaN), shape: [2], dtype: "float32" },
      z: { data: Float64Array.from(rows.flat()), shape: [4, 9], dtype: "float64" },
      short: [1, 2],
      text: ["a", null],
      when: "1970-01-01T00:00:00.000Z",
    });
    expect(asJson(value)).toEqual({
      x: [1, null],
      z: rows,
      short: [1, 2],
      text: ["a", null],
      when: "1970-01-01T00:00:00.000Z",
    });
    expect(() => figureValue({ y: BigInt64Array.of(1n) })).toThrow(ValueError);
  });
});

describe("fewer points", () => {
  test("of a line keep its peaks, in order, with the x that belong to them", () => {
    const y = normal(key(6), [10_000]);
    y.data[1234] = 99;
    y.data[4321] = -99;
    const fewer = decimate({ y }, 400);
    const [x, kept] = [fewer?.trace.x as Tensor, fewer?.trace.y as Tensor];
    expect(fewer?.note).toBe("400 of 10,000 points");
    expect([Math.max(...kept.data), Math.min(...kept.data)]).toEqual([99, -99]);
    for (let i = 0; i < kept.data.length; i++) {
      expect(kept.data[i]).toBe(y.data[x.data[i] as number]);
      if (i > 0) expect(x.data[i]).toBeGreaterThan(x.data[i - 1] as number);
    }
    expect(decimate({ y }, 10_000)).toBeUndefined();
  });

  test("of a matrix are every n-th row and column, with their coordinates", () => {
    const z = normal(key(6), [90, 60]);
    const half = Float64Array.from({ length: 90 }, (_, i) => i / 2);
    const fewer = decimate(figureValue({ type: "heatmap", z, y: half }) as FigureTrace, 600) as Decimated;
    const { x, y, z: small } = fewer.trace as unknown as Record<"x" | "y" | "z", Tensor>;
    expect(fewer.note).toBe("every 3rd row and column of 90 × 60");
    expect(small.shape).toEqual([30, 20]);
    expect(small.data[7 * 20 + 5]).toBe(z.data[21 * 60 + 15]);
    expect(x.data[5]).toBe(15);
    expect(y.data[7]).toBe(10.5);
  });
});

describe("a still picture", () => {
  const places = (svg: string | undefined, pattern: RegExp): number[][] =>
    [...(svg ?? "").matchAll(pattern)].map((match) => match.slice(1).map(Number));

  test("has lines through its points, bars as high as their values, and ticks at round numbers", () => {
    const svg = snapshotSvg([{ x: [0, 1, 2], y: [0, 10, 5] }], { xaxis: { range: [0, 2] }, yaxis: { range: [0, 10] } });
    // The plot is from (64, 16) to (620, 348).
    expect(svg).toContain('<path d="M64.0 348.0L342.0 16.0L620.0 182.0"');
    expect(places(svg, /<circle cx="([\d.]+)" cy="([\d.]+)"/g)).toEqual([
      [64, 348],
      [342, 16],
      [620, 182],
    ]);
    expect([...(svg ?? "").matchAll(/text-anchor="middle">([^<]*)</g)].map(([, text]) => text)).toEqual([
      "0",
      "0.5",
      "1",
      "1.5",
      "2",
    ]);
    const bars = snapshotSvg([{ type: "bar", x: ["a", "b"], y: [4, 2] }], { yaxis: { range: [0, 4] } });
    expect(places(bars, /<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" fill="#1f77b4"/g)).toEqual([
      [16, 332],
      [182, 166],
    ]);
  });

  test("counts as a plain loop counts, and shades from the lowest to the highest", () => {
    const x = normal(key(8), [500]);
    const svg = snapshotSvg([{ type: "histogram", x, xbins: { start: -4, end: 4, size: 1 } }], {
      yaxis: { range: [0, 332] },
    });
    const heights = places(svg, /height="([\d.]+)" fill="#1f77b4"/g).map(([height]) => Math.round(height as number));
    const counts = Array.from(
      { length: 8 },
      (_, bin) => x.data.filter((value) => Math.floor(value) + 4 === bin).length,
    );
    expect(heights).toEqual(counts);
    const heat = snapshotSvg([{ type: "heatmap", z: [[0, 1]] }], {});
    expect([...(heat ?? "").matchAll(/Z" fill="(#\w+)"/g)].map(([, fill]) => fill)).toEqual(["#440154", "#fde725"]);
  });

  test("is none for kinds that it cannot draw, and lets nothing out of its texts and attributes", () => {
    expect(snapshotSvg([{ type: "surface", z: [[1]] }], {})).toBeUndefined();
    expect(snapshotSvg([{ y: [] }], {})).toBeUndefined();
    expect(snapshotSvg([{ y: [1], visible: false }], {})).toBeUndefined();
    const svg = snapshotSvg(
      [
        { name: '"><script>', y: [1, 2], line: { color: '"/><script>alert(1)</script>' } },
        { name: "b", y: [2, 1] },
      ],
      { title: { text: '<b>5 < 6 & "</b>' }, xaxis: { title: "<svg onload=1>" } },
    );
    expect(svg).not.toMatch(/<script|onload|<b>/);
    expect(svg).toContain("5 &lt; 6 &amp; &quot;");
  });
});
