/** From the table of views to the classes that a front end registers. */
import { text as workerSource } from "lowbit:worker";
import { setWorkerSource } from "../dom/background.js";
import { adapt, type BaseModule } from "./adapter.js";
import { addStyles } from "./styles.js";
import { views } from "./views.js";

/** The `_model_module` and `_view_module` of every widget here. */
export const moduleName = "lowbit" as const;
/** The version that front ends match against the widgets' range. */
export const moduleVersion = "0.1.0" as const;

/**
 * Returns the model and view classes by name.
 * @param base the front end's own `@jupyter-widgets/base`
 * @example registry.registerWidget({ name: moduleName, version: moduleVersion, exports: createWidgets(base) })
 */
export function createWidgets(base: BaseModule): Record<string, unknown> {
  setWorkerSource(workerSource);
  addStyles();
  return Object.assign({}, ...views.map(([spec, render]) => adapt(base, spec, render)));
}
