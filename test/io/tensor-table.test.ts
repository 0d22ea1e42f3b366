/** The table of a file of tensors: its numbers against counting, and names that would be more than text. */
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { displaySymbol, type MimeBundle } from "../../src/display.js";
import { bfloat16, decode, encode, float4_e2m1fn, float8_e4m3fn, float16 } from "../../src/dtypes/index.js";
import { DtypeError, ValueError } from "../../src/errors.js";
import {
  openSafetensors,
  readNpz,
  type TensorTable,
  type TensorTableOptions,
  tensorTable,
  writeNpz,
  writeSafetensors,
} from "../../src/io/index.js";
import * as random from "../../src/random/index.js";
import { from, type Tensor } from "../../src/tensor/index.js";

const shown = (table: { [displaySymbol]: () => unknown }): { html: string; text: string } => {
  const bundle = table[displaySymbol]() as MimeBundle;
  return { html: bundle["text/html"] as string, text: bundle["text/plain"] as string };
};
const W = random.normal(random.key(3), [30, 50]);
const odd = from([Number.NaN, Number.POSITIVE_INFINITY, -3, 0, -0, 1e-9, Number.NEGATIVE_INFINITY, Number.NaN], {
  dtype: "float32",
});
const coded = (dtype: "F16" | "BF16" | "F8_E4M3" | "F4", format: typeof float16, tensor: Tensor<"float32">) =>
  ({ dtype, codes: encode(format, tensor) }) as const;
const tensors = {
  W,
  odd,
  half: coded("F16", float16, W),
  brain: coded("BF16", bfloat16, W),
  eight: coded("F8_E4M3", float8_e4m3fn, W),
  four: coded("F4", float4_e2m1fn, W),
  whole: from([[1, 0, 4294967295]], { dtype: "uint32" }),
  bits: from([[true, false, false]]),
  empty: from([], { dtype: "float64", shape: [0, 3] }),
  one: from([2.5], { dtype: "float64", shape: [] }),
};
const file = openSafetensors(writeSafetensors(tensors, { metadata: { format: "pt" } }));
const row = (table: TensorTable, name: string): TensorTable["rows"][number] | undefined =>
  table.rows.find((one) => one.name === name);

test.each(["W", "half", "brain", "eight", "four", "whole", "bits"])(
  "the numbers of %s are those of counting",
  (name) => {
    const found = row(tensorTable(file), name);
    const values = Array.from(file.tensor(name).data as ArrayLike<number>);
    expect(found).toMatchObject({
      elements: values.length,
      bytes: (file.tensors.get(name)?.end ?? 0) - (file.tensors.get(name)?.begin ?? 0),
      values: {
        min: Math.min(...values) + 0,
        max: Math.max(...values) + 0,
        zeros: values.filter((value) => value === 0).length,
        nan: 0,
        infinite: 0,
      },
    });
  },
);

test("NaN and infinities are counted, and are not in the range; -0 is a zero", () => {
  const table = tensorTable(file);
  expect(row(table, "odd")?.values).toEqual({ min: -3, max: Math.fround(1e-9), zeros: 2, nan: 2, infinite: 2 });
  expect(row(table, "empty")?.values).toEqual({ min: undefined, max: undefined, zeros: 0, nan: 0, infinite: 0 });
  expect(row(table, "one")).toMatchObject({ shape: [], elements: 1, values: { min: 2.5, max: 2.5 } });
  const line = shown(table)
    .text.split("\n")
    .find((one) => one.startsWith("odd")) as string;
  expect(line).toMatch(/odd +F32 +\[8\] +8 +32 +-3 \.\. 1e-9 +25\.00 % +2 NaN, 2 Inf/);
});

test("in HTML a number keeps its sign of percent, and a shape its sides, on one line; names keep their spaces", () => {
  const { html } = shown(tensorTable(file));
  const cells = [...html.matchAll(/<t[dh][^>]*>([^<]*)</g)].map(([, text]) => text as string);
  expect(cells).toContain("25.00\u00a0%");
  expect(cells).toContain("[0,\u00a03]");
  expect(cells).toContain("-3\u00a0..\u00a01e-9");
  const broken = tensorTable(new Map([["a b", from([1])]]), { maxBytes: 0 });
  expect(shown(broken).html).toContain(">a b<");
});

test("a tensor longer than what is read at a time has the same numbers", () => {
  const long = random.normal(random.key(4), [3, 100_001]);
  const values = Array.from(decode(float8_e4m3fn, encode(float8_e4m3fn, long)).data);
  const opened = openSafetensors(writeSafetensors({ long: coded("F8_E4M3", float8_e4m3fn, long) }));
  expect(tensorTable(opened).rows[0]?.values).toEqual({
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
    zeros: values.filter((value) => value === 0).length,
    nan: 0,
    infinite: 0,
  });
});

test("totals, metadata and their places", () => {
  const table = tensorTable(file);
  expect(table.elements).toBe(5 * 1500 + 8 + 3 + 3 + 0 + 1);
  expect(table.bytes).toBe(1500 * (4 + 2 + 2 + 1 + 0.5) + 32 + 12 + 3 + 8);
  const { html, text } = shown(table);
  const { document } = new JSDOM(html).window;
  expect(document.querySelectorAll("tbody tr")).toHaveLength(10);
  expect(document.querySelector("tfoot tr")?.textContent).toContain("7,515");
  expect(document.querySelector("caption")?.textContent).toBe("10 tensors");
  expect(document.querySelector("dl")?.textContent).toBe("formatpt");
  expect(text.split("\n")).toHaveLength(1 + 1 + 10 + 1 + 1);
  // The file shows itself as its table.
  expect(shown(file)).toEqual({ html, text });
});

describe("what is beyond the budget", () => {
  const limited = (options: TensorTableOptions): TensorTable => tensorTable(file, options);
  test("is not read, and the note says how to", () => {
    const table = limited({ maxBytes: 3000 });
    expect(row(table, "W")).toMatchObject({ values: undefined, reason: "beyond maxBytes = 3000" });
    expect(row(table, "one")?.values).toBeDefined();
    const used = table.rows.reduce((total, { values, bytes }) => total + (values ? bytes : 0), 0);
    expect(used).toBeLessThanOrEqual(3000);
    // As much as fits: every tensor that was passed over is longer than what was left for it.
    expect(table.rows.filter(({ values }) => values).length).toBeGreaterThan(4);
    const { text, html } = shown(table);
    expect(text).toMatch(/\nW +F32 +\[30, 50\] +1,500 +6,000 +not read\n/);
    expect(text).toMatch(/bytes were not read: io\.tensorTable\(file, \{ maxBytes: Infinity \}\) reads all/);
    expect(text).toMatch(/total .* % of what was read/);
    expect(html).toContain("not read");
    expect(
      limited({ maxBytes: 0 })
        .rows.filter(({ values }) => values)
        .map(({ name }) => name),
    ).toEqual(["empty"]);
  });
  test("of rows is counted", () => {
    expect(shown(limited({ maxRows: 3 })).text).toMatch(/7 more are not shown/);
    expect(limited({ maxRows: 3 }).rows).toHaveLength(10);
  });
  test("options below 0 are refused", () => {
    expect(() => limited({ maxBytes: -1 })).toThrow(ValueError);
    expect(() => limited({ maxRows: Number.NaN })).toThrow(/maxRows = NaN, expected a number >= 0/);
  });
});

test("names and texts that would be more than text are text", () => {
  const names = [
    "<img src=x onerror=alert(1)>",
    "a\nb\u001b[31m",
    "\u202etxt.exe",
    "x".repeat(5000),
    "__proto__",
    "é 😀",
  ];
  const hostile = new Map(names.map((name) => [name, W]));
  const metadata = { "<b>key</b>": "<script>1</script>", long: "y".repeat(5000) };
  const { html, text } = shown(openSafetensors(writeSafetensors(hostile, { metadata })));
  const { document } = new JSDOM(html).window;
  expect(document.querySelectorAll("img, script, b")).toHaveLength(0);
  const cells = [...document.querySelectorAll("tbody th")].map((cell) => cell.textContent);
  expect(cells).toContain("<img src=x onerror=alert(1)>");
  expect(cells).toContain("a\\u{a}b\\u{1b}[31m");
  expect(cells).toContain("\\u{202e}txt.exe");
  expect(cells).toContain("__proto__");
  expect(cells).toContain("é 😀");
  expect(text).not.toMatch(/[\u001b\u202e]/);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(400);
});

test("what cannot be read says so in its row, and the others are read", () => {
  const header = Buffer.from(
    JSON.stringify({
      c: { dtype: "C64", shape: [1], data_offsets: [0, 8] },
      i: { dtype: "I64", shape: [1], data_offsets: [8, 16] },
      u: { dtype: "U8", shape: [1], data_offsets: [16, 17] },
    }),
  );
  const bytes = new Uint8Array(8 + header.length + 17).fill(0x7f);
  bytes.set([header.length, 0, 0, 0, 0, 0, 0, 0, ...header]);
  const table = tensorTable(openSafetensors(bytes));
  expect(table.rows.map(({ values, reason }) => reason ?? values?.max)).toEqual([
    expect.stringMatching(/dtype C64, which is not read/),
    expect.stringMatching(/an integer near/),
    127,
  ]);
  expect(shown(table).html).toContain("not read: ");
});

test("arrays of .npz and tensors by name have the same table", () => {
  const some = { W, odd };
  expect(shown(readNpz(writeNpz(some)))).toEqual(shown(tensorTable(some)));
  expect(tensorTable(new Map(Object.entries(some))).rows).toEqual(tensorTable(some).rows);
  expect(() => tensorTable(null as never)).toThrow(DtypeError);
  expect(() => tensorTable({ a: 3 } as never)).toThrow(/a is no tensor/);
  expect(tensorTable({}).elements).toBe(0);
});
