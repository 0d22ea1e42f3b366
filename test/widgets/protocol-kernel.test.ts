/** The messages of widget protocol 2.1, field by field, as `messages.md` of @jupyter-widgets/schema has them. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  Button,
  batch,
  Checkbox,
  closeAll,
  countOpen,
  findWidget,
  Image,
  IntSlider,
  Output,
  VBox,
} from "../../widgets/index.js";
import { type HostDouble, installHost, removeHost } from "./host-double.js";

let host: HostDouble;
let errors: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  host = installHost();
  errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  closeAll();
  removeHost();
  errors.mockRestore();
  vi.unstubAllEnvs();
});

/** What went out on one comm, methods and states only. */
function messages(id: string): unknown[] {
  return host
    .take()
    .filter((sent) => sent.id === id)
    .map(({ data }) => [data.method, data.state]);
}

describe("opening", () => {
  test("a slider opens its layout, its style and then itself", () => {
    const slider = new IntSlider({ value: 3, description: "bits" });
    const opened = host.take();
    expect(opened.map(({ type, targetName, metadata }) => [type, targetName, metadata])).toEqual(
      Array(3).fill(["open", "jupyter.widget", { version: "2.1.0" }]),
    );
    const [layout, style, last] = opened;
    expect(layout?.data.state).toMatchObject({ _model_name: "LayoutModel", _model_module: "@jupyter-widgets/base" });
    expect(style?.data.state).toMatchObject({ _model_name: "SliderStyleModel", _view_module: "@jupyter-widgets/base" });
    expect(last?.id).toBe(slider.id);
    expect(last?.data).toEqual({
      state: {
        _model_module: "@jupyter-widgets/controls",
        _model_module_version: "2.0.0",
        _model_name: "IntSliderModel",
        _view_module: "@jupyter-widgets/controls",
        _view_module_version: "2.0.0",
        _view_name: "IntSliderView",
        _view_count: null,
        _dom_classes: [],
        layout: `IPY_MODEL_${layout?.id}`,
        tabbable: null,
        tooltip: null,
        behavior: "drag-tap",
        continuous_update: true,
        description: "bits",
        description_allow_html: false,
        disabled: false,
        max: 100,
        min: 0,
        orientation: "horizontal",
        readout: true,
        readout_format: "d",
        step: 1,
        style: `IPY_MODEL_${style?.id}`,
        value: 3,
      },
      buffer_paths: [],
    });
  });

  test("children are open before their parent, at any depth of the list", () => {
    const inner = new VBox([new Button(), new Checkbox()]);
    const outer = new VBox([inner]);
    const order = host.take().map(({ id }) => id);
    expect(order.indexOf(inner.id)).toBeLessThan(order.indexOf(outer.id));
    expect(inner.children.every((child) => order.indexOf(child.id) < order.indexOf(inner.id))).toBe(true);
  });

  test("ids are version 4 UUIDs and different", () => {
    const ids = Array.from({ length: 50 }, () => new Output().id);
    expect(new Set(ids).size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  test("bytes travel beside the state, and only their own part of a larger buffer", () => {
    const bytes = new Uint8Array([0, 0, 7, 8, 9, 0]).subarray(2, 5);
    const image = new Image({ value: bytes, format: "png" });
    const opened = host.take().find(({ id }) => id === image.id);
    expect(opened?.data.buffer_paths).toEqual([["value"]]);
    expect(opened?.buffers).toEqual([[7, 8, 9]]);
    expect(opened?.data.state).not.toHaveProperty("value");
  });
});

describe("changes from here", () => {
  test("only what changed is sent, once, and nothing for an equal value", () => {
    const slider = new IntSlider({ value: 3 });
    host.take();
    slider.value = 4;
    slider.value = 4;
    slider.description = "";
    expect(host.take().map(({ type, data, metadata }) => [type, data, metadata])).toEqual([
      ["msg", { method: "update", state: { value: 4 }, buffer_paths: [] }, {}],
    ]);
  });

  test("several values in one message, observed only when all are in place", () => {
    const slider = new IntSlider({ value: 3 });
    host.take();
    const seen: unknown[] = [];
    slider.observe(({ name }) => seen.push([name, slider.min, slider.max, slider.value]));
    slider.set({ min: 10, max: 20, value: 15 });
    expect(messages(slider.id)).toEqual([["update", { min: 10, max: 20, value: 15 }]]);
    expect(seen).toEqual([
      ["min", 10, 20, 15],
      ["max", 10, 20, 15],
      ["value", 10, 20, 15],
    ]);
  });

  test("a batch sends one message per widget at its end, also when it throws", () => {
    const [a, b] = [new IntSlider(), new IntSlider()];
    host.take();
    const result = batch(() => {
      a.value = 1;
      b.value = 2;
      batch(() => {
        a.value = 3;
      });
      expect(host.sent).toEqual([]);
      return "done";
    });
    expect(result).toBe("done");
    expect(host.take().map(({ id, data }) => [id, data.state])).toEqual([
      [a.id, { value: 3 }],
      [b.id, { value: 2 }],
    ]);
    expect(() =>
      batch(() => {
        a.value = 5;
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(messages(a.id)).toEqual([["update", { value: 5 }]]);
  });

  test("a change in place is sent when asked for", () => {
    const image = new Image({ value: new Uint8Array([1, 2]) });
    host.take();
    image.value[0] = 9;
    image.set("value", image.value);
    expect(host.take()).toEqual([]);
    image.sendState("value");
    expect(host.take().map(({ data, buffers }) => [data, buffers])).toEqual([
      [{ method: "update", state: {}, buffer_paths: [["value"]] }, [[9, 2]]],
    ]);
  });

  test("custom messages carry content and buffers", () => {
    const button = new Button();
    host.take();
    button.send({ goto: [3, 5] }, [new Uint16Array([258])]);
    expect(host.take().map(({ data, buffers }) => [data, buffers])).toEqual([
      [{ method: "custom", content: { goto: [3, 5] } }, [[2, 1]]],
    ]);
  });
});

describe("closing", () => {
  test("close() sends comm_close once; afterwards nothing is sent and values can be read", () => {
    const slider = new IntSlider({ value: 3 });
    const closed = vi.fn();
    slider.on("close", closed);
    host.take();
    slider.close();
    slider.close();
    slider.value = 4;
    slider.send("still there?");
    expect(host.take().map(({ type, id }) => [type, id])).toEqual([["close", slider.id]]);
    expect([slider.value, slider.isOpen, findWidget(slider.id)]).toEqual([4, false, undefined]);
    expect(closed).toHaveBeenCalledExactlyOnceWith(slider);
  });

  test("a comm that the front end closes closes the widget without an answer", () => {
    const slider = new IntSlider();
    host.take();
    host.closeFromFrontEnd(slider.id);
    expect([slider.isOpen, host.take()]).toEqual([false, []]);
  });

  test("a closed widget is refused as a child", () => {
    const button = new Button();
    button.close();
    expect(() => new VBox([button])).toThrow("VBox.children: [");
  });

  test("closeAll closes everything, parents before what they refer to", () => {
    const box = new VBox([new Button()]);
    host.take();
    closeAll();
    const order = host.take().map(({ id }) => id);
    expect(order.indexOf(box.id)).toBeLessThan(order.indexOf(box.layout.id));
    expect(countOpen()).toBe(0);
  });
});

describe("showing", () => {
  test("a widget shows its view and text, a style text only, a closed widget too", () => {
    const slider = new IntSlider({ value: 3, description: "bits" });
    const symbol = Symbol.for("Jupyter.display");
    const show = (value: object): unknown => (value as Record<symbol, () => unknown>)[symbol]?.();
    const text = 'IntSlider({ description: "bits", value: 3 })';
    expect(show(slider)).toEqual({
      "application/vnd.jupyter.widget-view+json": { version_major: 2, version_minor: 0, model_id: slider.id },
      "text/plain": text,
    });
    slider.close();
    expect(show(slider)).toEqual({ "text/plain": text });
  });

  test("without a kernel everything works and nothing is sent", () => {
    removeHost();
    const box = new VBox([new IntSlider({ value: 3 })]);
    (box.children[0] as IntSlider).value = 5;
    expect(String(box)).toBe("VBox({ children: [IntSlider({ value: 5 })] })");
    box.close();
    expect(host.take()).toEqual([]);
  });
});
