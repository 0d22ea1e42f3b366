/** The whole matrix on a canvas, where it is larger than the tile: click, or use the arrow keys, to choose the tile. */
import type { Mask, Tensor } from "../../src/tensor/index.js";
import { runInBackground } from "../dom/background.js";
import { element, setAttributes, setText } from "../dom/elements.js";
import { type Analysis, percent, placeTile } from "./compute.js";
import { type Actions, isPartial, type Part, type Scene } from "./view-scene.js";

/** Masks of the whole matrix are computed when nothing has changed for this long. */
const pauseMilliseconds = 120;

/** What the whole analysis was computed for. */
type Basis = Pick<Scene, "weights" | "keep" | "group">;

/** The canvas, its caption, and the analysis of the whole matrix behind them. */
export class Overview implements Part {
  readonly element: HTMLElement;
  readonly #canvas: HTMLCanvasElement = element("canvas", { tabindex: 0, role: "application" });
  readonly #frame: HTMLElement = element("div", { class: "lowbit-mask-frame", "aria-hidden": "true" });
  readonly #caption: HTMLElement = element("figcaption");
  readonly #actions: Actions;
  #scene: Scene | undefined;
  #basis: Basis | undefined;
  #analysis: Analysis | undefined;
  #running: AbortController | undefined;
  /** What is on the canvas: weights, mask, whether they are transposed, colours. */
  #painted: readonly unknown[] | undefined;

  constructor(actions: Actions) {
    this.#actions = actions;
    const picture = element("div", { class: "lowbit-mask-picture" }, this.#canvas, this.#frame);
    this.element = element("figure", { class: "lowbit-mask-overview" }, picture, this.#caption);
    this.#canvas.addEventListener("pointerdown", (event) => this.#pick(event));
    this.#canvas.addEventListener("keydown", (event) => this.#pressKey(event));
  }

  draw(scene: Scene): void {
    this.element.hidden = !isPartial(scene);
    this.#scene = scene;
    if (this.element.hidden) {
      this.dispose();
      return;
    }
    if (!sameBasis(this.#basis, scene)) this.#analyzeLater(scene);
    // While weights are dragged the picture waits for the new masks: painting 512 x 512 takes most of a frame.
    if (this.#painted === undefined || this.#analysis !== undefined) this.#paint(scene);
    this.#placeFrame(scene);
    this.#describe(scene);
  }

  dispose(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#basis = undefined;
    this.#analysis = undefined;
  }

  #analyzeLater(scene: Scene): void {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#basis = scene;
    this.#analysis = undefined;
    const timer = setTimeout(() => void this.#analyze(scene, running.signal), pauseMilliseconds);
    running.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  async #analyze({ weights, pattern }: Scene, signal: AbortSignal): Promise<void> {
    try {
      this.#analysis = await runInBackground<Analysis>("mask.analyze", { weights, pattern }, signal);
    } catch (error) {
      setText(this.#caption, error instanceof Error ? error.message : String(error));
      return;
    }
    if (signal.aborted || this.#scene === undefined) return;
    this.#paint(this.#scene);
    this.#describe(this.#scene);
  }

  #paint({ weights, shown, transposed }: Scene): void {
    const mask = this.#analysis?.masks.find(({ kind }) => kind === shown)?.mask;
    const ramps = readRamps(this.#canvas);
    const painted = [weights, mask, transposed, ramps.join()];
    if (painted.every((part, i) => part === this.#painted?.[i])) return;
    this.#painted = painted;
    paintMatrix(this.#canvas, { weights, mask, transposed, ramps });
  }

  #placeFrame(scene: Scene): void {
    const [rows, columns] = scene.weights.shape as [number, number];
    const box = [
      scene.tile[1] / columns,
      scene.tile[0] / rows,
      scene.tileShape[1] / columns,
      scene.tileShape[0] / rows,
    ];
    const [left, top, width, height] = scene.transposed ? [box[1], box[0], box[3], box[2]] : box;
    const percentOf = (part = 0): string => `${(part * 100).toFixed(3)}%`;
    const style = `left:${percentOf(left)};top:${percentOf(top)};width:${percentOf(width)};height:${percentOf(height)}`;
    setAttributes(this.#frame, { style });
  }

  #describe({ weights, tile, tileShape, shown }: Scene): void {
    const [rows, columns] = weights.shape as [number, number];
    const place = `rows ${tile[0]} to ${tile[0] + tileShape[0] - 1}, columns ${tile[1]} to ${tile[1] + tileShape[1] - 1}`;
    setAttributes(this.#canvas, {
      "aria-label": `whole matrix, ${rows} x ${columns}; the tile is ${place}; arrow keys move it`,
    });
    const report = this.#analysis?.masks.find(({ kind }) => kind === shown);
    const kept = report ? `this mask keeps ${percent(report.share)} of the whole` : "computing the whole mask";
    setText(this.#caption, `W: ${rows} x ${columns}, ${kept}. Tile: ${place}. Click to choose another.`);
  }

  #pick(event: PointerEvent): void {
    if (this.#scene === undefined || event.button !== 0) return;
    const { weights, group, tileShape, transposed } = this.#scene;
    const box = this.#canvas.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    const down = (event.clientY - box.top) / box.height;
    const [row, column] = transposed ? [across, down] : [down, across];
    const at = (part: number, axis: 0 | 1): number =>
      Math.floor(part * (weights.shape[axis] as number)) - Math.floor(tileShape[axis] / 2);
    this.#actions.change({ tile: placeTile(weights.shape, group, [at(row, 0), at(column, 1)]) });
  }

  #pressKey(event: KeyboardEvent): void {
    const directions: Record<string, readonly [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const direction = Object.hasOwn(directions, event.key) ? directions[event.key] : undefined;
    if (direction === undefined || this.#scene === undefined) return;
    event.preventDefault();
    const { weights, group, tile, tileShape, transposed } = this.#scene;
    const [rows, columns] = transposed ? [direction[1], direction[0]] : direction;
    const step = event.shiftKey ? [group, group] : tileShape;
    const next: [number, number] = [tile[0] + rows * (step[0] as number), tile[1] + columns * (step[1] as number)];
    this.#actions.change({ tile: placeTile(weights.shape, group, next) });
    this.#actions.announce(this.#canvas.getAttribute("aria-label") ?? "");
  }
}

function sameBasis(basis: Basis | undefined, scene: Basis): boolean {
  return basis?.weights === scene.weights && basis.keep === scene.keep && basis.group === scene.group;
}

/** What is painted. */
interface Picture {
  readonly weights: Tensor;
  readonly mask: Mask | undefined;
  readonly transposed: boolean;
  /** The colours of kept and of pruned weights. */
  readonly ramps: readonly [kept: Ramp, pruned: Ramp];
}

/** Red, green and blue of the weakest weight, then of the strongest. */
type Ramp = readonly number[];

/** The colours as the style sheet has them for the theme. */
function readRamps(canvas: HTMLCanvasElement): Picture["ramps"] {
  const style = getComputedStyle(canvas);
  const read = (name: string): number[] => {
    const hex = style.getPropertyValue(name).trim();
    return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) || 0);
  };
  return [
    [...read("--kept-weak"), ...read("--kept-strong")],
    [...read("--pixel-weak"), ...read("--pixel-strong")],
  ];
}

/** One pixel per weight: kept ones blue by magnitude, pruned ones grey; all grey-blue while the mask is not known. */
function paintMatrix(canvas: HTMLCanvasElement, picture: Picture): void {
  const { weights, mask, transposed, ramps } = picture;
  const [rows, columns] = weights.shape as [number, number];
  canvas.width = transposed ? rows : columns;
  canvas.height = transposed ? columns : rows;
  setAttributes(canvas, { style: `aspect-ratio: ${canvas.width} / ${canvas.height}` });
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  let largest = 0;
  for (const weight of weights.data) largest = Math.max(largest, Math.abs(weight));
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const strength = largest === 0 ? 0 : Math.abs(weights.data[i] as number) / largest;
      pixels[transposed ? column * rows + row : i] = colour(
        strength,
        ramps[mask === undefined || mask.data[i] === 1 ? 0 : 1],
      );
    }
  }
  context.putImageData(image, 0, 0);
}

/** Little-endian RGBA. */
function colour(strength: number, ramp: Ramp): number {
  const mix = (at: number): number => {
    const from = ramp[at] as number;
    return Math.round(from + ((ramp[at + 3] as number) - from) * strength);
  };
  return ((255 << 24) | (mix(2) << 16) | (mix(1) << 8) | mix(0)) >>> 0;
}
