/** The messages of widget protocol 2.1, from a front end, field by field, as `messages.md` of @jupyter-widgets/schema has them. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Button, batch, closeAll, countOpen, findWidget, Image, IntSlider, VBox } from "../../widgets/index.js";
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

  test("what an observer sets goes out at once, as in ipywidgets, and in a batch as one message", () => {
    const slider = new IntSlider({ value: 3 });
    slider.observe(() => {
      slider.description = "moved";
      slider.tooltip = "twice";
    }, "value");
    host.take();
    host.update(slider.id, { value: 8 });
    expect(messages(slider.id)).toEqual([
      ["echo_update", { value: 8 }],
      ["update", { description: "moved" }],
      ["update", { tooltip: "twice" }],
    ]);
    slider.unobserveAll("value");
    slider.observe(() => batch(() => slider.set({ description: "again", tooltip: "thrice" })), "value");
    host.take();
    host.update(slider.id, { value: 9 });
    expect(messages(slider.id)).toEqual([
      ["echo_update", { value: 9 }],
      ["update", { description: "again", tooltip: "thrice" }],
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
