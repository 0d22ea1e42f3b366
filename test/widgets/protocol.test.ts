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

describe("changes from a front end", () => {
  test("are echoed, applied and observed, and not sent back", () => {
    const slider = new IntSlider({ value: 3 });
    host.take();
    const seen: unknown[] = [];
    slider.observe(({ name, old, value, owner }) => seen.push([name, old, value, owner === slider]), "value");
    host.update(slider.id, { value: 8 });
    expect(slider.value).toBe(8);
    expect(seen).toEqual([["value", 3, 8, true]]);
    expect(messages(slider.id)).toEqual([["echo_update", { value: 8 }]]);
  });

  test("what the kernel changes on the way is sent back: the property lock opens", () => {
    const slider = new IntSlider({ value: 3, max: 10 });
    host.take();
    host.update(slider.id, { value: 50 });
    expect(slider.value).toBe(10);
    expect(messages(slider.id)).toEqual([
      ["echo_update", { value: 50 }],
      ["update", { value: 10 }],
    ]);
  });

  test("what an observer sets goes out in one message, without what the front end already has", () => {
    const slider = new IntSlider({ value: 3 });
    slider.observe(() => {
      slider.description = "moved";
      slider.tooltip = "twice";
    }, "value");
    host.take();
    host.update(slider.id, { value: 8 });
    expect(messages(slider.id)).toEqual([
      ["echo_update", { value: 8 }],
      ["update", { description: "moved", tooltip: "twice" }],
    ]);
  });

  test("an observer that sets the value itself is heard", () => {
    const slider = new IntSlider({ value: 3 });
    slider.observe(() => {
      slider.value = 1;
    }, "value");
    host.take();
    host.update(slider.id, { value: 8 });
    expect(slider.value).toBe(1);
    expect(messages(slider.id).at(-1)).toEqual(["update", { value: 1 }]);
  });

  test("echoes can be turned off, for one trait by its class and for all by the environment", async () => {
    const { FileUpload } = await import("../../widgets/index.js");
    const upload = new FileUpload();
    host.take();
    const file = { name: "w.npy", type: "", size: 2, last_modified: 1600000000000 };
    host.update(upload.id, { value: [file], error: "" }, [["value", 0, "content"]], [new Uint8Array([5, 6])]);
    expect(messages(upload.id)).toEqual([["echo_update", { error: "" }]]);
    expect([...(upload.value[0]?.content ?? [])]).toEqual([5, 6]);
    expect(upload.value[0]?.last_modified.toISOString()).toBe("2020-09-13T12:26:40.000Z");
    vi.stubEnv("JUPYTER_WIDGETS_ECHO", "0");
    host.update(upload.id, { error: "again" });
    expect(messages(upload.id)).toEqual([]);
    expect(upload.error).toBe("again");
  });

  test("binary values are put back at their paths and echoed with them", () => {
    const image = new Image();
    host.take();
    host.update(image.id, { format: "jpg" }, [["value"]], [new Uint8Array([1, 2, 3])]);
    expect([...image.value]).toEqual([1, 2, 3]);
    expect(host.take().map(({ data, buffers }) => [data, buffers])).toEqual([
      [{ method: "echo_update", state: { format: "jpg" }, buffer_paths: [["value"]] }, [[1, 2, 3]]],
    ]);
  });

  test("references become the widgets they name", () => {
    const [a, b] = [new Button(), new Button()];
    const box = new VBox([a]);
    host.take();
    host.update(box.id, { children: [`IPY_MODEL_${b.id}`, `IPY_MODEL_${a.id}`] });
    expect(box.children).toEqual([b, a]);
    expect(messages(box.id)).toEqual([["echo_update", { children: [`IPY_MODEL_${b.id}`, `IPY_MODEL_${a.id}`] }]]);
  });

  test("request_state is answered with the whole state", () => {
    const image = new Image({ value: new Uint8Array([4]) });
    const opened = host.take().find(({ id }) => id === image.id);
    host.receive(image.id, { method: "request_state" });
    const [reply] = host.take();
    expect(reply?.data).toEqual({ ...opened?.data, method: "update" });
    expect(reply?.buffers).toEqual([[4]]);
  });

  test("custom messages reach their handlers, and one that fails stops no other", async () => {
    const button = new Button();
    const seen: unknown[] = [];
    const first = (): never => {
      throw new Error("first");
    };
    button.on("message", first);
    button.on("message", async () => Promise.reject(new Error("second")));
    button.on("message", ({ content, buffers }) => seen.push([content, buffers.map((part) => part.getUint8(0))]));
    host.receive(button.id, { method: "custom", content: { event: "touch" } }, [new Uint8Array([6])]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(seen).toEqual([[{ event: "touch" }, [6]]]);
    expect(errors.mock.calls.map(([where, error]: unknown[]) => [where, String(error)])).toEqual([
      ["Button: message handler:", "Error: first"],
      ["Button: message handler:", "Error: second"],
    ]);
    button.off("message", first);
    host.receive(button.id, { method: "custom", content: null });
    expect(seen).toHaveLength(2);
  });

  test("an observer that throws is reported, the others run and the value stays", () => {
    const slider = new IntSlider();
    const seen: number[] = [];
    slider.observe(() => {
      throw new Error("no");
    }, "value");
    const push = ({ value }: { value: number }): number => seen.push(value);
    slider.observe(push, "value");
    host.update(slider.id, { value: 2 });
    slider.unobserve(push, "value");
    host.update(slider.id, { value: 3 });
    expect([slider.value, seen]).toEqual([3, [2]]);
    expect(errors.mock.calls[0]?.[0]).toBe("IntSlider: observer of value:");
  });
});

describe("the control comm", () => {
  test("request_states is answered with every open widget, buffer paths below id and state", () => {
    const image = new Image({ value: new Uint8Array([1, 2]) });
    host.take();
    host.open("jupyter.widget.control", "control", {});
    host.receive("control", { method: "request_states" });
    const [reply] = host.take();
    const states = reply?.data.states as Record<string, Record<string, unknown>>;
    expect(reply?.data.method).toBe("update_states");
    expect(Object.keys(states).sort()).toEqual([image.id, image.layout.id].sort());
    expect(states[image.id]).toMatchObject({
      model_name: "ImageModel",
      model_module: "@jupyter-widgets/controls",
      model_module_version: "2.0.0",
      state: { format: "png", layout: `IPY_MODEL_${image.layout.id}` },
    });
    expect(reply?.data.buffer_paths).toEqual([[image.id, "state", "value"]]);
    expect(reply?.buffers).toEqual([[1, 2]]);
  });

  test("another method is reported, not answered", () => {
    new Button();
    host.take();
    host.open("jupyter.widget.control", "control", {});
    host.receive("control", { method: "drop_tables" });
    expect(host.take()).toEqual([]);
    expect(String(errors.mock.calls[0]?.[1])).toContain('method "drop_tables", expected "request_states"');
  });
});

describe("widgets that a front end opens", () => {
  test("get the comm's id and the class of their model", () => {
    new Button();
    host.take();
    const state = { _model_module: "@jupyter-widgets/controls", _model_name: "IntSliderModel" };
    host.open("jupyter.widget", "from-the-page", { state, buffer_paths: [] });
    const made = findWidget("from-the-page") as IntSlider;
    expect(made).toBeInstanceOf(IntSlider);
    expect(host.take().map(({ type, data }) => [type, (data.state as { _model_name: string })._model_name])).toEqual([
      ["open", "LayoutModel"],
      ["open", "SliderStyleModel"],
    ]);
    host.update("from-the-page", { value: 12 });
    expect(made.value).toBe(12);
  });

  test("of an unknown model are closed again and reported", () => {
    new Button();
    const before = countOpen();
    host.take();
    host.open("jupyter.widget", "strange", { state: { _model_module: "evil", _model_name: "__proto__" } });
    expect(host.take().map(({ type, id }) => [type, id])).toEqual([["close", "strange"]]);
    expect(countOpen()).toBe(before);
    expect(String(errors.mock.calls[0]?.[1])).toContain('model "evil/__proto__", expected a registered model');
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
