/** What JupyterLab and Notebook 7 load as a prebuilt extension, beside labextension-mime.ts. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { findLateModels } from "./late-models.js";
import { keepWidgetState } from "./widget-state.js";
import { widgets } from "./widgets.js";

/** Notebooks of other kernels are left to the settings of whoever uses them. */
const widgetState: JupyterFrontEndPlugin<void> = {
  id: "lowbit:widget-state",
  description: "Saves the state of the widgets in notebooks with Lowbit's kernel.",
  autoStart: true,
  activate: () => keepWidgetState({ kernel: "lowbit", always: true }),
};

/** Whatever the kernel: it mends what the manager of widgets does for all. */
const lateModels: JupyterFrontEndPlugin<void> = {
  id: "lowbit:late-models",
  description: "Finds widgets that come while the page is too busy to look for them.",
  autoStart: true,
  activate: findLateModels,
};

const plugins: readonly JupyterFrontEndPlugin<void>[] = [widgets, widgetState, lateModels];

// biome-ignore lint/style/noDefaultExport: where JupyterLab looks for the plugins of an extension
export default plugins;
