/** The numbers of rows and columns on the map. */
import { cssColour, type Palette } from "./view-map-colours.js";
import { readableScale, rulers, type Size, seenPart, type Viewport } from "./view-map-viewport.js";

/** What the numbers depend on. */
export interface PlacesFrame {
  readonly palette: Palette;
  readonly viewport: Viewport;
  readonly view: Size;
  /** Columns and rows as shown. */
  readonly shown: Size;
  readonly text: string;
  readonly line: string;
}

/** The font of numbers. */
export const font = "ui-monospace, monospace";

/** Draws numbers of rows and columns along the edges: beside weights with values, small ones on the others. */
export function drawPlaces(context: CanvasRenderingContext2D, frame: PlacesFrame): void {
  context.font = `11px ${font}`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  if (frame.viewport.scale > readableScale) for (const axis of [0, 1] as const) drawRuler(context, frame, axis);
  else drawLabels(context, frame);
}

/** A strip of numbers over the columns (axis 0) or beside the rows (axis 1): no value shines through it. */
function drawRuler(context: CanvasRenderingContext2D, frame: PlacesFrame, axis: 0 | 1): void {
  const { viewport, view, shown, palette, text, line } = frame;
  const { x, y, scale } = viewport;
  // Beside the matrix where there is room, else at the edge of the view.
  const [left, top] = [Math.max(0, -x * scale - rulers[0]), Math.max(0, -y * scale - rulers[1])];
  const start = axis === 0 ? left + rulers[0] : top + rulers[1];
  const end = Math.min(view[axis], (shown[axis] - (axis === 0 ? x : y)) * scale);
  const box = axis === 0 ? ([left, top, end - left, rulers[1]] as const) : ([left, top, rulers[0], end - top] as const);
  context.fillStyle = cssColour(palette.ground);
  context.fillRect(...box);
  context.fillStyle = line;
  if (axis === 0) context.fillRect(start, top + rulers[1] - 1, end - start, 1);
  else context.fillRect(left + rulers[0] - 1, start, 1, end - start);
  context.fillStyle = text;
  const part = seenPart(viewport, view, shown);
  const [first, count, origin] = axis === 0 ? [part[0], part[2], x] : [part[1], part[3], y];
  const step = axis === 0 ? tickStep(34 / scale) : 1;
  for (let at = Math.ceil(first / step) * step; at < first + count; at += step) {
    const middle = (at + 0.5 - origin) * scale;
    const half = axis === 0 ? context.measureText(String(at)).width / 2 : 6;
    if (middle - half < start || middle + half > end) continue;
    const place = axis === 0 ? ([middle, top + rulers[1] / 2] as const) : ([left + rulers[0] / 2, middle] as const);
    context.fillText(String(at), ...place);
  }
}

/** Numbers on the picture itself, each on a ground of its own, far from each other. */
function drawLabels(context: CanvasRenderingContext2D, frame: PlacesFrame): void {
  const { viewport, view, shown, palette, text } = frame;
  const { x, y, scale } = viewport;
  const [column, row, width, height] = seenPart(viewport, view, shown);
  const step = tickStep(64 / scale);
  const label = (at: number, middle: number, top: number): void => {
    const size = context.measureText(String(at)).width + 6;
    const left = Math.max(0, middle - size / 2);
    context.globalAlpha = 0.85;
    context.fillStyle = cssColour(palette.ground);
    context.fillRect(left, top - 7, size, 14);
    context.globalAlpha = 1;
    context.fillStyle = text;
    context.fillText(String(at), left + size / 2, top);
  };
  const [edgeLeft, edgeTop] = [Math.max(0, -x * scale), Math.max(0, -y * scale)];
  for (let at = Math.ceil(column / step) * step; at < column + width; at += step) {
    const middle = (at + 0.5 - x) * scale;
    if (middle > 40 + edgeLeft && middle < view[0] - 12) label(at, middle, edgeTop + 7);
  }
  for (let at = Math.ceil(row / step) * step; at < row + height; at += step) {
    const middle = (at + 0.5 - y) * scale;
    const half = context.measureText(String(at)).width / 2 + 3;
    if (middle > 22 + edgeTop && middle < view[1] - 8) label(at, edgeLeft + half, middle);
  }
}

/** Returns the smallest of 1, 2, 4, 8, ... that is at least this many: blocks are powers of two more often than not. */
export function tickStep(least: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(least)));
}
