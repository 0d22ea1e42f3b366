/** Functions that a module names run in the page, from the Bindings in the saved state. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { ExportError, exportPage } from "../../app/export/index.js";
import { emptyFolder } from "../support/kernel.js";
import { chromium, need } from "../support/peers.js";
import { becomesLive, closeBrowser, openFile } from "./browser.js";
import { code, control, model, notebookOf, showsWidget, writePage } from "./notebooks.js";

afterAll(closeBrowser);

const draw = `import { display, html, md, sparsity, tensor } from "lowbit";
import { FloatSlider } from "lowbit/widgets";
import { scale } from "./lib/scale";

export function count({ keep }: { keep: number }) {
  console.log(\`keeps \${keep} of 4\`);
  const mask = sparsity.nmMask(tensor.arange(8, { shape: [2, 4] }), { keep, group: 4 });
  return html\`<b class="kept">\${tensor.sum(mask) * scale}</b>\`;
}

export function fails({ at }: { at: number }): string {
  if (at > 3) throw new RangeError("</script> at " + at);
  return "fine";
}

export async function later({ n }: { n: number }): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, n === 4 ? 300 : 0));
  return \`later \${n}\`;
}

export const text = ({ n }: { n: number }) => md\`# Head\n\n**bold** $x_\${n}$ \\\`$code$\\\`\`;

export function widget({ n }: { n: number }): void {
  display(new FloatSlider({ value: n, max: 10, description: "made here" }));
}

export function sum({ a, b, out }: { a: { value: number }; b: { value: number }; out: { value: string } }): void {
  out.value = \`sum \${a.value + b.value}\`;
}
`;

function folderWithModules(): string {
  const folder = emptyFolder("lowbit-export-modules-");
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "draw.ts"), draw);
  writeFileSync(join(folder, "lib", "scale.ts"), "export const scale = 10;\n");
  return folder;
}

const layout = { layout: "IPY_MODEL_layout" };

function slider(id: string, value = 3): Record<string, object> {
  return {
    [id]: control("IntSlider", { ...layout, style: "IPY_MODEL_style", value, min: 0, max: 9, description: id }),
  };
}

const shared = {
  layout: model("@jupyter-widgets/base", "Layout", {}),
  style: control("SliderStyle", {
    _view_module: "@jupyter-widgets/base",
    _view_name: "StyleView",
    disabled: undefined,
  }),
};

/** What `interact` leaves in a notebook: slider, Output, box and Binding. */
function interactive(name: string, argument: string, shown: string, more: object = {}): Record<string, object> {
  const [input, out, box] = [`${name}-${argument}`, `${name}-out`, `${name}-box`];
  const outputs = [{ output_type: "display_data", data: { "text/plain": shown }, metadata: {} }];
  const children = [`IPY_MODEL_${input}`, `IPY_MODEL_${out}`];
  return {
    ...slider(input),
    [out]: model("@jupyter-widgets/output", "Output", { ...layout, outputs }),
    [box]: control("VBox", { ...layout, children, _dom_classes: ["widget-interact"], disabled: undefined }),
    [`${name}-binding`]: model("lowbit", "Binding", {
      _view_name: null,
      kind: "interact",
      module: "./draw.ts",
      name,
      inputs: { [argument]: `IPY_MODEL_${input}` },
      output: `IPY_MODEL_${out}`,
      ...more,
    }),
  };
}

async function open(path: string, models: Record<string, object>, ...shown: string[]) {
  const cells = shown.map((id) => code("", showsWidget(id)));
  const html = await exportPage(notebookOf(cells, { ...shared, ...models }), {
    folder: folderWithModules(),
    name: "x",
  });
  const opened = await openFile(path, writePage(html));
  await becomesLive(opened);
  const move = async (box: Locator, key: string, nth = 0): Promise<void> => {
    await box.locator(".noUi-handle").nth(nth).focus();
    await opened.page.keyboard.press(key);
  };
  return { ...opened, move, box: opened.page.locator(".lb-widget"), output: opened.page.locator(".jp-OutputArea") };
}

test("interact: what was shown stays until a control moves; then what is printed and returned is shown", {
  timeout: 60_000,
}, async (context) => {
  const opened = await open(need(context, chromium()), interactive("count", "keep", "as saved"), "count-box");
  const { page, box, output, move } = opened;
  expect(await output.innerText()).toContain("as saved");
  await move(box, "ArrowRight");
  await expect.poll(() => output.innerText()).toMatch(/keeps 4 of 4\s+80/);
  await move(box, "ArrowLeft");
  // 2 rows of 4 columns, 3 kept in each, times the 10 of the other module.
  await expect.poll(() => output.locator(".kept").textContent()).toBe("60");
  expect(await page.getByRole("note").count()).toBe(0);
  await page.reload();
  await becomesLive(opened);
  expect(await output.innerText()).toContain("as saved");
  expect([opened.complaints, opened.asked]).toEqual([[], []]);
  await page.close();
});

test("an error is shown as one, and the next value is computed again", { timeout: 60_000 }, async (context) => {
  const opened = await open(need(context, chromium()), interactive("fails", "at", "fine"), "fails-box");
  const { box, output, move } = opened;
  await move(box, "ArrowRight");
  await expect.poll(() => output.innerText()).toContain("RangeError: </script> at 4");
  await move(box, "ArrowLeft");
  await expect.poll(() => output.innerText()).toMatch(/^\s*'?fine'?\s*$/);
  expect(opened.complaints).toEqual([]);
  await opened.page.close();
});

test("the late answer for an older value never comes after a newer one", { timeout: 60_000 }, async (context) => {
  const opened = await open(need(context, chromium()), interactive("later", "n", "later 3"), "later-box");
  const { page, box, output, move } = opened;
  await move(box, "ArrowRight");
  await move(box, "ArrowRight");
  await expect.poll(() => output.innerText()).toContain("later 5");
  // The timer of the older one has a fixed length; one that is set now and is as long ends after it.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  expect(await output.innerText()).not.toContain("later 4");
  await page.close();
});

test("a function may make widgets of its own", { timeout: 60_000 }, async (context) => {
  const opened = await open(need(context, chromium()), interactive("widget", "n", "none yet"), "widget-box");
  const { box, move, page } = opened;
  await move(box, "ArrowRight");
  await page.getByText("made here").waitFor();
  expect(await page.locator(".jp-OutputArea .widget-readout").textContent()).toBe("4.00");
  await page.close();
});

test("Markdown and formulas of a function are set", { timeout: 60_000 }, async (context) => {
  const opened = await open(need(context, chromium()), interactive("text", "n", "none yet"), "text-box");
  const { box, output, move } = opened;
  await move(box, "ArrowRight");
  await expect.poll(() => output.locator("math annotation").textContent()).toBe("x_4");
  expect(await output.locator("h1").innerText()).toContain("Head");
  expect(await output.locator("code").textContent()).toBe("$code$");
  expect([opened.complaints, opened.asked]).toEqual([[], []]);
  await opened.page.close();
});

test("effect: runs at once, and when one of its widgets changes", { timeout: 60_000 }, async (context) => {
  const out = control("Label", { ...layout, value: "not yet", disabled: undefined });
  const children = ["a", "b", "out"].map((id) => `IPY_MODEL_${id}`);
  const box_ = control("VBox", { ...layout, children, disabled: undefined });
  const inputs = { a: "IPY_MODEL_a", b: "IPY_MODEL_b", out: "IPY_MODEL_out" };
  const binding = model("lowbit", "Binding", {
    kind: "effect",
    module: "./draw.ts",
    name: "sum",
    inputs,
    output: null,
  });
  const models = { ...slider("a", 1), ...slider("b", 2), out, box: box_, binding };
  const opened = await open(need(context, chromium()), models, "box");
  const { box, move } = opened;
  await expect.poll(() => box.innerText()).toContain("sum 3");
  await move(box, "ArrowRight", 1);
  await expect.poll(() => box.innerText()).toContain("sum 4");
  expect(opened.complaints).toEqual([]);
  await opened.page.close();
});

test("a module or a name that is not there stops the export and is named", async () => {
  const folder = folderWithModules();
  const exported = (state: object): Promise<string> =>
    exportPage(notebookOf([], { ...interactive("count", "keep", ""), b: model("lowbit", "Binding", state) }), {
      folder,
      name: "x",
    });
  const missing = exported({ kind: "interact", module: "./gone.ts", name: "f", inputs: {} });
  await expect(missing).rejects.toThrow(ExportError);
  await expect(missing).rejects.toThrow(/gone\.ts.*f of \.\/gone\.ts/s);
  await expect(exported({ kind: "interact", module: "./draw.ts", name: "nothing", inputs: {} })).rejects.toThrow(
    /"nothing".*nothing of \.\/draw\.ts/s,
  );
  writeFileSync(join(folder, "broken.ts"), "export const f = ;\n");
  await expect(exported({ kind: "interact", module: "./broken.ts", name: "f", inputs: {} })).rejects.toThrow(
    /broken\.ts:1/,
  );
  await expect(exported({ kind: "interact", module: "node:fs", name: "readFileSync", inputs: {} })).rejects.toThrow(
    /node:fs/,
  );
});
