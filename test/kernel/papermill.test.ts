/** Parameters go where papermill puts them; the oracle is papermill itself. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Notebook } from "../../kernel/notebook/document.js";
import { injectParameters } from "../../kernel/notebook/parameters.js";
import { root } from "../support/kernel.js";
import { need, pythonWith } from "../support/peers.js";

/** Notebooks by the tags of their cells. */
const notebooks: readonly (readonly string[])[] = [
  ["", ""],
  ["parameters", ""],
  ["", "parameters", "", ""],
  ["", "parameters", "injected-parameters", ""],
  ["injected-parameters", "", ""],
  ["", "", "injected-parameters", ""],
  ["parameters", "", "parameters"],
  ["parameters", "", "injected-parameters"],
];

function ours(tags: readonly string[]): unknown {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: tags.map((tag, index) => ({
      id: `c${index}`,
      cell_type: "code",
      source: `n = ${index}`,
      metadata: { tags: tag === "" ? [] : [tag] },
      outputs: [],
      execution_count: null,
    })),
  } as Notebook;
  return injectParameters(notebook, { n: 7 }).cells.map(({ source, metadata }) => [
    String(source).includes("// Parameters") ? "INJECTED" : source,
    (metadata as { tags: string[] }).tags,
  ]);
}

// Importing papermill takes its time.
test("parameters are injected where papermill injects them", { timeout: 240_000 }, (context) => {
  const python = need(context, pythonWith("papermill", "nbformat"));
  const script = join(root, "test", "kernel", "peers", "papermill_cells.py");
  const answer = execFileSync(python, ["-W", "ignore", script], { input: JSON.stringify(notebooks), encoding: "utf8" });
  const theirs = JSON.parse(answer) as unknown[];
  expect(theirs).toHaveLength(notebooks.length);
  expect(notebooks.map(ours)).toEqual(theirs);
});
