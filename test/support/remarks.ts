/** What Chromium remarks on the console in words of its own: no complaint about a page. */
const remarks = [
  "GL Driver Message (OpenGL, Performance", // how slow the software driver of a machine without a graphics card is
  "Canvas2D: Multiple readback", // how Plotly reads its own canvas
  "Failed to load resource: net::ERR_REQUEST_RANGE_NOT_SATISFIABLE", // a player of no bytes
];

/** Tells whether a line of the console is one of them. */
export function isRemark(text: string): boolean {
  return remarks.some((remark) => text.includes(remark));
}
