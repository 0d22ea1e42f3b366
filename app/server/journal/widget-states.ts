/** The state of a kernel's widgets as the server has seen it: a page that is opened while a cell runs asks for it here,
 * because the kernel answers such questions only when it has time. */
import type { ChannelMessage } from "../kernels/frames.js";
import { type Fields, isFields, parseMessage, text } from "./messages.js";

/** A buffer above this size is not kept; its widget then waits for the kernel. Bytes. */
const mostBuffer = 2 ** 20;

type Path = readonly (string | number)[];

interface Model {
  readonly state: Record<string, unknown>;
  /** Buffers by the JSON of their path; undefined for one that was too large. */
  readonly buffers: Map<string, Uint8Array | undefined>;
}

/** The widgets as `update_states` of the widget protocol has them, with the buffers as text. */
export interface WidgetStates {
  readonly states: Readonly<Record<string, Fields>>;
  readonly buffers: readonly { readonly path: Path; readonly data: string }[];
}

/** See {@link createWidgetStates}. */
export interface WidgetStateKeeper {
  /** Takes a comm message of the kernel. */
  take(message: ChannelMessage): void;
  /** All widgets of which everything is known. */
  all(): WidgetStates;
  clear(): void;
}

/** Returns the state at the start: no widgets. */
export function createWidgetStates(): WidgetStateKeeper {
  const models = new Map<string, Model>();
  return {
    take: (received) => {
      const message = parseMessage(received);
      if (!message) return;
      const id = text(message.content.comm_id);
      const data = isFields(message.content.data) ? message.content.data : {};
      if (message.type === "comm_open" && message.content.target_name === "jupyter.widget") {
        models.set(id, { state: {}, buffers: new Map() });
        update(models.get(id), data, received.buffers);
      } else if (message.type === "comm_msg" && (data.method === "update" || data.method === "echo_update")) {
        update(models.get(id), data, received.buffers);
      } else if (message.type === "comm_close") {
        models.delete(id);
      }
    },
    all: () => {
      const whole = [...models].filter(([, { buffers }]) => ![...buffers.values()].includes(undefined));
      return {
        states: Object.fromEntries(whole.map(([id, { state }]) => [id, describe(state)])),
        buffers: whole.flatMap(([id, model]) => buffersOf(id, model)),
      };
    },
    clear: () => models.clear(),
  };
}

function update(model: Model | undefined, data: Fields, buffers: readonly Uint8Array[]): void {
  if (!model || !isFields(data.state)) return;
  const paths = (Array.isArray(data.buffer_paths) ? data.buffer_paths : []) as Path[];
  // A buffer's key is not in the state, or holds the rest of an object.
  const changed = new Set([...Object.keys(data.state), ...paths.map(([key]) => String(key))]);
  for (const path of model.buffers.keys()) if (changed.has(String(JSON.parse(path)[0]))) model.buffers.delete(path);
  for (const [index, path] of paths.entries()) {
    const bytes = buffers[index];
    model.buffers.set(JSON.stringify(path), bytes && bytes.byteLength <= mostBuffer ? bytes : undefined);
  }
  Object.assign(model.state, data.state);
}

function describe(state: Fields): Fields {
  const { _model_name, _model_module, _model_module_version } = state;
  return {
    model_name: _model_name,
    model_module: _model_module,
    model_module_version: _model_module_version,
    state,
  };
}

function buffersOf(id: string, { buffers }: Model): { readonly path: Path; readonly data: string }[] {
  return [...buffers].map(([path, bytes = new Uint8Array()]) => ({
    path: [id, "state", ...(JSON.parse(path) as Path)],
    data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
  }));
}
