/** The generated controls against the schema they come from, read here without the generator. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as widgets from "../../widgets/index.js";
import { type HostDouble, installHost, removeHost } from "./host-double.js";

interface Model {
  readonly model: { readonly name: string; readonly module: string; readonly version: string };
  readonly view: { readonly name: string | null; readonly module: string };
  readonly attributes: readonly { readonly name: string; readonly type: unknown; readonly default: unknown }[];
}

const schema = createRequire(import.meta.url)("@jupyter-widgets/schema/jupyterwidgetmodels.latest.json") as Model[];
/** Abstract, or a link: these get no class. */
const without = ["DOMWidgetModel", "LinkModel", "DirectionalLinkModel"];
const described = schema.filter(({ model }) => !without.includes(model.name));

let host: HostDouble;
beforeEach(() => {
  host = installHost();
});
afterEach(() => {
  widgets.closeAll();
  removeHost();
});

test("running the generator again gives the committed bytes", () => {
  const result = spawnSync(process.execPath, ["scripts/generate-controls.mjs", "--check"], { encoding: "utf8" });
  expect([result.stderr, result.status]).toEqual(["", 0]);
});

test("the schema is the one that was reviewed: 69 models, 66 of them classes", () => {
  expect([schema.length, described.length, widgets.controls.length]).toEqual([69, 66, 65]);
});

describe("opened with its defaults", () => {
  const makers = new Map<string, () => widgets.Widget>([
    ["LayoutModel", () => new widgets.Layout()],
    ...widgets.controls.map(([model, make]) => [model.name, make] as const),
  ]);

  test.each(described.map((entry) => [entry.model.name, entry] as const))(
    "%s has the schema's state",
    (name, entry) => {
      const widget = makers.get(name)?.() as widgets.Widget;
      const opened = host.take().find(({ id }) => id === widget.id);
      const state = opened?.data.state as Record<string, unknown>;
      const buffers = ((opened?.data.buffer_paths ?? []) as string[][]).flat();
      const names = entry.attributes.map((attribute) => attribute.name);
      expect([...Object.keys(state), ...buffers].sort()).toEqual([...names, "_view_count"].sort());
      for (const attribute of entry.attributes) {
        if (attribute.type === "reference") expect(state[attribute.name]).toMatch(/^IPY_MODEL_[\da-f-]{36}$/);
        else if (attribute.type === "bytes") expect(buffers).toContain(attribute.name);
        else if (!isFilled(name, attribute.name))
          expect(state[attribute.name], attribute.name).toEqual(attribute.default);
      }
    },
  );

  /** The two selections that need an option are made with one; some defaults are ipywidgets' and not the schema's. */
  function isFilled(model: string, attribute: string): boolean {
    if (/^(Float|Int)RangeSliderModel$/.test(model)) return attribute === "value";
    if (model === "FileUploadModel") return attribute === "description";
    return /^Selection(Range)?SliderModel$/.test(model) && attribute === "_options_labels";
  }
});

test("a style or layout may be given as its options, shared, or changed in place", () => {
  const a = new widgets.Button({ layout: { width: "50%" }, style: { button_color: "teal" } });
  const b = new widgets.Button({ layout: a.layout });
  host.take();
  a.layout.width = "60%";
  expect([a.layout.width, a.style.button_color, b.layout === a.layout]).toEqual(["60%", "teal", true]);
  expect(host.take().map(({ id, data }) => [id, data.state])).toEqual([[a.layout.id, { width: "60%" }]]);
  a.addClass("wide");
  a.addClass("wide");
  a.removeClass("narrow");
  expect(host.take().map(({ data }) => data.state)).toEqual([{ _dom_classes: ["wide"] }]);
});

test("a given layout leaves no unused default open", () => {
  const layout = new widgets.Layout();
  new widgets.Label({ layout });
  expect(host.take().filter(({ data }) => JSON.stringify(data).includes("LayoutModel"))).toHaveLength(1);
});

test.each([
  [() => new widgets.IntSlider({ valeu: 3 } as object), 'IntSlider: name "valeu", expected one of layout, '],
  [() => new widgets.IntSlider({ value: 1.5 }), "IntSlider.value: 1.5, expected a whole number"],
  [() => new widgets.FloatSlider({ value: Number.NaN }), "FloatSlider.value: NaN, expected a finite number"],
  [() => new widgets.IntSlider({ min: 200 }), "IntSlider: min 200 and max 100, expected min <= max"],
  [() => new widgets.Button({ icon: null as unknown as string }), "Button.icon: null, expected a string"],
  [() => new widgets.VBox([{} as widgets.Widget]), "VBox.children: [{}], expected a list (each item an open widget)"],
  [() => new widgets.Label().get("colour" as "value"), 'Label: name "colour", expected one of'],
  [() => new widgets.Label().observe(() => 0, "colour" as "value"), 'Label: name "colour", expected one of'],
])("bad input names the class, what arrived and what was expected", (make, message) => {
  expect(make).toThrow(message as string);
});
