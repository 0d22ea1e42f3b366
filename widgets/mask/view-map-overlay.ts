/** What is drawn over the map: lines between blocks, values where they can be read, places, the tile, a small picture. */
import type { Tensor } from "../../src/tensor/index.js";
import { element } from "../dom/elements.js";
import { formatWeight } from "./compute.js";
import { paint } from "./view-map-canvas.js";
import { type Colour, colourOf, cssColour, type Palette } from "./view-map-colours.js";
import { cellAt, type MaskMap } from "./view-map-data.js";
import { drawPlaces, font } from "./view-map-places.js";
import { isFit, levelFor, readableScale, type Size, seenPart, type Viewport, viewAll } from "./view-map-viewport.js";

/** What one overlay shows. Places are in the matrix as it is shown. */
export interface OverlayFrame {
  readonly map: MaskMap | undefined;
  readonly palette: Palette;
  readonly viewport: Viewport;
  readonly view: Size;
  /** Columns and rows as shown. */
  readonly shown: Size;
  readonly transposed: boolean;
  readonly group: number;
  /** [column, row, width, height] of the tile. */
  readonly tile: readonly [number, number, number, number];
  /** The weights of a part of the matrix, as shown. */
  readonly weightsOf: (part: readonly [number, number, number, number]) => Tensor;
  readonly text: string;
  readonly line: string;
}

const smallSide = 110;

/** The overlay's canvas, and the small picture that it keeps. */
export class Overlay {
  readonly canvas: HTMLCanvasElement = element("canvas", { class: "lowbit-mask-over", "aria-hidden": "true" });
  #small: HTMLCanvasElement | undefined;
  /** Where the small picture is, and how many pixels a weight is wide there. */
  #smallBox: { readonly left: number; readonly top: number; readonly scale: number } | undefined;

  /** Returns the column and row, as shown, of a point on the small picture; undefined beside it. */
  placeIn([left, top]: Size): Size | undefined {
    const box = this.#smallBox;
    if (box === undefined || this.#small === undefined) return undefined;
    const [across, down] = [left - box.left, top - box.top];
    const inside = across >= 0 && down >= 0 && across < this.#small.width && down < this.#small.height;
    return inside ? [across / box.scale, down / box.scale] : undefined;
  }

  /** The map or its colours have changed. */
  forget(): void {
    this.#small = undefined;
  }

  draw(frame: OverlayFrame): void {
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    const ratio = this.canvas.width / frame.view[0];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, ...frame.view);
    drawBlocks(context, frame);
    drawValues(context, frame);
    drawTile(context, frame);
    drawPlaces(context, frame);
    this.#drawSmall(context, frame);
  }

  /** The whole in a corner, with the part that is seen; not where all is seen. */
  #drawSmall(context: CanvasRenderingContext2D, frame: OverlayFrame): void {
    const { map, view, shown, viewport, palette, transposed } = frame;
    this.#smallBox = undefined;
    if (map === undefined || isFit(viewport, view, shown)) return;
    const { scale } = viewAll([smallSide, smallSide], shown);
    const [width, height] = [Math.max(1, Math.round(shown[0] * scale)), Math.max(1, Math.round(shown[1] * scale))];
    if (this.#small === undefined) {
      this.#small = element("canvas", { width, height });
      const level = levelFor(scale, 1, map.levels.length);
      paint(this.#small, map, { x: 0, y: 0, step: 1 / scale, level, transposed, palette });
    }
    const [left, top] = [view[0] - width - 8, view[1] - height - 8];
    this.#smallBox = { left, top, scale };
    context.drawImage(this.#small, left, top);
    strokeTwice(context, [left - 0.5, top - 0.5, width + 1, height + 1], "#ffffff");
    const [column, row, across, down] = seenPart(viewport, view, shown);
    const seen = [
      left + column * scale,
      top + row * scale,
      Math.max(4, across * scale),
      Math.max(4, down * scale),
    ] as const;
    strokeTwice(context, seen, "#f28e2b");
  }
}

/** A line that shows on any ground: dark around light. */
function strokeTwice(
  context: CanvasRenderingContext2D,
  box: readonly [number, number, number, number],
  colour: string,
): void {
  context.lineWidth = 4;
  context.strokeStyle = "rgba(0, 0, 0, 0.7)";
  context.strokeRect(...box);
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.strokeRect(...box);
}

function drawTile(context: CanvasRenderingContext2D, { tile, viewport: { x, y, scale } }: OverlayFrame): void {
  const [column, row, width, height] = tile;
  const box = [
    (column - x) * scale,
    (row - y) * scale,
    Math.max(6, width * scale),
    Math.max(6, height * scale),
  ] as const;
  strokeTwice(context, box, "#f28e2b");
}

/** Lines between blocks where they are far enough apart not to hide the weights. */
function drawBlocks(context: CanvasRenderingContext2D, { viewport, view, shown, group, palette }: OverlayFrame): void {
  const { x, y, scale } = viewport;
  if (scale * group < 24 || group === 1) return;
  const [column, row, width, height] = seenPart(viewport, view, shown);
  context.fillStyle = cssColour(palette.ground);
  const thickness = Math.min(3, 1 + Math.floor((scale * group) / 60));
  const [left, right] = [Math.max(0, -x * scale), Math.min(view[0], (shown[0] - x) * scale)];
  const [top, bottom] = [Math.max(0, -y * scale), Math.min(view[1], (shown[1] - y) * scale)];
  for (let at = Math.ceil(column / group) * group; at <= column + width; at += group) {
    context.fillRect((at - x) * scale - thickness / 2, top, thickness, bottom - top);
  }
  for (let at = Math.ceil(row / group) * group; at <= row + height; at += group) {
    context.fillRect(left, (at - y) * scale - thickness / 2, right - left, thickness);
  }
}

function drawValues(context: CanvasRenderingContext2D, frame: OverlayFrame): void {
  const { map, viewport, view, shown, transposed, palette } = frame;
  const { x, y, scale } = viewport;
  if (scale <= readableScale || map === undefined) return;
  const part = seenPart(viewport, view, shown);
  const { data } = frame.weightsOf(part);
  context.font = `600 ${Math.min(14, Math.floor(scale * 0.31))}px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let i = 0, at = 0; i < part[3]; i++) {
    for (let j = 0; j < part[2]; j++, at++) {
      const [row, column] = [part[1] + i, part[0] + j];
      const [share, kept, pruned] = transposed ? cellAt(map, 0, column, row) : cellAt(map, 0, row, column);
      const [left, top] = [(column - x) * scale, (row - y) * scale];
      const ink = isBright(colourOf(palette, share, kept, pruned)) ? "0, 0, 0" : "255, 255, 255";
      if (share === 0) strike(context, left, top, scale, ink);
      context.fillStyle = `rgba(${ink}, ${share === 1 ? 1 : 0.72})`;
      context.fillText(formatWeight(data[at] as number, scale < 44), left + scale / 2, top + scale / 2);
    }
  }
}

/** Pruned is shown by a line through the weight too, not by colour alone. */
function strike(context: CanvasRenderingContext2D, left: number, top: number, scale: number, ink: string): void {
  context.strokeStyle = `rgba(${ink}, 0.18)`;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(left + 3, top + scale - 3);
  context.lineTo(left + scale - 3, top + 3);
  context.stroke();
}

function isBright([red, green, blue]: Colour): boolean {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140;
}
