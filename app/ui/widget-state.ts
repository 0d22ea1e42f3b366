import type { WidgetModel } from "@jupyter-widgets/base";
import { type IManagerState, serialize_state } from "@jupyter-widgets/base-manager";
import { WidgetManager } from "@jupyter-widgets/jupyterlab-manager";

const viewType = "application/vnd.jupyter.widget-view+json";
const stateType = "application/vnd.jupyter.widget-state+json";

/** The parts of a notebook's widget manager that are used here; the package declares some of them private. */
interface ManagerParts {
  readonly _modelsSync: Map<string, WidgetModel>;
  readonly _settings?: { readonly saveState: boolean };
  readonly _context: {
    readonly saveState: { connect(slot: (sender: unknown, state: string) => void): boolean };
    readonly model: {
      readonly sharedModel?: { readonly cells?: readonly { toJSON(): unknown }[] };
      getMetadata(key: string): unknown;
      setMetadata(key: string, value: unknown): void;
    };
  };
  restoring?: boolean;
  restoreWidgets(...args: readonly unknown[]): Promise<void>;
  setDirty(): void;
  _saveState(): void;
}

type ModelStates = IManagerState["state"];

/** Which notebooks are treated so. */
export interface KeepOptions {
  /** Those of the kernel with this name only. Default: all. */
  readonly kernel?: string;
  /** Save the widgets also where the manager's setting "Save Widget State Automatically" is off. */
  readonly always?: boolean;
}

/**
 * Makes saving keep what a notebook shows. The widgets manager saves only widgets that are connected to a kernel, so
 * that a save after a restart, or after opening a notebook without running it, would erase the others from the file.
 * It also marks a notebook as changed when its widgets are merely loaded.
 */
export function keepWidgetState({ kernel, always = false }: KeepOptions = {}): void {
  const prototype = WidgetManager.prototype as unknown as ManagerParts;
  const { restoreWidgets, setDirty, _saveState } = prototype;
  const connected = new WeakSet<ManagerParts>();
  const concerns = ({ _context }: ManagerParts): boolean => kernel === undefined || kernelOf(_context.model) === kernel;
  prototype._saveState = function (this: ManagerParts): void {
    if (concerns(this)) saveState(this);
    else _saveState.call(this);
  };
  prototype.restoreWidgets = async function (this: ManagerParts, ...args: readonly unknown[]): Promise<void> {
    if (always && !connected.has(this)) {
      connected.add(this);
      this._context.saveState.connect((_sender, state) => {
        if (state === "started" && this._settings?.saveState !== true && concerns(this)) saveState(this);
      });
    }
    this.restoring = true;
    try {
      await restoreWidgets.apply(this, [...args]);
    } finally {
      this.restoring = false;
    }
  };
  prototype.setDirty = function (this: ManagerParts): void {
    if (!this.restoring || !concerns(this)) setDirty.call(this);
  };
}

/** The name of the kernel that a notebook was saved with. */
function kernelOf(model: ManagerParts["_context"]["model"]): unknown {
  return (model.getMetadata("kernelspec") as { readonly name?: unknown } | undefined)?.name;
}

function saveState({ _context: { model }, _modelsSync }: ManagerParts): void {
  const cells = model.sharedModel?.cells?.map((cell) => cell.toJSON()) ?? [];
  const saved = model.getMetadata("widgets") as Record<string, Partial<IManagerState>> | undefined;
  const state = stateToSave([..._modelsSync.values()], saved?.[stateType]?.state ?? {}, shownModels(cells));
  model.setMetadata("widgets", { [stateType]: { version_major: 2, version_minor: 0, state } });
}

/** Connected widgets are saved as ever; others only while an output shows them, directly or through another widget. */
function stateToSave(models: readonly WidgetModel[], saved: ModelStates, shown: readonly string[]): ModelStates {
  const known = serialize_state([...models], { drop_defaults: true }).state;
  const all: ModelStates = { ...saved, ...known };
  const kept = new Set(models.filter((model) => model.comm_live).map((model) => model.model_id));
  for (const id of kept) if (!(id in all)) kept.delete(id);
  for (const id of reachable(all, shown)) kept.add(id);
  return Object.fromEntries(Object.entries(all).filter(([id]) => kept.has(id)));
}

/** The widgets that the outputs of these cells show. */
function shownModels(cells: readonly unknown[]): string[] {
  return cells.flatMap((cell) => {
    const { outputs = [] } = cell as { readonly outputs?: readonly { readonly data?: Record<string, unknown> }[] };
    return outputs.flatMap(({ data }) => {
      const view = data?.[viewType] as { readonly model_id?: unknown } | undefined;
      return typeof view?.model_id === "string" ? [view.model_id] : [];
    });
  });
}

/** Follows the references of widgets to each other. */
function reachable(states: ModelStates, from: readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const state = states[id];
    if (found.has(id) || state === undefined) continue;
    found.add(id);
    for (const match of JSON.stringify(state).matchAll(/"IPY_MODEL_([^"]+)"/g)) open.push(match[1] as string);
  }
  return found;
}
