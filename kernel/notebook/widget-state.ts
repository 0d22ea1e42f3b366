/** Follows the widgets of a running notebook, so that its file shows them again without a kernel. */
import type { Message } from "../io/wire.js";

/** Buffers above this size are sent to views but never saved into a notebook; bytes. */
const maxSavedBuffer = 1024 * 1024;

/** Where the state stands in a notebook's metadata. */
export const widgetStateType = "application/vnd.jupyter.widget-state+json";

type Path = readonly (string | number)[];

interface Model {
  readonly state: Record<string, unknown>;
  /** Buffers by the JSON of their path. */
  readonly buffers: Map<string, Uint8Array>;
}

/** See {@link createWidgetState}. */
export interface WidgetState {
  /** Takes any iopub message; comms of other targets are passed over. */
  add(message: Message): void;
  /** Changes values of an open widget as a front end does. */
  set(id: string, state: Readonly<Record<string, unknown>>): void;
  /** The state of all open widgets as notebooks hold it; undefined when there is none. */
  save(): Record<string, unknown> | undefined;
}

/** Returns an empty state. */
export function createWidgetState(): WidgetState {
  const models = new Map<string, Model>();
  return {
    add: ({ header, content, buffers }) => {
      const id = String(content.comm_id);
      const data = (content.data ?? {}) as Record<string, unknown>;
      if (header.msg_type === "comm_open" && content.target_name === "jupyter.widget") {
        const model: Model = { state: {}, buffers: new Map() };
        models.set(id, model);
        update(model, data, buffers);
      } else if (header.msg_type === "comm_msg" && data.method === "update") {
        const model = models.get(id);
        if (model) update(model, data, buffers);
      } else if (header.msg_type === "comm_close") {
        models.delete(id);
      }
    },
    set: (id, state) => void Object.assign(models.get(id)?.state ?? {}, structuredClone(state)),
    save: () => {
      if (models.size === 0) return undefined;
      const state = Object.fromEntries([...models].map(([id, model]) => [id, saveModel(model)]));
      return { version_major: 2, version_minor: 0, state };
    },
  };
}

function update(model: Model, data: Record<string, unknown>, buffers: readonly Uint8Array[]): void {
  const state = (data.state ?? {}) as Record<string, unknown>;
  const paths = (data.buffer_paths ?? []) as Path[];
  // A value is replaced whole, also one that is nothing but a buffer; one value may have many buffers.
  for (const key of new Set([...Object.keys(state), ...paths.map(([key]) => String(key))])) forgetBuffers(model, key);
  for (const [index, path] of paths.entries()) {
    const bytes = buffers[index];
    if (bytes) model.buffers.set(JSON.stringify(path), bytes);
  }
  Object.assign(model.state, state);
}

function forgetBuffers(model: Model, key: string): void {
  for (const path of model.buffers.keys()) if (String(JSON.parse(path)[0]) === key) model.buffers.delete(path);
}

function saveModel({ state, buffers }: Model): Record<string, unknown> {
  const { _model_name, _model_module, _model_module_version } = state;
  const small = [...buffers].filter(([, bytes]) => bytes.byteLength <= maxSavedBuffer);
  const saved = small.map(([path, bytes]) => ({ path: JSON.parse(path), data: toBase64(bytes), encoding: "base64" }));
  const large = [...buffers].filter(([, bytes]) => bytes.byteLength > maxSavedBuffer).map(([path]) => path);
  const lost = large.map((path) => JSON.parse(path) as Path).filter((path) => !hasSubstitute(state, path));
  const unsaved = [...new Set(lost.map(([name]) => String(name)))];
  return {
    model_name: _model_name,
    model_module: _model_module,
    model_module_version: _model_module_version,
    state: unsaved.length === 0 ? state : withoutValues(state, unsaved),
    ...(saved.length > 0 && { buffers: saved.filter(({ path }) => !unsaved.includes(String(path[0]))) }),
  };
}

/** Whether what is saved has a recipe or a preview in the place of a buffer that is too large: beside it in its record. */
function hasSubstitute(state: Record<string, unknown>, path: Path): boolean {
  let parent: unknown = state;
  for (const step of path.slice(0, -1)) parent = (parent as Record<string | number, unknown> | undefined)?.[step];
  if (typeof parent !== "object" || parent === null || Array.isArray(parent)) return false;
  const { recipe, preview } = parent as Record<string, unknown>;
  return [recipe, preview].some((one) => typeof one === "object" && one !== null);
}

/** Values that cannot be had again are left out whole and named, so that the view can say so. */
function withoutValues(state: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  const kept = Object.entries(state).filter(([name]) => !names.includes(name));
  return { ...Object.fromEntries(kept), _unsaved: names };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
