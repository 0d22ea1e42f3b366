/** Draws a map on an ordinary canvas: where WebGL2 is missing, and for the small picture in the corner. */
import { element } from "../dom/elements.js";
import { type Colour, colourOf, type Palette } from "./view-map-colours.js";
import { cellAt, type MaskMap, type Region } from "./view-map-data.js";

/** One drawing. Lengths are in pixels of the canvas. */
export interface Frame {
  /** Column and row at the top left corner, as shown. */
  readonly x: number;
  readonly y: number;
  /** Weights per pixel. */
  readonly step: number;
  readonly level: number;
  readonly transposed: boolean;
  readonly palette: Palette;
}

/** Something that draws maps on a canvas of its own. */
export interface MapPainter {
  readonly canvas: HTMLCanvasElement;
  readonly kind: "webgl2" | "canvas";
  /** Takes a map, or what has changed in a region of it. */
  load(map: MaskMap, changed?: Region): void;
  draw(frame: Frame): void;
  dispose(): void;
}

/** Returns a painter that needs nothing but a canvas. */
export function createCanvasPainter(): MapPainter {
  const canvas = element("canvas", { "aria-hidden": "true" });
  let map: MaskMap | undefined;
  return {
    canvas,
    kind: "canvas",
    load: (next) => {
      map = next;
    },
    draw: (frame) => {
      if (map !== undefined) paint(canvas, map, frame);
    },
    dispose: () => undefined,
  };
}

/** Paints what a frame shows of a map on the whole of a canvas. */
export function paint(canvas: HTMLCanvasElement, map: MaskMap, frame: Frame): void {
  const context = canvas.getContext("2d");
  const { width, height } = canvas;
  if (context === null || width === 0 || height === 0) return;
  const image = context.createImageData(width, height);
  paintPixels(new Uint32Array(image.data.buffer), width, height, map, frame);
  context.putImageData(image, 0, 0);
}

/** Fills pixels, little-endian RGBA, row by row. */
export function paintPixels(
  pixels: Uint32Array,
  width: number,
  height: number,
  map: MaskMap,
  { x, y, step, level, transposed, palette }: Frame,
): void {
  const [across, down] = transposed ? [map.rows, map.columns] : [map.columns, map.rows];
  const columns = Int32Array.from({ length: width }, (_, i) => inside(x + (i + 0.5) * step, across));
  const ground = pack(palette.ground);
  const table = createTable(palette);
  for (let j = 0, at = 0; j < height; j++) {
    const row = inside(y + (j + 0.5) * step, down);
    let lastColumn = -1;
    let last = ground;
    for (let i = 0; i < width; i++, at++) {
      const column = columns[i] as number;
      if (column !== lastColumn) {
        lastColumn = column;
        if (row < 0 || column < 0) last = ground;
        else if (level === 0) last = transposed ? table(map, column, row) : table(map, row, column);
        else {
          const cell = transposed ? cellAt(map, level, column, row) : cellAt(map, level, row, column);
          last = pack(colourOf(palette, ...cell));
        }
      }
      pixels[at] = last;
    }
  }
}

function inside(place: number, length: number): number {
  return place >= 0 && place < length ? Math.floor(place) : -1;
}

/** The colours of single weights, mixed once. */
function createTable(palette: Palette): (map: MaskMap, row: number, column: number) => number {
  const colours = Uint32Array.from({ length: 512 }, (_, i) =>
    pack(i < 256 ? colourOf(palette, 0, 0, i) : colourOf(palette, 1, i - 256, 0)),
  );
  return ({ strengths, bits, words, columns }, row, column) => {
    const bit = ((bits[row * words + (column >>> 5)] as number) >>> (column & 31)) & 1;
    return colours[256 * bit + (strengths[row * columns + column] as number)] as number;
  };
}

function pack([red, green, blue]: Colour): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
