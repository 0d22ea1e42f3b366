/** The Plotly renderer, as JupyterLab and Notebook load it from a prebuilt extension. */
import { plotly } from "./plotly.js";

// biome-ignore lint/style/noDefaultExport: where JupyterLab looks for the renderers of an extension
export default plotly;
