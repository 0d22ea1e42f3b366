/** `lowbit/widgets/core` as another JavaScript kernel uses it: over a host of its own, and in a page. */
import { afterEach, expect, test } from "vitest";
import * as core from "../../widgets/core.js";

afterEach(() => {
  core.closeAll();
  core.setHost(undefined);
});

interface DialState {
  angle: number;
  ticks: Uint8Array;
}

const dialSpec: core.WidgetSpec<DialState> = {
  name: "Dial",
  model: { module: "dials", version: "^1.0.0", name: "DialModel" },
  view: { module: "dials", version: "^1.0.0", name: "DialView" },
  traits: { angle: core.traits.float(0), ticks: core.traits.bytes() },
};
class Dial extends core.defineWidget(dialSpec) {}
core.registerWidget(dialSpec.model, () => new Dial());

type Sent = readonly [type: string, id: string, data: core.JsonObject, buffers: number];

/** A kernel that has nothing but the four functions a host must have. */
function smallKernel() {
  const sent: Sent[] = [];
  const comms = new Map<string, core.Comm>();
  const targets = new Map<string, (comm: core.Comm, open: core.CommMessage) => void>();
  const openComm = ({ id = "no id", targetName, data, buffers = [] }: core.CommOpen): core.Comm => {
    sent.push(["comm_open", id, data, buffers.length]);
    const comm: core.Comm = {
      id,
      targetName,
      send: (content, payload) => sent.push(["comm_msg", id, content, payload?.buffers?.length ?? 0]),
      close: () => sent.push(["comm_close", id, {}, 0]),
      onMessage: undefined,
      onClose: undefined,
    };
    comms.set(id, comm);
    return comm;
  };
  const shown: unknown[] = [];
  const host: core.Host = {
    display: (value) => shown.push(value),
    clearOutput: () => undefined,
    openComm,
    registerCommTarget: (name, handler) => targets.set(name, handler),
  };
  return { host, sent, comms, targets, shown };
}

test("another kernel: four functions are enough to open, update, restore and close widgets", () => {
  const kernel = smallKernel();
  core.setHost(kernel.host);
  const dial = new Dial({ angle: 45, ticks: new Uint8Array([1, 2]) });
  expect(kernel.sent.map(([type, id, data, buffers]) => [type, id, data.buffer_paths, buffers])).toEqual([
    ["comm_open", dial.layout.id, [], 0],
    ["comm_open", dial.id, [["ticks"]], 1],
  ]);
  kernel.sent.length = 0;
  dial.angle = 50;
  const comm = kernel.comms.get(dial.id);
  comm?.onMessage?.({ data: { method: "update", state: { angle: 60 }, buffer_paths: [] }, metadata: {}, buffers: [] });
  expect(kernel.sent.map(([, id, data]) => [id, data])).toEqual([
    [dial.id, { method: "update", state: { angle: 50 }, buffer_paths: [] }],
    [dial.id, { method: "echo_update", state: { angle: 60 }, buffer_paths: [] }],
  ]);
  expect(dial.angle).toBe(60);

  kernel.sent.length = 0;
  const control = kernel.host.openComm({ id: "control", targetName: core.controlTarget, data: {} });
  kernel.targets.get(core.controlTarget)?.(control, { data: {}, metadata: {}, buffers: [] });
  control.onMessage?.({ data: { method: "request_states" }, metadata: {}, buffers: [] });
  const states = kernel.sent.at(-1)?.[2].states as Record<string, { model_name: string }>;
  expect(Object.entries(states).map(([id, { model_name: name }]) => [id, name])).toEqual([
    [dial.layout.id, "LayoutModel"],
    [dial.id, "DialModel"],
  ]);

  dial.close();
  expect(kernel.sent.at(-1)).toEqual(["comm_close", dial.id, {}, 0]);
});

test("a saved state becomes the same widgets again, with their ids, buffers and references", () => {
  const kernel = smallKernel();
  core.setHost(kernel.host);
  const layout = {
    model_name: "LayoutModel",
    model_module: "@jupyter-widgets/base",
    model_module_version: "2.0.0",
    state: { width: "50%" },
  };
  const dial = {
    model_name: "DialModel",
    model_module: "dials",
    state: { angle: 30, layout: "IPY_MODEL_the-layout", _view_name: "DialView" },
    buffers: [{ path: ["ticks"], data: "AQID", encoding: "base64" as const }],
  };
  const stranger = { model_name: "OtherModel", model_module: "unknown", state: {} };
  const widgets = core.restoreWidgets({ "the-dial": dial, "the-layout": layout, stranger });
  expect([...widgets.keys()]).toEqual(["the-layout", "the-dial"]);
  const restored = widgets.get("the-dial") as Dial;
  expect([restored.id, restored.angle, [...restored.ticks], restored.layout.id, restored.layout.width]).toEqual([
    "the-dial",
    30,
    [1, 2, 3],
    "the-layout",
    "50%",
  ]);
  expect(kernel.sent.map(([type, id]) => `${type} ${id}`)).toEqual(["comm_open the-layout", "comm_open the-dial"]);
  expect(() => core.restoreWidgets({ bad: { ...dial, buffers: [], state: { angle: "x" } } })).toThrow(
    /Dial\.angle: "x", expected a finite number/,
  );
  const circle = { ...dial, buffers: [], state: { layout: "IPY_MODEL_circle" } };
  expect(() => core.restoreWidgets({ circle })).toThrow(/restoreWidgets: DialModel circle refers to itself/);
});

test("in a page: messages arrive in order, as copies, and both sides can close", async () => {
  const host = new core.InPageHost();
  core.setHost(host);
  const opened: string[] = [];
  const received: unknown[] = [];
  host.onOpen = (comm, { content }) => {
    opened.push(content.comm_id);
    comm.on_msg(({ content: { data } }: { content: { data: unknown } }) => received.push(data));
    comm.on_close(() => received.push("closed"));
  };
  const dial = new Dial();
  dial.angle = 1;
  dial.angle = 2;
  const idle = new Promise<void>((resolve) => {
    host.frontEndComm(dial.id).send(
      { method: "update", state: { angle: 9 }, buffer_paths: [] },
      {
        iopub: {
          status: ({ content }: { content: { execution_state: string } }) =>
            content.execution_state === "idle" && resolve(),
        },
      },
    );
  });
  expect([opened, received]).toEqual([[], []]);
  await idle;
  expect(opened).toEqual([dial.layout.id, dial.id]);
  expect(received).toEqual([
    { method: "update", state: { angle: 1 }, buffer_paths: [] },
    { method: "update", state: { angle: 2 }, buffer_paths: [] },
    { method: "echo_update", state: { angle: 9 }, buffer_paths: [] },
  ]);
  expect(host.openComms()).toEqual([dial.layout.id, dial.id]);
  const closed = new Promise<void>((resolve) => dial.on("close", () => resolve()));
  host.frontEndComm(dial.id).close();
  await closed;
  expect([dial.isOpen, dial.angle, host.openComms()]).toEqual([false, 9, [dial.layout.id]]);
});

test("the core brings none of the controls, nothing of Node and no DOM", async () => {
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: ["widgets/core.ts"],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "esm",
    platform: "neutral",
  });
  const inputs = Object.keys(result.metafile.inputs);
  expect(inputs.filter((path) => /controls\.generated|kernel\/|node_modules|widgets\/dom\//.test(path))).toEqual([]);
  expect(result.outputFiles[0]?.text).not.toMatch(/node:|\bdocument\b|\bwindow\b/);
});
