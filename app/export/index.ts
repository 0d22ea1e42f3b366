/** The exporter: a notebook as a page that works without kernel, server and network. */
export { type ExportCell, ExportError, type ExportNotebook } from "./notebook.js";
export { exportPage, type PageOptions } from "./page.js";
export { exportSnippet, type SnippetOptions } from "./snippet.js";
