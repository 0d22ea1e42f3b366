/** The optimum of one block, path by path: step through it, or let it play. */
import { type FlowEdge, type FlowStep, transposableFlow } from "../../src/sparsity/index.js";
import { element, setAttributes, setText } from "../dom/elements.js";
import { formatWeight } from "./compute.js";
import { drawBlock, drawGraph, type FlowFrame } from "./view-flow-graph.js";
import { regionOf } from "./view-map-solve.js";
import type { Part, Scene } from "./view-scene.js";

const playMilliseconds = 1100;

const help =
  "Each path takes one weight more, from a row with room to a column with room; on its way it may give back what was " +
  "kept. After every path no other mask with as many weights keeps more, and at the end every row and column is full.";

/** The graph, the block, and what moves through them. */
export class FlowView implements Part {
  readonly element: HTMLElement;
  readonly #details: HTMLDetailsElement = element("details", { class: "lowbit-mask-flow" });
  readonly #title: HTMLElement = element("summary");
  readonly #pictures: HTMLElement = element("div", { class: "lowbit-mask-flow-pictures" });
  readonly #words: HTMLElement = element("p", { class: "lowbit-mask-flow-words", role: "status" });
  readonly #slider: HTMLInputElement = element("input", {
    type: "range",
    min: 0,
    value: 0,
    "aria-label": "step of the flow",
  });
  readonly #buttons: Readonly<Record<"first" | "back" | "play" | "next" | "last", HTMLButtonElement>>;
  #scene: Scene | undefined;
  /** A weight in the block that is shown: row and column in the matrix. */
  #chosen: readonly [number, number] | undefined;
  #steps: readonly FlowStep[] = [];
  #magnitudes: readonly number[] = [];
  #at = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the steps were computed for. */
  #basis = "";

  constructor() {
    const button = (label: string, text: string, act: () => void): HTMLButtonElement => {
      const node = element("button", { type: "button", "aria-label": label, title: label }, text);
      node.addEventListener("click", act);
      return node;
    };
    this.#buttons = {
      first: button("to the start", "|\u25c0", () => this.#go(0)),
      back: button("one path back", "\u25c0", () => this.#go(this.#at - 1)),
      play: button("play", "Play", () => this.#togglePlay()),
      next: button("one path on", "\u25b6", () => this.#go(this.#at + 1)),
      last: button("to the optimum", "\u25b6|", () => this.#go(this.#steps.length)),
    };
    this.#slider.addEventListener("input", () => this.#go(Number(this.#slider.value)));
    const group = { class: "lowbit-mask-flow-bar", role: "group", "aria-label": "flow" };
    const bar = element("div", group, ...Object.values(this.#buttons), this.#slider);
    this.#details.append(
      this.#title,
      bar,
      this.#words,
      this.#pictures,
      element("p", { class: "lowbit-mask-help" }, help),
    );
    this.#details.addEventListener("toggle", () => {
      this.#pause();
      this.#draw();
    });
    this.element = this.#details;
  }

  draw(scene: Scene): void {
    this.#scene = scene;
    this.#draw();
  }

  /** Shows the block of this weight. */
  choose(row: number, column: number): void {
    this.#chosen = [row, column];
    this.#draw();
  }

  dispose(): void {
    this.#pause();
  }

  #draw(): void {
    const scene = this.#scene;
    if (scene === undefined) return;
    const start = blockStart(scene, this.#chosen ?? scene.tile);
    const { keep, group } = scene.pattern;
    const range = (first: number): string => `${first} to ${first + group - 1}`;
    setText(this.#title, `The optimum, path by path: the block of rows ${range(start[0])}, columns ${range(start[1])}`);
    if (!this.#details.open) return;
    const region = { row: start[0], column: start[1], height: group, width: group };
    const block = regionOf(scene.weights, region, scene.edits);
    const basis = [keep, group, ...start, ...block.data].join();
    if (basis !== this.#basis) {
      this.#pause();
      this.#basis = basis;
      this.#steps = transposableFlow(block, { keep });
      this.#magnitudes = Array.from(block.data, Math.abs);
      this.#at = 0;
    }
    this.#show({ magnitudes: this.#magnitudes, group, keep, start, step: this.#steps[this.#at - 1] });
  }

  #show(frame: FlowFrame): void {
    const [at, all] = [this.#at, this.#steps.length];
    this.#pictures.replaceChildren(drawGraph(frame), drawBlock(frame));
    setText(this.#words, describeStep(frame, at, this.#steps));
    setAttributes(this.#slider, { max: all, "aria-valuetext": `path ${at} of ${all}` });
    this.#slider.value = String(at);
    for (const name of ["first", "back"] as const) this.#buttons[name].disabled = at === 0;
    for (const name of ["next", "last"] as const) this.#buttons[name].disabled = at === all;
    const playing = this.#timer !== undefined;
    setText(this.#buttons.play, playing ? "Pause" : "Play");
    setAttributes(this.#buttons.play, { "aria-label": playing ? "pause" : "play", disabled: all === 0 });
  }

  #go(step: number): void {
    this.#pause();
    this.#step(step);
  }

  #step(step: number): void {
    this.#at = Math.min(Math.max(step, 0), this.#steps.length);
    this.#draw();
  }

  #togglePlay(): void {
    if (this.#timer !== undefined) {
      this.#pause();
      this.#draw();
      return;
    }
    this.#play(this.#at === this.#steps.length ? 0 : this.#at + 1);
  }

  /** Goes to a step, and on from there after a while. */
  #play(step: number): void {
    this.#timer = step < this.#steps.length ? setTimeout(() => this.#play(step + 1), playMilliseconds) : undefined;
    this.#step(step);
  }

  #pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** The first row and column of the block of a weight, which is moved into the tile when it lies beside it. */
function blockStart({ tile, tileShape, group }: Scene, chosen: readonly [number, number]): [number, number] {
  const place = (axis: 0 | 1): number => {
    const inside = Math.min(Math.max(chosen[axis], tile[axis]), tile[axis] + tileShape[axis] - 1);
    return inside - (inside % group);
  };
  return [place(0), place(1)];
}

/** What a step does, in words. */
function describeStep(frame: FlowFrame, at: number, steps: readonly FlowStep[]): string {
  const { step, keep } = frame;
  const optimum = steps.at(-1)?.kept ?? 0;
  if (step === undefined) {
    return `Start: nothing is kept. ${steps.length} paths lead to the optimum, which keeps ${optimum.toPrecision(4)}; each row and column has room for ${keep}.`;
  }
  const end = at === steps.length ? " This is the optimum." : "";
  return `Path ${at} of ${steps.length}: ${describePath(frame, step.path)}. It gains ${signed(step.gain)}; kept ${step.kept.toPrecision(4)} of ${optimum.toPrecision(4)}.${end}`;
}

function describePath({ magnitudes, group, start }: FlowFrame, path: readonly FlowEdge[]): string {
  const parts = path.map(({ row, column, added }, i) => {
    const weight = magnitudes[row * group + column] as number;
    const change = `${added ? "takes" : "gives back"} column ${start[1] + column} (${signed(added ? weight : -weight)})`;
    return added && i > 0 ? ` and ${change}` : `${i > 0 ? "; " : ""}row ${start[0] + row} ${change}`;
  });
  return parts.join("");
}

function signed(value: number): string {
  return `${value < 0 ? "\u2212" : "+"}${formatWeight(Math.abs(value))}`;
}
