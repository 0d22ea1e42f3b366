// What the bundler puts in: style sheets, and the worker's whole script.
declare module "*.css" {
  export const text: string;
}

declare module "lowbit:worker" {
  export const text: string;
}

declare module "plotly.js/dist/*" {
  const plotly: object;
  // biome-ignore lint/style/noDefaultExport: how the bundler hands out a CommonJS module
  export default plotly;
}
