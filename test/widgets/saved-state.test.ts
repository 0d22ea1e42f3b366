/** What a notebook keeps of its widgets, by both savers, and what it shows without a kernel. */
import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { savedForm } from "../../widgets/lib/saved.js";
import { emptyFolder, root } from "../support/kernel.js";
import { chromium, need, pythonWith } from "../support/peers.js";
import { closeFrontEnd, openFrontEnd, own, type SavedModel, type Tools } from "./front-end/open.js";

declare const tools: Tools;

afterAll(closeFrontEnd);

const stateType = "application/vnd.jupyter.widget-state+json";

interface Saved {
  readonly version_major: number;
  readonly version_minor: number;
  readonly state: Record<string, SavedModel>;
}

const byteCounts = ({ buffers = [] }: SavedModel): number[] =>
  buffers.map(({ data }) => Buffer.from(data, "base64").length);

describe("the rule", () => {
  const large = new Uint8Array(2 ** 20 + 1);
  const small = new Uint8Array(2 ** 20);
  test("keeps small parts, leaves out large ones that have a recipe or a preview, and refuses the rest", () => {
    const kept = savedForm({ data: small, n: [1, "a", null] }) as { data: unknown; n: unknown };
    expect([kept.data === small, kept.n]).toEqual([true, [1, "a", null]]);
    expect(savedForm({ data: large, recipe: { a: 1 } })).toEqual({ recipe: { a: 1 } });
    const [item] = savedForm([{ data: large, preview: { data: small } }]) as [{ preview: { data: unknown } }];
    expect([Object.keys(item), item.preview.data === small]).toEqual([["preview"], true]);
    expect(savedForm({ data: large })).toBeUndefined();
    expect(savedForm({ data: large, recipe: "no record" })).toBeUndefined();
    expect(savedForm([1, large])).toBeUndefined();
    expect(savedForm({ a: { data: large }, recipe: {} })).toBeUndefined();
    expect(savedForm({ data: large, preview: { data: large } })).toBeUndefined();
  });
});

/** A notebook of these cells, run by `lowbit run`. */
function runNotebook(...sources: readonly string[]): { readonly file: string; readonly before: number } {
  const folder = emptyFolder();
  const [file, out] = [join(folder, "in.ipynb"), join(folder, "out.ipynb")];
  const cells = sources.map((source, i) => ({
    id: `c${i}`,
    cell_type: "code",
    source,
    metadata: {},
    outputs: [],
    execution_count: null,
  }));
  const metadata = { kernelspec: { name: "lowbit", display_name: "TypeScript (Lowbit)", language: "typescript" } };
  writeFileSync(file, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
  execFileSync(process.execPath, [join(root, "bin", "lowbit.js"), "run", file, "-o", out], { stdio: "pipe" });
  return { file: out, before: statSync(file).size };
}

const setup = 'import { random } from "lowbit";\nimport { MaskViewer } from "lowbit/widgets";';
const wave = "Float64Array.from({ length: 2048 * 2048 }, (_, i) => i / 2048)";

describe("in Jupyter's own front end", () => {
  test("small weights are saved whole, drawn ones as their recipe, other large ones as a part that says so", {
    timeout: 60_000,
  }, async (context) => {
    const { page, complaints } = await openFrontEnd(need(context, chromium()));
    const saved = await page.evaluate(async () => {
      const { random } = tools;
      const { MaskViewer } = tools.widgets;
      const drawn = random.normal(random.key(3), [1024, 1024]);
      const ramp = Float64Array.from({ length: 1024 * 1024 }, (_, i) => i / 1024);
      const viewers = [
        new MaskViewer({ weights: { data: new Float32Array(512 * 512).fill(1), shape: [512, 512], dtype: "float32" } }),
        new MaskViewer({ weights: drawn, tile: [512, 256] }),
        new MaskViewer({
          weights: { data: ramp, shape: [1024, 1024], dtype: "float64" },
          tile: [600, 8],
          edits: [[602, 9, -7]],
        }),
      ];
      for (const viewer of viewers) await tools.show(viewer);
      const first = JSON.stringify(await tools.saved());
      // Opened without a kernel, and saved again: nothing is lost on the way.
      await tools.open(JSON.parse(first));
      const again = await tools.saved();
      for (const viewer of viewers) await tools.show(viewer);
      const { state } = JSON.parse(first) as Awaited<ReturnType<Tools["saved"]>>;
      return viewers.map(({ id }) => ({
        model: state[id] as SavedModel,
        again: again.state[id] as SavedModel,
        weight: drawn.data[512 * 1024 + 256] as number,
      }));
    });
    expect(saved.map(({ model }) => byteCounts(model))).toEqual([[2 ** 20], [], [2 ** 20]]);
    for (const { model, again } of saved) expect(again).toEqual(model);
    expect(saved.map(({ model }) => Object.keys(model.state.weights as object).sort())).toEqual([
      ["dtype", "shape"],
      ["dtype", "recipe", "shape"],
      ["dtype", "preview", "shape"],
    ]);
    expect((await page.getByRole("note").allTextContents()).filter((text) => text !== "")).toEqual([
      "Saved preview: rows 344–855 and columns 0–511 of 1,024 × 1,024, counted from 0 here. Run the cell again for all of it.",
    ]);
    const cell = (view: number, row: number, column: number): Promise<string | null> =>
      page
        .locator(".lowbit-mask")
        .nth(view)
        .locator(`[role="gridcell"][data-row="${row}"][data-column="${column}"]`)
        .textContent();
    expect(Number(await cell(1, 0, 0))).toBeCloseTo(saved[1]?.weight as number, 1);
    // The tile's cells are counted from its own corner; the edit is in it.
    expect([await cell(2, 2, 1), await cell(2, 1, 1)]).toEqual(["-7", "601"]);
    expect(own(complaints)).toEqual([]);
    await page.close();
  });

  test("a large value of a widget that has no substitute is not saved, and the view says so", {
    timeout: 60_000,
  }, async (context) => {
    const { page } = await openFrontEnd(need(context, chromium()));
    const texts = await page.evaluate(async () => {
      const viewer = new tools.widgets.MaskViewer();
      await tools.show(viewer);
      const { state, ...version } = await tools.saved();
      const model = state[viewer.id] as SavedModel;
      const { weights: _, ...rest } = model.state;
      const lost = { ...model, state: { ...rest, _unsaved: ["weights"] }, buffers: [] };
      await tools.open({ ...version, state: { ...state, [viewer.id]: lost } });
      return (await tools.showModel(viewer.id)).textContent;
    });
    expect(texts).toBe("The weights of this widget are too large to be saved with the notebook. Run the cell again.");
    await page.close();
  });
});

describe("by `lowbit run`", () => {
  const run = runNotebook(
    `${setup}\nnew MaskViewer({ weights: random.normal(random.key(11), [4096, 4096]), tile: [2048, 1024] })`,
    `new MaskViewer({ weights: { data: ${wave}, shape: [2048, 2048], dtype: "float64" as const }, group: 5 - 1, tile: [1200, 8] })`,
  );
  const notebook = JSON.parse(readFileSync(run.file, "utf8")) as { metadata: { widgets: Record<string, Saved> } };
  const saved = notebook.metadata.widgets[stateType] as Saved;
  const viewers = Object.entries(saved.state).filter(([, { model_name }]) => model_name === "MaskModel");

  test("a 4096 x 4096 viewer adds its recipe, another large one a part of at most 1 MiB", () => {
    expect(viewers.map(([, model]) => byteCounts(model))).toEqual([[], [2 ** 20]]);
    expect(viewers.map(([, { state }]) => state.weights)).toMatchObject([
      {
        dtype: "float32",
        shape: [4096, 4096],
        recipe: { function: "normal", key: { high: 0, low: 11 }, shape: [4096, 4096] },
      },
      { dtype: "float64", shape: [2048, 2048], preview: { dtype: "float32", shape: [512, 512], start: [944, 0] } },
    ]);
    expect(statSync(run.file).size - run.before).toBeLessThan(2 * 2 ** 20);
  });

  test("the notebook is valid by nbformat, and its widgets by Jupyter's own schema", (context) => {
    const python = need(context, pythonWith("nbformat", "jsonschema"));
    const schema = join(root, "node_modules/@jupyter-widgets/schema/v2/state.schema.json");
    const script = [
      "import json, sys, nbformat, jsonschema",
      "notebook = nbformat.read(sys.argv[1], as_version=4)",
      "nbformat.validate(notebook)",
      `state = notebook.metadata.widgets["${stateType}"]`,
      "jsonschema.validate(state, json.load(open(sys.argv[2])))",
      "print(len(state['state']))",
    ].join("\n");
    const said = execFileSync(python, ["-c", script, run.file, schema], { encoding: "utf8" });
    expect(Number(said)).toBe(Object.keys(saved.state).length);
  });

  test("both are shown live in a page without a kernel", { timeout: 60_000 }, async (context) => {
    const { page, complaints } = await openFrontEnd(need(context, chromium()));
    const ids = viewers.map(([id]) => id);
    const again = await page.evaluate(
      async ([state, shown]) => {
        await tools.open(JSON.parse(state as string));
        for (const id of shown as string[]) await tools.showModel(id);
        return tools.saved();
      },
      [JSON.stringify(saved), ids] as const,
    );
    // The page saves what it was given.
    for (const [id, model] of viewers) expect(again.state[id]).toEqual(model);
    const first = page.locator(".lowbit-mask").first();
    const cells = first.locator('[role="gridcell"][data-row="0"][data-column="0"]');
    await cells.focus();
    for (let i = 0; i < 40; i++) await page.keyboard.press("+");
    const before = await page.evaluate(() => {
      const { normal, key } = tools.random;
      return normal(key(11), [4096, 4096]).data[2048 * 4096 + 1024] as number;
    });
    await expect.poll(async () => Number(await cells.textContent()) - before).toBeGreaterThan(1);
    await page.locator(".lowbit-mask").nth(1).locator('[role="gridcell"][data-row="0"][data-column="0"]').waitFor();
    expect(own(complaints)).toEqual([]);
    await page.close();
  });
});
