/**
 * The browser bundle of all widgets: `dist/widgets/lab.js`, one ES module without imports. A front end loads it and
 * registers `{ name: moduleName, version: moduleVersion, exports: createWidgets(base) }`.
 */

import { text as workerSource } from "lowbit:worker";
import { setWorkerSource } from "../dom/background.js";
import { addStyle } from "../dom/elements.js";
import { maskSpec } from "../mask/state.js";
import { text as maskStyle } from "../mask/view.css";
import { render as renderMask } from "../mask/view.js";
import { adapt, type BaseModule } from "./adapter.js";

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
  addStyle("lowbit-widgets", maskStyle);
  return { ...adapt(base, maskSpec, renderMask) };
}
