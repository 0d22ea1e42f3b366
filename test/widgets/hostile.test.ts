/** What a front end may send by mistake or on purpose: refused with one message, never a crash or a polluted prototype. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { JsonObject } from "../../src/display.js";
import { Box, Button, closeAll, Image, IntSlider, MaskViewer, Output } from "../../widgets/index.js";
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
});

test.each([
  ["a string for a number", { value: "8" }, 'IntSlider.value: "8", expected a whole number'],
  ["a fraction for a whole number", { value: 2.5 }, "IntSlider.value: 2.5, expected a whole number"],
  ["null for a number", { value: null }, "IntSlider.value: null, expected a whole number"],
  ["an array", { value: [1] }, "IntSlider.value: [1], expected a whole number"],
  ["an unknown enum value", { behavior: "jump" }, 'IntSlider.behavior: "jump", expected one of "drag-tap"'],
  [
    "a plain object as a layout",
    { layout: { width: "1px" } },
    'IntSlider.layout: {"width":"1px"}, expected an open Layout',
  ],
  [
    "a reference to nothing",
    { layout: "IPY_MODEL_nothing" },
    'IntSlider.layout: "IPY_MODEL_nothing", expected an open Layout',
  ],
  ["bounds the wrong way round", { min: 9, max: 1 }, "IntSlider: min 9 and max 1, expected min <= max"],
])("%s is refused and the front end is told the value that counts", (_, state, message) => {
  const slider = new IntSlider({ value: 3 });
  const layout = slider.layout;
  host.take();
  host.update(slider.id, state as JsonObject);
  expect([slider.value, slider.layout, slider.min, slider.max]).toEqual([3, layout, 0, 100]);
  expect(errors).toHaveBeenCalledTimes(1);
  expect(String(errors.mock.calls[0]?.[1])).toContain(message);
  const sent = host.take();
  expect(sent.map(({ data }) => data.method)).toEqual(["update"]);
  expect(Object.keys(sent[0]?.data.state as object).sort()).toEqual(Object.keys(state).sort());
});

test("a reference to a widget of another class is refused", () => {
  const [slider, button] = [new IntSlider(), new Button()];
  host.update(slider.id, { layout: `IPY_MODEL_${button.id}` });
  expect(String(errors.mock.calls[0]?.[1])).toContain("expected an open Layout");
});

test("the good values of an update count, the bad one is refused", () => {
  const slider = new IntSlider({ value: 3 });
  host.take();
  host.update(slider.id, { value: "x", description: "fine" });
  expect([slider.value, slider.description]).toEqual([3, "fine"]);
  expect(host.take().map(({ data }) => [data.method, data.state])).toEqual([
    ["echo_update", { description: "fine" }],
    ["update", { value: 3 }],
  ]);
});

test("__proto__ and constructor keys change no prototype", () => {
  const slider = new IntSlider();
  const state = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "value": 4}');
  host.receive(slider.id, { method: "update", state, buffer_paths: [] });
  expect(slider.value).toBe(4);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test.each([
  ["into a prototype", [["__proto__", "polluted"]]],
  ["into a constructor", [["constructor", "prototype", "polluted"]]],
  ["into an array's method", [["children", "push"]]],
  ["past the end of an array", [["children", 5]]],
  ["into nothing", [["missing", "key"]]],
  ["into a number", [["value", "key"]]],
  ["empty", [[]]],
  ["no list", "value"],
  ["steps that are objects", [[{}]]],
  ["more than there are buffers", [["a"], ["b"]]],
])("a buffer path %s is refused", (_, paths) => {
  const slider = new IntSlider({ value: 3 });
  host.take();
  const state = { children: [null], value: 9 };
  const data = { method: "update", state, buffer_paths: paths } as unknown as JsonObject;
  host.receive(slider.id, data, [new Uint8Array([1])]);
  expect([slider.value, host.take()]).toEqual([3, []]);
  expect(String(errors.mock.calls[0]?.[1])).toMatch(/ValueError: putBuffers: /);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(([] as unknown as { polluted?: unknown }).polluted).toBeUndefined();
  expect([1].push(2)).toBe(2);
});

test("a buffer placed at the key __proto__ stays a harmless own key", () => {
  const slider = new IntSlider();
  host.receive(slider.id, { method: "update", state: {}, buffer_paths: [["__proto__"]] }, [new Uint8Array([1])]);
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  expect(host.comms.get(slider.id)?.closed).toBe(false);
});

test.each([
  ["no data", {}],
  ["an unknown method", { method: "destroy" }],
  ["a method that is no string", { method: { toString: 1 } }],
  ["no state", { method: "update" }],
  ["a state that is an array", { method: "update", state: [1, 2] }],
])("a message with %s is reported and the widget lives", (_, data) => {
  const slider = new IntSlider({ value: 3 });
  host.receive(slider.id, data as JsonObject);
  expect(errors).toHaveBeenCalledTimes(1);
  host.update(slider.id, { value: 4 });
  expect(slider.value).toBe(4);
});

test("names of the front end's classes cannot be changed", () => {
  const image = new Image();
  host.update(image.id, { _model_name: "EvilModel", _view_module: "evil" });
  host.take();
  host.receive(image.id, { method: "request_state" });
  expect(host.take()[0]?.data.state).toMatchObject({
    _model_name: "ImageModel",
    _view_module: "@jupyter-widgets/controls",
  });
});

test("nesting deeper than 100 levels is refused, not recursed into", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 150; i++) deep = [deep];
  const output = new Output();
  host.update(output.id, { outputs: deep as JsonObject });
  expect(output.outputs).toEqual([]);
  expect(errors).toHaveBeenCalledTimes(1);
});

test("100,000 children that do not exist are refused quickly", () => {
  const box = new Box();
  const started = performance.now();
  host.update(box.id, { children: Array(100_000).fill("IPY_MODEL_x") });
  expect(box.children).toEqual([]);
  expect(performance.now() - started).toBeLessThan(2000);
});

test.each([
  ["fewer bytes than the shape says", { dtype: "float32", shape: [2, 4] }, 12],
  ["a shape of fractions", { dtype: "float32", shape: [1.5, 2] }, 12],
  ["a negative side", { dtype: "float32", shape: [-1, -3] }, 12],
  ["sides whose product overflows", { dtype: "float32", shape: [2 ** 40, 2 ** 40] }, 12],
  ["an unknown dtype", { dtype: "constructor", shape: [1, 3] }, 12],
  ["three axes", { dtype: "float32", shape: [1, 1, 3] }, 12],
  ["NaN", { dtype: "float32", shape: [4, 4], nan: true }, 64],
  ["sides that the group does not divide", { dtype: "float32", shape: [4, 3] }, 48],
])("weights with %s are refused", (_, header, bytes) => {
  const viewer = new MaskViewer({
    weights: [
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ],
  });
  const before = viewer.weights;
  const data = new Uint8Array(bytes as number);
  if ("nan" in header) new DataView(data.buffer).setFloat32(8, Number.NaN, true);
  host.update(viewer.id, { weights: header as JsonObject }, [["weights", "data"]], [data]);
  expect(viewer.weights).toBe(before);
  expect(errors).toHaveBeenCalledTimes(1);
});
