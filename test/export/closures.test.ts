/** Which widgets of a page are said to wait for a kernel. */
import { expect, test } from "vitest";
import { waitingForKernel } from "../../app/export/closures.js";
import { code, control, model, notebookOf, showsWidget } from "./notebooks.js";

const models = {
  a: control("IntSlider", { value: 1 }),
  b: control("IntSlider", { value: 2 }),
  box: control("VBox", { children: ["IPY_MODEL_a", "IPY_MODEL_b"], disabled: undefined }),
};

function waiting(cells: readonly ReturnType<typeof code>[], more: object = {}): Record<string, readonly string[]> {
  const all = { ...models, ...more };
  return Object.fromEntries(waitingForKernel(notebookOf(cells, all), all as never));
}

test("controls that nothing observes do not wait", () => {
  expect(waiting([code("const a = new IntSlider();\na", showsWidget("a"))])).toEqual({});
  expect(waiting([code("// a.observe(f)\na", showsWidget("a"))])).toEqual({});
});

test("what shows an observed variable waits, wherever it is observed", () => {
  const observing = code('keep.observe(draw, "value")');
  expect(waiting([code("new VBox([keep, picture])", showsWidget("box")), observing])).toEqual({ box: ["a", "b"] });
  expect(waiting([code("keeper", showsWidget("box")), observing])).toEqual({});
  expect(waiting([code("effect(() => { label.value = text(rate.value); });"), code("rate", showsWidget("a"))])).toEqual(
    {
      a: ["a"],
    },
  );
  expect(waiting([code("effect(show, { rate, label });\nrate", showsWidget("a"))])).toEqual({ a: ["a"] });
  expect(waiting([code("button.onClick(() => train());\nbutton", showsWidget("a"))])).toEqual({ a: ["a"] });
});

test("what an effect only writes to does not wait", () => {
  const effect = code(
    "effect(() => { total.value = rate.value + 1; if (rate.value === base.value) total .value= 0; });",
  );
  expect(waiting([effect, code("total", showsWidget("a"))])).toEqual({});
  expect(waiting([effect, code("base", showsWidget("a"))])).toEqual({ a: ["a"] });
  expect(waiting([code("effect(() => { total.value += rate.value; });\ntotal", showsWidget("a"))])).toEqual({
    a: ["a"],
  });
});

test("what is global, or a module, is no variable that changes", () => {
  const cells = [
    code('import * as w from "lowbit/widgets";'),
    code("w.effect(() => { total.value = Math.round(rate.value) + w.controls.length; });"),
  ];
  expect(waiting([...cells, code("new w.VBox([Math.PI])", showsWidget("box"))])).toEqual({});
  expect(waiting([...cells, code("new w.VBox([rate])", showsWidget("box"))])).toEqual({ box: ["a", "b"] });
});

test("what a link in the page moves does not wait", () => {
  const link = model("@jupyter-widgets/controls", "Link", {
    source: ["IPY_MODEL_a", "value"],
    target: ["IPY_MODEL_x", "value"],
  });
  expect(waiting([code("slider.observe(f); slider", showsWidget("box"))], { link })).toEqual({ box: ["b"] });
});

test("an interactive box waits unless a module names its function", () => {
  const out = model("@jupyter-widgets/output", "Output", { outputs: [] });
  const box = control("VBox", {
    _dom_classes: ["widget-interact"],
    children: ["IPY_MODEL_a", "IPY_MODEL_out"],
    disabled: undefined,
  });
  const cell = code("interact(draw, { bits: [2, 8] })", showsWidget("box"));
  expect(waiting([cell], { box, out })).toEqual({ box: ["a"] });
  const binding = model("lowbit", "Binding", {
    kind: "interact",
    module: "./draw.ts",
    name: "draw",
    inputs: { bits: "IPY_MODEL_a" },
    output: "IPY_MODEL_out",
  });
  expect(waiting([cell], { box, out, binding })).toEqual({});
});

test("a widget is read through the module's name as well, and a tie in the kernel waits as a callback does", () => {
  const shown = code("slider", showsWidget("a"));
  for (const tie of [
    "w.effect(() => { label.value = text(slider.value); });",
    "link([slider, 'value'], [typed, 'value']);",
    'w.dlink([other, "value"], [slider, "value"]);',
  ]) {
    expect(waiting([code(tie), shown]), tie).toEqual({ a: ["a"] });
  }
  expect(waiting([code('w.jslink([slider, "value"], [typed, "value"])'), shown])).toEqual({});
});

test("a name in a text, a comment or an option is no variable", () => {
  const observing = code("bits.observe(draw)");
  const texts = [
    'new IntSlider({ description: "bits" })',
    "interval({ bits: 3 })",
    "f(`bits`) // bits",
    "/* bits */ x.bits",
  ];
  for (const text of texts) expect(waiting([observing, code(text, showsWidget("a"))]), text).toEqual({});
  expect(waiting([observing, code("text(`${bits.value} bits`)", showsWidget("a"))])).toEqual({ a: ["a"] });
  const view = code("defineWidget({ esm: `el.on('click', f); model.on('change', draw)` })");
  expect(waiting([view, code("model", showsWidget("a"))])).toEqual({});
});
