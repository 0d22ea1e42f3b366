/** Lowbit: the table of contents. Rooms are namespaces; what every notebook needs is here by name. */

export { type Bar, type BarChartOptions, barChart } from "./bar-chart.js";
export * as claims from "./claims.js";
export { check } from "./claims.js";
export * as coding from "./coding/index.js";
export { clearOutput, display, html, md, svg, tex } from "./display.js";
export * as dtypes from "./dtypes/index.js";
export * as errors from "./errors.js";
export * as gradients from "./gradients/index.js";
export { type ImageOptions, image, type PixelData, type PixelTensor } from "./image.js";
export * as io from "./io/index.js";
export * as linalg from "./linalg/index.js";
export * as math from "./math/index.js";
export * as quantization from "./quantization/index.js";
export * as random from "./random/index.js";
export * as sparsity from "./sparsity/index.js";
export { type PlotlyFigure, plotly, vega, vegaLite } from "./specs.js";
export * as stats from "./stats/index.js";
export type { Dtype, Mask, Tensor } from "./tensor/index.js";
export * as tensor from "./tensor/index.js";
export * as transforms from "./transforms/index.js";
export * as wasm from "./wasm/index.js";
