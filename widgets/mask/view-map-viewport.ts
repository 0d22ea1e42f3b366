/** Which part of a picture is seen, and how zooming and dragging change that. Pure. Lengths are in CSS pixels. */

/** A width and a height. */
export type Size = readonly [width: number, height: number];

/** What is seen: the place of the top left corner, in weights, and how many pixels one weight is wide. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** The widest that one weight is drawn. */
export const largestScale = 64;

/** Above this width of a weight its value is written in it. */
export const readableScale = 30;

/** How wide the numbers of rows are, and how high those of columns, where they stand beside weights with values. */
export const rulers: Size = [36, 18];

/** Returns the viewport that shows everything, in the middle. @param shown columns and rows as they are shown */
export function viewAll(view: Size, shown: Size): Viewport {
  const widest = (left: number, top: number): number =>
    Math.min(largestScale, (view[0] - left) / shown[0], (view[1] - top) / shown[1]);
  const beside = widest(...rulers);
  const scale = beside > readableScale ? beside : Math.min(widest(0, 0), readableScale);
  const [left, top] = rulersAt(scale);
  return { x: (shown[0] - (view[0] + left) / scale) / 2, y: (shown[1] - (view[1] + top) / scale) / 2, scale };
}

/** The room that is kept free for the numbers: none where weights are too small for values, and little is hidden. */
function rulersAt(scale: number): Size {
  return scale > readableScale ? rulers : [0, 0];
}

/** Whether everything is seen. */
export function isFit(viewport: Viewport, view: Size, shown: Size): boolean {
  return viewport.scale <= viewAll(view, shown).scale * 1.0001;
}

/** Returns the viewport zoomed by a factor; what is at `point` stays there. */
export function zoomAt(viewport: Viewport, factor: number, point: Size, view: Size, shown: Size): Viewport {
  const smallest = viewAll(view, shown).scale;
  const scale = Math.min(Math.max(viewport.scale * factor, smallest), largestScale);
  const at = (start: number, pixels: number): number => start + pixels / viewport.scale - pixels / scale;
  return place({ x: at(viewport.x, point[0]), y: at(viewport.y, point[1]), scale }, view, shown);
}

/** Returns the viewport moved so that the picture goes by so many pixels to the right and down. */
export function moveBy(viewport: Viewport, [right, down]: Size, view: Size, shown: Size): Viewport {
  const { x, y, scale } = viewport;
  return place({ x: x - right / scale, y: y - down / scale, scale }, view, shown);
}

/** Returns the viewport moved, as little as needed, so that a part of the picture is seen. */
export function reveal(viewport: Viewport, part: readonly number[], view: Size, shown: Size): Viewport {
  const [column = 0, row = 0, width = 1, height = 1] = part;
  const { scale } = viewport;
  const along = (start: number, first: number, length: number, axis: 0 | 1): number => {
    const least = first + length - view[axis] / scale;
    return Math.min(Math.max(start, least), Math.max(first - rulersAt(scale)[axis] / scale, least));
  };
  const [x, y] = [along(viewport.x, column, width, 0), along(viewport.y, row, height, 1)];
  return place({ x, y, scale }, view, shown);
}

/** Keeps the picture in view: no gap at an edge but for rulers, and none of it outside where it is smaller than the view. */
function place({ x, y, scale }: Viewport, view: Size, shown: Size): Viewport {
  const along = (start: number, axis: 0 | 1): number => {
    const [free, first] = [shown[axis] - view[axis] / scale, -rulersAt(scale)[axis] / scale];
    return Math.min(Math.max(start, Math.min(first, free)), Math.max(first, free));
  };
  return { x: along(x, 0), y: along(y, 1), scale };
}

/** Returns the columns and rows of which something is seen, as [column, row, width, height]. */
export function seenPart(viewport: Viewport, view: Size, shown: Size): [number, number, number, number] {
  const along = (start: number, pixels: number, cells: number): [number, number] => {
    const first = Math.min(Math.max(0, Math.floor(start)), cells - 1);
    return [first, Math.max(1, Math.min(cells, Math.ceil(start + pixels / viewport.scale)) - first)];
  };
  const [column, width] = along(viewport.x, view[0], shown[0]);
  const [row, height] = along(viewport.y, view[1], shown[1]);
  return [column, row, width, height];
}

/** Returns the column and row under a point; undefined beside the picture. */
export function cellUnder(viewport: Viewport, point: Size, shown: Size): [number, number] | undefined {
  const column = Math.floor(viewport.x + point[0] / viewport.scale);
  const row = Math.floor(viewport.y + point[1] / viewport.scale);
  return column >= 0 && row >= 0 && column < shown[0] && row < shown[1] ? [column, row] : undefined;
}

/**
 * Returns the level of the pyramid of which no cell is skipped when drawn: cells as wide as a pixel of the screen or
 * wider. 0 is the weights themselves.
 * @param pixel the width of one pixel of the screen, in CSS pixels
 */
export function levelFor(scale: number, pixel: number, levels: number): number {
  const weightsPerPixel = pixel / scale;
  return Math.min(levels, Math.max(0, Math.ceil(Math.log2(weightsPerPixel) - 1e-6)));
}
