/** The whole matrix, where it is larger than the tile: zoom, drag, read, and choose the tile. */
import type { Tensor } from "../../src/tensor/index.js";
import { element, onNextFrame, setAttributes } from "../dom/elements.js";
import { placeTile } from "./compute.js";
import { createCanvasPainter, type MapPainter } from "./view-map-canvas.js";
import { type Palette, readPalette } from "./view-map-colours.js";
import { aligned, type Region } from "./view-map-data.js";
import { listenToGestures, type MapKey, mapKey } from "./view-map-gestures.js";
import { createGlPainter } from "./view-map-gl.js";
import { MapJobs } from "./view-map-jobs.js";
import { createLegend, describeWeight, type Legend } from "./view-map-legend.js";
import { Overlay } from "./view-map-overlay.js";
import { regionOf } from "./view-map-solve.js";
import {
  cellUnder,
  isFit,
  levelFor,
  moveBy,
  reveal,
  type Size,
  seenPart,
  type Viewport,
  viewAll,
  zoomAt,
} from "./view-map-viewport.js";
import { type Actions, isPartial, type Part, type Scene } from "./view-scene.js";

/** A part of the matrix as it is shown: column, row, width, height. */
type ShownPart = readonly [number, number, number, number];

/** The map with its buttons and its legend. */
export class MapView implements Part {
  readonly element: HTMLElement;
  readonly #view: HTMLElement = element("div", { class: "lowbit-mask-view", tabindex: 0, role: "application" });
  readonly #overlay: Overlay = new Overlay();
  readonly #legend: Legend;
  readonly #jobs: MapJobs;
  readonly #actions: Actions;
  readonly #frame: ReturnType<typeof onNextFrame> = onNextFrame(() => this.#render());
  readonly #resized: ResizeObserver | undefined;
  #painter: MapPainter | undefined;
  #gl: MapPainter | undefined;
  #scene: Scene | undefined;
  /** Undefined while everything is shown. */
  #viewport: Viewport | undefined;
  #palette: Palette | undefined;
  #loaded: Uint8Array | undefined;
  #pointer: Size | undefined;

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#jobs = new MapJobs((changed) => this.#load(changed));
    this.#legend = createLegend({
      zoom: (factor) => this.#zoom(factor, [this.#size()[0] / 2, this.#size()[1] / 2]),
      fit: () => this.#show(undefined),
      solve: () => this.#jobs.solveWhole(),
      cancel: () => this.#jobs.cancel(),
    });
    this.#view.append(this.#overlay.canvas);
    this.element = element("figure", { class: "lowbit-mask-map" }, this.#legend.bar, this.#view, this.#legend.caption);
    this.#view.addEventListener("keydown", (event) => this.#pressKey(event));
    listenToGestures(this.#view, {
      move: (by) => this.#show(moveBy(this.#current(), by, this.#size(), this.#shown())),
      zoom: (factor, at) => this.#zoom(factor, at),
      choose: (at) => this.#choose(at),
      hover: (at) => {
        this.#pointer = at;
        this.#frame.request();
      },
      canZoom: (factor) => factor > 1 || this.#viewport !== undefined,
    });
    this.#resized = typeof ResizeObserver === "undefined" ? undefined : new ResizeObserver(this.#frame.request);
    this.#resized?.observe(this.#view);
  }

  draw(scene: Scene): void {
    const before = this.#scene;
    this.element.hidden = !isPartial(scene);
    this.#scene = scene;
    if (this.element.hidden) {
      this.#jobs.dispose();
      return;
    }
    const turned = before?.transposed !== scene.transposed;
    if (turned || before?.weights.shape.join() !== scene.weights.shape.join()) this.#viewport = undefined;
    if (turned) this.#overlay.forget();
    this.#jobs.take(scene);
    if (this.#viewport !== undefined && before?.tile !== scene.tile) {
      this.#viewport = reveal(this.#viewport, this.#tilePart(scene), this.#size(), this.#shown());
    }
    this.#frame.request();
  }

  dispose(): void {
    this.#jobs.dispose();
    this.#frame.cancel();
    this.#resized?.disconnect();
    this.#gl?.dispose();
    this.#painter?.dispose();
  }

  /** The colours are known only once the view is in the page, and change with the theme. */
  #readPalette(): Palette {
    const palette = readPalette(this.#view);
    if (JSON.stringify(palette) !== JSON.stringify(this.#palette)) this.#overlay.forget();
    this.#palette = palette;
    return palette;
  }

  /** Gives the painter what is new of the map. */
  #load(changed?: Region): void {
    const { map, fresh } = this.#jobs.state;
    setAttributes(this.#view, { "data-stale": !fresh });
    if (map !== undefined && (changed !== undefined || map.strengths !== this.#loaded)) {
      this.#painter ??= this.#createPainter(Math.max(...(this.#scene?.weights.shape ?? [])));
      this.#painter.load(map, map.strengths === this.#loaded ? changed : undefined);
      this.#loaded = map.strengths;
      this.#overlay.forget();
    }
    this.#frame.request();
  }

  #createPainter(side: number): MapPainter {
    this.#gl ??= createGlPainter(
      side,
      () => this.#usePainter(createCanvasPainter()),
      () => this.#usePainter(this.#gl as MapPainter),
    );
    return this.#install(this.#gl ?? createCanvasPainter());
  }

  /** Goes on with another painter: the context of the one before was lost, or has come back. */
  #usePainter(painter: MapPainter): void {
    const { map } = this.#jobs.state;
    this.#painter?.canvas.remove();
    this.#painter = this.#install(painter);
    if (map !== undefined) painter.load(map);
    this.#frame.request();
  }

  #install(painter: MapPainter): MapPainter {
    this.#view.prepend(painter.canvas);
    setAttributes(this.#view, { "data-painter": painter.kind });
    return painter;
  }

  #render(): void {
    const scene = this.#scene;
    const [width, height] = this.#size();
    if (scene === undefined || this.element.hidden || width === 0 || height === 0) return;
    const palette = this.#readPalette();
    const { map } = this.#jobs.state;
    const { transposed } = scene;
    const pixel = 1 / (globalThis.devicePixelRatio || 1);
    const viewport = this.#current();
    for (const canvas of [this.#painter?.canvas, this.#overlay.canvas]) resize(canvas, width / pixel, height / pixel);
    if (map !== undefined) {
      const level = levelFor(viewport.scale, pixel, map.levels.length);
      const { x, y, scale } = viewport;
      this.#painter?.draw({ x, y, step: pixel / scale, level, transposed, palette });
    }
    const style = getComputedStyle(this.#view);
    this.#overlay.draw({
      map,
      palette,
      viewport,
      view: this.#size(),
      shown: this.#shown(),
      transposed,
      group: scene.group,
      tile: this.#tilePart(scene),
      weightsOf: (part) => this.#weightsOf(scene, part),
      text: style.getPropertyValue("--text"),
      line: style.getPropertyValue("--line"),
    });
    const seen = aligned(this.#regionOf(scene, seenPart(viewport, this.#size(), this.#shown())), scene.group);
    this.#jobs.see(seen);
    this.#describe(scene, seen);
  }

  #describe(scene: Scene, seen: Region): void {
    const { state } = this.#jobs;
    const all = isFit(this.#current(), this.#size(), this.#shown());
    this.#legend.draw({ scene, state, seen, seenSolved: this.#jobs.isSolved(seen), all });
    const cell = this.#pointer && cellUnder(this.#current(), this.#pointer, this.#shown());
    const [row, column] = cell === undefined ? [] : scene.transposed ? cell : [cell[1], cell[0]];
    this.#legend.read(row === undefined || column === undefined ? "" : describeWeight(scene, state, row, column));
    const { tile, tileShape, weights } = scene;
    const place = `rows ${tile[0]} to ${tile[0] + tileShape[0] - 1}, columns ${tile[1]} to ${tile[1] + tileShape[1] - 1}`;
    const label = `whole matrix, ${weights.shape.join(" x ")}; the tile is ${place}; keys: arrows move the view, with Shift the tile, + and - zoom, Home shows all, Enter takes the middle as the tile`;
    setAttributes(this.#view, { "aria-label": label });
  }

  #size(): Size {
    return [this.#view.clientWidth, this.#view.clientHeight];
  }

  /** Columns and rows as they are shown. */
  #shown(): Size {
    const [rows = 1, columns = 1] = this.#scene?.weights.shape ?? [];
    return this.#scene?.transposed ? [rows, columns] : [columns, rows];
  }

  #current(): Viewport {
    return this.#viewport ?? viewAll(this.#size(), this.#shown());
  }

  #show(viewport: Viewport | undefined): void {
    const all = viewport === undefined || isFit(viewport, this.#size(), this.#shown());
    this.#viewport = all ? undefined : viewport;
    this.#frame.request();
  }

  #zoom(factor: number, at: Size): void {
    this.#show(zoomAt(this.#current(), factor, at, this.#size(), this.#shown()));
  }

  /** A part as shown, as a region of the matrix itself. */
  #regionOf({ transposed }: Scene, [column, row, width, height]: ShownPart): Region {
    if (transposed) return { row: column, column: row, height: width, width: height };
    return { row, column, height, width };
  }

  #tilePart({ tile, tileShape, transposed }: Scene): ShownPart {
    return transposed ? [tile[0], tile[1], tileShape[0], tileShape[1]] : [tile[1], tile[0], tileShape[1], tileShape[0]];
  }

  #weightsOf(scene: Scene, part: ShownPart): Tensor {
    const weights = regionOf(scene.weights, this.#regionOf(scene, part), scene.edits);
    if (!scene.transposed) return weights;
    const [, , width, height] = part;
    const data = weights.data.slice();
    for (let i = 0; i < data.length; i++) {
      data[(i % height) * width + Math.floor(i / height)] = weights.data[i] as number;
    }
    return { ...weights, data, shape: [height, width] } as Tensor;
  }

  #choose(at: Size): void {
    const small = this.#overlay.placeIn(at);
    if (small !== undefined) {
      const [width, height] = this.#size();
      const { x, y, scale } = this.#current();
      const by: Size = [(x - small[0]) * scale + width / 2, (y - small[1]) * scale + height / 2];
      this.#show(moveBy(this.#current(), by, this.#size(), this.#shown()));
    } else this.#takeTile(cellUnder(this.#current(), at, this.#shown()));
  }

  /** Puts the tile around a cell. */
  #takeTile(cell: Size | undefined): void {
    if (this.#scene === undefined || cell === undefined) return;
    const { weights, group, tileShape, transposed } = this.#scene;
    const [row, column] = transposed ? cell : [cell[1], cell[0]];
    const start = [row - Math.floor(tileShape[0] / 2), column - Math.floor(tileShape[1] / 2)] as const;
    this.#actions.change({ tile: placeTile(weights.shape, group, start) });
  }

  #pressKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || this.#scene === undefined) return;
    const action = mapKey(event);
    if (action === undefined) return;
    event.preventDefault();
    this.#act(action);
    // After the drawing that the change leads to.
    requestAnimationFrame(() => requestAnimationFrame(() => this.#actions.announce(this.#legend.spoken())));
  }

  #act({ move, zoom, fit: all, tile, fine, choose }: MapKey): void {
    const [width, height] = this.#size();
    if (move !== undefined) {
      this.#show(moveBy(this.#current(), [move[0] * width, move[1] * height], this.#size(), this.#shown()));
    }
    if (zoom !== undefined) this.#zoom(zoom, [width / 2, height / 2]);
    if (all) this.#show(undefined);
    if (choose) this.#takeTile(cellUnder(this.#current(), [width / 2, height / 2], this.#shown()));
    if (tile !== undefined) this.#moveTile(this.#scene as Scene, tile, fine === true);
  }

  #moveTile({ weights, group, tile, tileShape, transposed }: Scene, [right, down]: Size, fine: boolean): void {
    const [rows, columns] = transposed ? [right, down] : [down, right];
    const step = fine ? [group, group] : tileShape;
    const next: [number, number] = [tile[0] + rows * (step[0] as number), tile[1] + columns * (step[1] as number)];
    this.#actions.change({ tile: placeTile(weights.shape, group, next) });
  }
}

function resize(canvas: HTMLCanvasElement | undefined, width: number, height: number): void {
  if (canvas === undefined) return;
  const size = [Math.round(width), Math.round(height)] as const;
  // Setting a size clears the canvas, also when it is the same.
  if (canvas.width !== size[0]) canvas.width = size[0];
  if (canvas.height !== size[1]) canvas.height = size[1];
}
