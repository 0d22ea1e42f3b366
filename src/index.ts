/** Lowbit: the table of contents. Rooms are namespaces; what every notebook needs is here by name. */
export { clearOutput, display, html, md, tex } from "./display.js";
export * as errors from "./errors.js";
