/** What JupyterLab and Notebook load as a prebuilt extension, beside the Plotly renderer of plotly.ts. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { type WidgetBundle, widgetsPlugin } from "./widgets.js";

const load = (): Promise<WidgetBundle> => import("lowbit-app/widgets");

const plugins: readonly JupyterFrontEndPlugin<void>[] = [widgetsPlugin(load, LOWBIT_VERSION)];

// biome-ignore lint/style/noDefaultExport: where JupyterLab looks for the plugins of an extension
export default plugins;
