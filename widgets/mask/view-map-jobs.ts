/** Which masks of the whole matrix are being computed, and what is known of them so far. */
import { keptMagnitude } from "../../src/sparsity/index.js";
import { type Kept, keepInBackground, runInBackground } from "../dom/background.js";
import { type Edit, type MaskKind, maskOf } from "./compute.js";
import { average, finish, isKept, type MaskMap, putBits, putStrengths, type Region } from "./view-map-data.js";
import { regionOf, type SolvedMap, type SolvedRegion } from "./view-map-solve.js";
import type { Scene } from "./view-scene.js";
import type { MapInput, RegionInput } from "./view-tasks.js";

/** Up to so many weights the optimum of the whole is computed unasked, and of a part that is seen. */
export const exactLimit: number = 2 ** 18;

/** Work begins when nothing has changed for this long. */
const pauseMilliseconds = 100;

/** What is known of the whole matrix. */
export interface MapState {
  /** The last one that is complete; `fresh` tells whether it is of the present input. */
  readonly map: SolvedMap | undefined;
  readonly fresh: boolean;
  /** How far the present computation of the whole is, 0..1; undefined when none runs. */
  readonly progress: number | undefined;
  /** Whether that computation is the optimum that was asked for, beside a picture that is fresh. */
  readonly asked: boolean;
  /** Blocks that are optimal, and all; undefined where all are by their method. */
  readonly exact: { readonly blocks: number; readonly all: number } | undefined;
  readonly problem: string | undefined;
}

type Basis = Pick<Scene, "weights" | "shown" | "keep" | "group">;

/** Computes masks in the background; newer input ends what it makes useless. */
export class MapJobs {
  readonly #onChange: (changed?: Region) => void;
  #scene: Scene | undefined;
  #kept: Kept | undefined;
  #state: MapState = emptyState;
  /** One byte per block of the matrix: 1 when it is optimal. */
  #solved: Uint8Array = new Uint8Array(0);
  #whole: AbortController | undefined;
  #part: AbortController | undefined;
  /** The region that is being solved. */
  #seen: string | undefined;

  /** `onChange` is told the region when only a part of the map has changed. */
  constructor(onChange: (changed?: Region) => void) {
    this.#onChange = onChange;
  }

  get state(): MapState {
    return this.#state;
  }

  /** Takes new input. */
  take(scene: Scene): void {
    const before = this.#scene;
    this.#scene = scene;
    if (before?.weights !== scene.weights) {
      this.#kept?.release();
      this.#kept = keepInBackground(scene.weights);
    }
    const changed = before === undefined ? undefined : changedPlaces(before.edits, scene.edits);
    if (before === undefined || !sameBasis(before, scene)) this.#restart();
    else if (changed !== undefined && changed.length > 0) {
      if (this.#state.fresh && scene.shown !== "unstructured") this.#patch(changed, before.edits);
      else this.#restart();
      if (this.#state.asked) this.solveWhole();
    }
  }

  /** Asks for the optimum of a region, once nothing has changed for a moment. */
  see(region: Region): void {
    const scene = this.#scene;
    if (scene === undefined || this.#state.exact === undefined || !this.#state.fresh) return;
    const name = Object.values(region).join();
    if (name === this.#seen) return;
    this.#endPart();
    if (region.width * region.height > exactLimit || this.isSolved(region)) return;
    this.#seen = name;
    const { edits, pattern } = scene;
    this.#part = this.#later(async (signal) => {
      const input: RegionInput = { weights: this.#kept?.key ?? -1, region, pattern, edits };
      const solved = await runInBackground<SolvedRegion>("mask.region", input, signal);
      if (signal.aborted) return;
      this.#seen = undefined;
      this.#put(region, solved.mask, solved.kept, edits);
    });
  }

  #endPart(): void {
    this.#part?.abort();
    this.#seen = undefined;
  }

  /** Whether all blocks of a region are optimal. */
  isSolved(region: Region): boolean {
    return this.#state.exact === undefined || this.#blocksOf(region).every((block) => this.#solved[block] === 1);
  }

  /** Computes the optimum of the whole, however large. */
  solveWhole(): void {
    if (this.#scene === undefined || this.#state.exact === undefined) return;
    this.#set({ asked: true, progress: 0 });
    this.#run("transposable", 0);
  }

  /** Gives up the optimum of the whole; what is known stays. */
  cancel(): void {
    if (!this.#state.asked) return;
    this.#whole?.abort();
    this.#set({ asked: false, progress: undefined });
  }

  dispose(): void {
    this.#whole?.abort();
    this.#endPart();
    this.#kept?.release();
    this.#kept = undefined;
    this.#scene = undefined;
    this.#state = emptyState;
  }

  #restart(): void {
    const { weights, shown } = this.#scene as Scene;
    const { map } = this.#state;
    const fits = map?.rows === weights.shape[0] && map?.columns === weights.shape[1];
    this.#endPart();
    this.#state = { ...emptyState, map: fits ? map : undefined, progress: 0 };
    const greedy = shown === "transposable" && weights.data.length > exactLimit;
    this.#run(greedy ? "greedy-keep" : shown, pauseMilliseconds);
    this.#onChange();
  }

  #run(kind: MaskKind, pause: number): void {
    const { pattern, edits, weights, shown } = this.#scene as Scene;
    this.#whole?.abort();
    this.#whole = this.#later(async (signal) => {
      const input: MapInput = { weights: this.#kept?.key ?? -1, kind, pattern, edits };
      const onProgress = (progress: number): void => this.#set({ progress });
      const map = await runInBackground<SolvedMap>("mask.map", input, signal, onProgress);
      if (signal.aborted) return;
      const all = weights.data.length / pattern.group ** 2;
      const partly = kind !== shown;
      if (partly) this.#solved = new Uint8Array(all);
      const exact = partly ? { blocks: 0, all } : undefined;
      this.#endPart();
      this.#state = { ...emptyState, map, fresh: true, exact };
      this.#onChange();
    }, pause);
  }

  /** Runs work after a pause; what it throws is shown. Returns what ends it. */
  #later(work: (signal: AbortSignal) => Promise<void>, pause = pauseMilliseconds): AbortController {
    const controller = new AbortController();
    const { signal } = controller;
    const begin = (): void => {
      work(signal).catch((error: unknown) => {
        if (signal.aborted) return;
        this.#set({ progress: undefined, problem: error instanceof Error ? error.message : String(error) });
      });
    };
    if (pause === 0) begin();
    else {
      const timer = setTimeout(begin, pause);
      signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    }
    return controller;
  }

  #set(changes: Partial<MapState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#onChange();
  }

  /** Solves the blocks of edited weights anew, at once: a block takes far less than a frame. */
  #patch(places: readonly Edit[], before: readonly Edit[]): void {
    const { weights, pattern, shown, edits } = this.#scene as Scene;
    const { group } = pattern;
    // What is being solved for a part may be of weights that were just changed.
    this.#endPart();
    const corners = new Map(
      places.map(([row, column]) => [row - (row % group), column - (column % group)]).map((at) => [at.join(), at]),
    );
    for (const [row, column] of corners.values() as Iterable<[number, number]>) {
      const region = { row, column, height: group, width: group };
      const block = regionOf(weights, region, edits);
      const mask = maskOf(shown, block, pattern);
      const { map } = this.#state;
      for (let i = 0; i < group && map !== undefined; i++) {
        const first = (region.row + i) * map.columns + region.column;
        putStrengths(map, first, block.data.subarray(i * group, (i + 1) * group), map.scale);
      }
      const was = regionOf(weights, region, before);
      this.#put(region, mask.data, keptMagnitude(block, mask), before, sumOf(block.data) - sumOf(was.data));
    }
  }

  /** Writes the mask of a region into the map. @param edits those with which the map was right before */
  #put(region: Region, mask: Uint8Array, kept: number, edits: readonly Edit[], more = 0): void {
    const { map, exact } = this.#state;
    if (map === undefined || this.#scene === undefined) return;
    const before = keptIn(map, regionOf(this.#scene.weights, region, edits).data, region);
    putBits(map, mask, region);
    finish(average(map, region));
    let blocks = exact?.blocks ?? 0;
    for (const block of exact === undefined ? [] : this.#blocksOf(region)) {
      if (this.#solved[block] === 0) blocks++;
      this.#solved[block] = 1;
    }
    // The arrays stay the same: whoever draws them is told which part of them has changed.
    const next = { ...map, kept: map.kept + kept - before, total: map.total + more };
    this.#state = { ...this.#state, map: next, exact: exact && { ...exact, blocks } };
    this.#onChange(region);
  }

  #blocksOf({ row, column, height, width }: Region): number[] {
    const { weights, group } = this.#scene as Scene;
    const across = (weights.shape[1] as number) / group;
    const blocks: number[] = [];
    for (let y = Math.floor(row / group); y * group < row + height; y++) {
      for (let x = Math.floor(column / group); x * group < column + width; x++) blocks.push(y * across + x);
    }
    return blocks;
  }
}

const emptyState: MapState = {
  map: undefined,
  fresh: false,
  progress: undefined,
  asked: false,
  exact: undefined,
  problem: undefined,
};

function sameBasis(a: Basis, b: Basis): boolean {
  return a.weights === b.weights && a.shown === b.shown && a.keep === b.keep && a.group === b.group;
}

/** Edits that are in one list and not in the other. */
function changedPlaces(before: readonly Edit[], after: readonly Edit[]): Edit[] {
  if (before === after) return [];
  const name = (edit: Edit): string => edit.join();
  const [old, now] = [new Set(before.map(name)), new Set(after.map(name))];
  return [...after.filter((edit) => !old.has(name(edit))), ...before.filter((edit) => !now.has(name(edit)))];
}

function keptIn(map: MaskMap, weights: ArrayLike<number>, { row, column, height, width }: Region): number {
  let sum = 0;
  for (let i = 0, at = 0; i < height; i++) {
    for (let j = 0; j < width; j++, at++) {
      if (isKept(map, row + i, column + j)) sum += Math.abs(weights[at] as number);
    }
  }
  return sum;
}

function sumOf(weights: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += Math.abs(weights[i] as number);
  return sum;
}
