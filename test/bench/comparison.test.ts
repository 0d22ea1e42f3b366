import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Comparison, toCell } from "../../bench/lib/comparison.js";
import { betweenMarks } from "../../bench/lib/readme.js";
import { toMarkdown, writeReadme } from "../../bench/lib/report.js";

const comparison: Comparison = {
  title: "Two programs",
  machine: "a machine",
  versions: { ours: "1.0", theirs: "2.0" },
  method: "Medians over 3 runs.",
  notes: ["A note."],
  columns: ["ours", "theirs"],
  rows: [
    { name: "start", unit: "ms", cells: [toCell([30, 10, 200]), toCell([5.04, 5.04, 5.04])] },
    { name: "lines", unit: "", cells: [toCell([5000]), toCell(["never"])] },
  ],
};

describe("a cell of the table", () => {
  test.each([
    [[3, 1, 2], { median: 2, min: 1, max: 3, count: 3 }],
    [["never", 4, "never"], { word: "never" }],
    [[4, "never", 6], { median: 5, min: 4, max: 6, count: 2 }],
    [[undefined], { word: "–" }],
  ])("of %j", (values, cell) => {
    expect(toCell(values)).toEqual(cell);
  });
});

test("the page has the spread, the versions and the notes", () => {
  expect(toMarkdown(comparison).split("\n")).toEqual([
    "# Two programs",
    "",
    "Medians over 3 runs. a machine; ours 1.0, theirs 2.0.",
    "",
    "|  | ours | theirs |",
    "| --- | ---: | ---: |",
    "| start, ms | 30.0 (10.0–200) | 5.0 |",
    "| lines | 5000 | never |",
    "",
    "- A note.",
    "",
  ]);
});

describe("the README", () => {
  const file = join(mkdtempSync(join(tmpdir(), "lowbit-readme-")), "README.md");

  test("gets the table between the marks of the benchmark, as often as it is written, and nothing else changes", () => {
    writeFileSync(file, "# Before\n<!-- bench:two -->\nold\n<!-- /bench:two -->\nafter\n");
    expect(writeReadme(file, "two", comparison)).toBe(true);
    const once = readFileSync(file, "utf8");
    expect(once).toMatch(
      /^# Before\n<!-- bench:two -->\n\n\| {2}\| ours \| theirs \|\n[\s\S]*theirs 2\.0\.\n\n<!-- \/bench:two -->\nafter\n$/,
    );
    expect(once).not.toContain("old");
    expect(once).toContain("| start, ms | 30.0 | 5.0 |");
    writeReadme(file, "two", comparison);
    expect(readFileSync(file, "utf8")).toBe(once);
  });

  test("stays as it is without marks, or with those of another", () => {
    writeFileSync(file, "<!-- bench:other -->\n<!-- /bench:other -->\n");
    expect(writeReadme(file, "two", comparison)).toBe(false);
    expect(readFileSync(file, "utf8")).toBe("<!-- bench:other -->\n<!-- /bench:other -->\n");
    expect(writeReadme(`${file}.missing`, "two", comparison)).toBe(false);
  });

  test("a table with a dollar sign is taken as it is", () => {
    expect(betweenMarks("<!-- bench:a --><!-- /bench:a -->", "a", "$& $1")).toContain("\n$& $1\n");
  });
});
