/**
 * The kernel half of an exported page: the widgets that its Bindings need are made again under their saved ids, and the
 * functions run that modules name. Loaded only by pages that have Bindings.
 */
import type { IClassicComm } from "@jupyter-widgets/base";
import * as core from "../core.js";
import * as widgets from "../index.js";
import type { BindingState } from "../lib/binding-spec.js";
import type { KernelHalf, SavedModels } from "./manager.js";
import { loadPiece } from "./pieces.js";

interface Page {
  [key: symbol]: Record<string, Record<string, unknown>> | undefined;
}

const page = globalThis as unknown as Page;

/** Where the modules of the notebook find the widgets: the very ones of this page. */
page[Symbol.for("lowbit.shared")] = { "lowbit/widgets": widgets, "lowbit/widgets/core": core };

/** Makes the kernel half of what Bindings use. */
export function startKernel(models: SavedModels): KernelHalf {
  const host = new core.InPageHost();
  core.setHost(host);
  core.connect();
  const bindings = Object.entries(models).filter(([, { model_name }]) => model_name === "BindingModel");
  const used = new Set<string>();
  for (const [id] of bindings) reach(id, models, used);
  for (const [id] of bindings) used.delete(id);
  const restored = core.restoreWidgets(
    Object.fromEntries(Object.entries(models).filter(([id]) => used.has(id))) as Parameters<
      typeof core.restoreWidgets
    >[0],
  );
  return {
    commOf: (id) => (restored.has(id) ? (host.frontEndComm(id) as unknown as IClassicComm) : undefined),
    start: async (manager) => {
      host.onOpen = (comm, message) => {
        if (!restored.has(comm.comm_id)) void manager.handle_comm_open(comm as never, message as never);
      };
      await loadPiece("modules");
      const modules = page[Symbol.for("lowbit.modules")] ?? {};
      for (const [, { state }] of bindings) {
        const binding = state as unknown as BindingState;
        core.bind(binding, modules[binding.module]?.[binding.name] as (argument: never) => unknown);
      }
    },
  };
}

/** Adds a model and all that it refers to. */
function reach(id: string, models: SavedModels, found: Set<string>): void {
  const model = Object.hasOwn(models, id) ? models[id] : undefined;
  if (model === undefined || found.has(id)) return;
  found.add(id);
  for (const [, reference = ""] of JSON.stringify(model.state).matchAll(/"IPY_MODEL_([^"\\]+)"/g)) {
    reach(reference, models, found);
  }
}
