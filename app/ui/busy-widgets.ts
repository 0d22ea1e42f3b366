import { put_buffers, type shims, type WidgetModel } from "@jupyter-widgets/base";
import { base64ToBuffer } from "@jupyter-widgets/base-manager";
import { KernelWidgetManager, LabWidgetManager, WidgetManager } from "@jupyter-widgets/jupyterlab-manager";
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { type Kernel, ServerConnection } from "@jupyterlab/services";

/**
 * Lets a page that is opened while a cell runs show the kernel's widgets: a kernel that computes does not answer, so the
 * server tells what it has seen. When the cell has ended, the kernel is asked as ever.
 */
export const busyWidgets: JupyterFrontEndPlugin<void> = {
  id: "lowbit:busy-widgets",
  description: "Shows the widgets of a kernel that is too busy to answer.",
  autoStart: true,
  activate: (app) => showWidgetsOfBusyKernels(app.serviceManager.serverSettings),
};

type State = Parameters<typeof put_buffers>[0];

/** The widgets of a kernel as the server has seen them. */
interface Seen {
  readonly busy: boolean;
  readonly states?: Readonly<Record<string, SeenWidget>>;
  readonly buffers?: readonly { readonly path: (string | number)[]; readonly data: string }[];
}

interface SeenWidget {
  readonly model_name: string;
  readonly model_module: string;
  readonly model_module_version: string;
  readonly state: State;
}

type Comm = shims.services.Comm;

/** The parts of a widget manager that are used here; the package declares some of them private. */
interface ManagerParts {
  readonly kernel: Kernel.IKernelConnection | null;
  readonly _restoredStatus: boolean;
  readonly _restored: { emit(): void };
  has_model(id: string): boolean;
  get_model(id: string): Promise<WidgetModel>;
  new_model(options: object, state: object): Promise<WidgetModel>;
  _create_comm(target: string, id: string): Promise<Comm>;
  _loadFromKernel(): Promise<void>;
}

const target = "jupyter.widget";

function showWidgetsOfBusyKernels(settings: ServerConnection.ISettings): void {
  const prototype = LabWidgetManager.prototype as unknown as ManagerParts;
  const { _loadFromKernel: askKernel } = prototype;
  const waiting = new WeakSet<ManagerParts>();
  prototype._loadFromKernel = async function (this: ManagerParts): Promise<void> {
    const { kernel } = this;
    const seen = kernel ? await ask(kernel, settings) : { busy: false };
    if (!kernel || !seen.busy) return askKernel.call(this);
    waiting.add(this);
    const before = fingerprints(seen);
    await build(this, seen);
    await catchUp(this, before, () => ask(kernel, settings));
    whenIdle(kernel, async () => {
      await connect(this);
      await askKernel.call(this);
      waiting.delete(this);
      this._restored.emit();
    });
  };
  const restoring = countRestores();
  // Until then, what is not there is not lost: it may be too large for the server to keep, or saved in the notebook.
  Object.defineProperty(prototype, "restoredStatus", {
    configurable: true,
    get(this: ManagerParts): boolean {
      return this._restoredStatus && !waiting.has(this) && !restoring(this);
    },
  });
}

/**
 * Returns whether a manager still restores widgets. It may do so twice at a time, from kernel and notebook and, when the
 * kernel connects, from the kernel alone: what the faster one does not find may come with the slower.
 */
function countRestores(): (manager: ManagerParts) => boolean {
  const counts = new WeakMap<ManagerParts, number>();
  const add = (manager: ManagerParts, change: number): number => {
    const count = (counts.get(manager) ?? 0) + change;
    counts.set(manager, count);
    return count;
  };
  for (const { prototype } of [WidgetManager, KernelWidgetManager]) {
    const parts = prototype as unknown as { restoreWidgets(...args: unknown[]): Promise<void> };
    const { restoreWidgets } = parts;
    parts.restoreWidgets = async function (this: ManagerParts, ...args: unknown[]): Promise<void> {
      add(this, 1);
      await restoreWidgets.apply(this, args);
      // Views that did not find their model look once more, now that all there is has come.
      if (add(this, -1) === 0 && this._restoredStatus) this._restored.emit();
    };
  }
  return (manager) => (counts.get(manager) ?? 0) > 0;
}

async function ask({ id }: Kernel.IKernelConnection, settings: ServerConnection.ISettings): Promise<Seen> {
  const url = `${settings.baseUrl}lowbit/api/kernels/${encodeURIComponent(id)}/widgets`;
  const answer = await ServerConnection.makeRequest(url, {}, settings).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as Seen) : { busy: false };
}

/** Puts the buffers where they belong. */
function assemble({ states = {}, buffers = [] }: Seen): NonNullable<Seen["states"]> {
  for (const { path, data } of buffers) {
    const [id, , ...rest] = path;
    const widget = states[String(id)];
    if (widget) put_buffers(widget.state, [rest], [new DataView(base64ToBuffer(data))]);
  }
  return states;
}

/** Makes the widgets that are not there yet, with their comms. */
async function build(manager: ManagerParts, seen: Seen): Promise<void> {
  const states = assemble(seen);
  const missing = Object.entries(states).filter(([id]) => !manager.has_model(id));
  const comms = await Promise.all(missing.map(([id]) => manager._create_comm(target, id)));
  // All of them at once: a widget may refer to any other, and is found as soon as it is begun.
  const made = missing.map(([id, { state, ...names }], index) =>
    manager.new_model({ ...names, model_id: id, comm: comms[index] }, state),
  );
  await Promise.allSettled(made);
}

/** What each value of each widget is, as text: to be told apart from what it is later. */
function fingerprints({ states = {}, buffers = [] }: Seen): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [id, { state }] of Object.entries(states)) {
    for (const [name, value] of Object.entries(state)) texts.set(keyOf(id, name), JSON.stringify(value));
  }
  for (const { path, data } of buffers) {
    const key = keyOf(String(path[0]), String(path[2]));
    texts.set(key, `${texts.get(key)} ${JSON.stringify(path)} ${data}`);
  }
  return texts;
}

const keyOf = (id: string, name: string): string => JSON.stringify([id, name]);

/** What the kernel changed after the server had answered and before there were comms was heard by nobody here. */
async function catchUp(
  manager: ManagerParts,
  before: ReadonlyMap<string, string>,
  askAgain: () => Promise<Seen>,
): Promise<void> {
  const ids = new Set([...before.keys()].map((key) => (JSON.parse(key) as [string])[0]));
  const models = await Promise.all([...ids].filter((id) => manager.has_model(id)).map((id) => manager.get_model(id)));
  // What comes by comm while the server is asked is newer than its answer.
  const heard = new Set<string>();
  const hear = (model: WidgetModel): void => {
    for (const name of Object.keys(model.changedAttributes() || {})) heard.add(keyOf(model.model_id, name));
  };
  for (const model of models) model.on("change", hear);
  const seen = await askAgain();
  for (const model of models) model.off("change", hear);
  const now = fingerprints(seen);
  const states = assemble(seen);
  const updates = models.map(async (model) => {
    const news = Object.entries(states[model.model_id]?.state ?? {}).filter(([name]) => {
      const key = keyOf(model.model_id, name);
      return now.get(key) !== before.get(key) && !heard.has(key);
    });
    if (news.length === 0) return;
    const { _deserialize_state: deserialize } = model.constructor as typeof WidgetModel;
    model.set_state(await deserialize.call(model.constructor, Object.fromEntries(news), model.widget_manager));
  });
  await Promise.allSettled(updates);
}

/** Widgets that came from the notebook's saved state, while the kernel could not be asked, get their comms. */
async function connect(manager: ManagerParts): Promise<void> {
  const reply = await manager.kernel?.requestCommInfo({ target_name: target });
  if (reply?.content.status !== "ok") return;
  for (const id of Object.keys(reply.content.comms)) {
    const model = manager.has_model(id) ? await manager.get_model(id) : undefined;
    if (!model || model.comm_live) continue;
    const comm = await manager._create_comm(target, id);
    const parts = model as unknown as { _handle_comm_closed(): void; _handle_comm_msg(): Promise<void> };
    comm.on_close(parts._handle_comm_closed.bind(model));
    comm.on_msg(parts._handle_comm_msg.bind(model));
    Object.assign(model, { comm, comm_live: true });
  }
}

function whenIdle(kernel: Kernel.IKernelConnection, action: () => Promise<void>): void {
  const check = (_: unknown, status: Kernel.Status): void => {
    if (status !== "idle") return;
    kernel.statusChanged.disconnect(check);
    action().catch(() => undefined); // The kernel has gone meanwhile: its successor is asked in its turn.
  };
  kernel.statusChanged.connect(check);
  check(kernel, kernel.status);
}
