/** Jupyter's own widget manager, as an exported page uses it: every class is in the page, nothing is fetched. */
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import { HTMLManager } from "@jupyter-widgets/html-manager/lib/htmlmanager";
import { createWidgets, moduleName } from "../entry/create-widgets.js";
import { latexTypesetter, markdownParser } from "./typeset.js";

/** One saved model, as notebooks hold it. */
export interface SavedModel {
  readonly model_name: string;
  readonly model_module: string;
  readonly model_module_version?: string;
  readonly state: Record<string, unknown>;
  readonly buffers?: readonly {
    readonly path: (string | number)[];
    readonly encoding: string;
    readonly data: string;
  }[];
}

/** The saved models by id. */
export type SavedModels = Readonly<Record<string, SavedModel>>;

/** What a page with Bindings has beside its views. */
export interface KernelHalf {
  /** Returns the connection of a model to its kernel half, when it has one. */
  commOf(id: string): base.IClassicComm | undefined;
  /** Runs the functions of the Bindings from now on; new widgets of theirs go to `manager`. */
  start(manager: PageManager): Promise<void>;
}

const majors: Readonly<Record<string, string>> = {
  "@jupyter-widgets/base": "2",
  "@jupyter-widgets/controls": "2",
};

/** The manager of one page. */
export class PageManager extends HTMLManager {
  readonly #modules: Readonly<Record<string, Record<string, unknown>>> = {
    "@jupyter-widgets/base": base as unknown as Record<string, unknown>,
    "@jupyter-widgets/controls": controls as unknown as Record<string, unknown>,
    [moduleName]: createWidgets(base),
  };

  constructor() {
    super();
    this.renderMime = this.renderMime.clone({ latexTypesetter, markdownParser });
    // The name by which controls look for who draws their formulas: JupyterLab's manager has it.
    Object.defineProperty(this, "_rendermime", { get: () => this.renderMime });
  }

  /** Makes the models of a saved state; those that `commOf` knows are connected. */
  async restore(models: SavedModels, commOf: KernelHalf["commOf"]): Promise<void> {
    await Promise.all(
      Object.entries(models).map(([id, saved]) => {
        const { model_name, model_module, model_module_version = "" } = saved;
        const state = structuredClone(saved.state);
        putBuffers(state, saved.buffers ?? []);
        const comm = commOf(id);
        const options = { model_id: id, model_name, model_module, model_module_version, ...(comm && { comm }) };
        return this.new_model(options as unknown as base.IModelOptions, state);
      }),
    );
  }

  protected override loadClass(name: string, module: string, version: string): ReturnType<HTMLManager["loadClass"]> {
    const classes = Object.hasOwn(this.#modules, module) ? this.#modules[module] : undefined;
    if (classes === undefined) {
      if (module === "@jupyter-widgets/output") return super.loadClass(name, module, version);
      return Promise.reject(new Error(`widgets of ${module} are not in this page`));
    }
    const major = /\d+/.exec(version)?.[0] ?? "";
    const wanted = majors[module] ?? major;
    if (major !== wanted) return Promise.reject(new Error(`${module} ${version} is not in this page, only ${wanted}`));
    const found = Object.hasOwn(classes, name) ? classes[name] : undefined;
    if (found === undefined) return Promise.reject(new Error(`${module} has no ${name} in this page`));
    return Promise.resolve(found as typeof base.WidgetModel);
  }
}

function putBuffers(state: Record<string, unknown>, buffers: NonNullable<SavedModel["buffers"]>): void {
  const parts = buffers.map(({ data, encoding }) => {
    if (encoding !== "base64") throw new Error(`widget state: encoding ${encoding}, expected base64`);
    return new DataView(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)).buffer);
  });
  base.put_buffers(
    state as Parameters<typeof base.put_buffers>[0],
    buffers.map(({ path }) => path),
    parts,
  );
}
