/** Keeps analysis and comparison up to date: at once for few values, in the background for many. */
import type { Tensor } from "../../src/tensor/index.js";
import { type Kept, keepInBackground, runInBackground } from "../dom/background.js";
import { analyze, type ComparedRow, compareOne, finish, sampleValues } from "./compute.js";
import type { Settings } from "./compute-chunks.js";
import { comparedNames } from "./compute-formats.js";
import type { Analysis } from "./compute-tally.js";
import type { FormatMicroscopeState } from "./state.js";
import type { MicroscopeInput } from "./view-tasks.js";

/** So many values are described well within a frame, and compared in one. */
const atOnce = 2 ** 13;
const comparedAtOnce = 2 ** 11;

/** Values, and what a format does to them: they belong together. */
export interface Result {
  readonly values: Tensor;
  readonly settings: Settings;
  readonly analysis: Analysis;
}

/** The values that a view shows, and what is known of them. */
export class Microscope {
  readonly #changed: () => void;
  #values: Tensor | undefined;
  #sampled: { readonly seed: number; readonly values: Tensor } | undefined;
  #kept: Kept | undefined;
  #wanted = "";
  #compared = "";
  #result: Result | undefined;
  #problem: string | undefined;
  #rows: readonly ComparedRow[] = [];
  #analyzing: AbortController | undefined;
  #comparing: AbortController | undefined;

  /** `changed` is called when something came from the background. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Undefined until the first is there; the last one while the next is computed. */
  get result(): Result | undefined {
    return this.#result;
  }

  /** What kept the values from being described. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether the result is of other values or settings than are wanted. */
  get isBusy(): boolean {
    return this.#analyzing !== undefined;
  }

  /** The rows of the comparison that are known so far, and whether more come. */
  get comparison(): { readonly rows: readonly ComparedRow[]; readonly complete: boolean } {
    return { rows: this.#rows, complete: this.#comparing === undefined };
  }

  /** Takes a state. */
  take(state: FormatMicroscopeState): void {
    const { format, rounding, seed, overflow, scale, scale_rule, block } = state;
    const values = state.values ?? this.#sample(seed);
    if (values !== this.#values) this.#replace(values);
    const settings: Settings = { format, rounding, seed, overflow, scale, scale_rule, block };
    const wanted = JSON.stringify(settings);
    if (wanted !== this.#wanted) {
      this.#wanted = wanted;
      this.#analyze(values, settings);
    }
    const compared = JSON.stringify({ ...settings, format: "" });
    if (compared !== this.#compared) {
      this.#compared = compared;
      this.#compare(values, settings);
    }
  }

  /** Gives back what the worker keeps. */
  dispose(): void {
    this.#analyzing?.abort();
    this.#comparing?.abort();
    this.#kept?.release();
    this.#kept = undefined;
  }

  #analyze(values: Tensor, settings: Settings): void {
    this.#analyzing?.abort();
    this.#analyzing = undefined;
    this.#problem = undefined;
    if (values.data.length <= atOnce) {
      this.#result = { values, settings, analysis: finish(analyze(values, settings)) };
      return;
    }
    const running = new AbortController();
    this.#analyzing = running;
    const input: MicroscopeInput = { values: this.#keep(), settings };
    const done = (): void => {
      this.#analyzing = undefined;
      this.#changed();
    };
    runInBackground<Analysis>("microscope.analyze", input, running.signal).then(
      (analysis) => {
        this.#result = { values, settings, analysis };
        done();
      },
      (error: unknown) => {
        this.#problem = error instanceof Error ? error.message : String(error);
        done();
      },
    );
  }

  #compare(values: Tensor, settings: Settings): void {
    this.#comparing?.abort();
    this.#comparing = undefined;
    const all = comparedNames.map((format): Settings => ({ ...settings, format }));
    if (values.data.length <= comparedAtOnce) {
      this.#rows = all.map((one) => finish(compareOne(values, one)));
      return;
    }
    this.#rows = [];
    const running = new AbortController();
    this.#comparing = running;
    void this.#compareAll(all, running);
  }

  async #compareAll(all: readonly Settings[], running: AbortController): Promise<void> {
    try {
      for (const settings of all) {
        const input: MicroscopeInput = { values: this.#keep(), settings };
        const row = await runInBackground<ComparedRow>("microscope.compare", input, running.signal);
        this.#rows = [...this.#rows, row];
        this.#changed();
      }
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#comparing = undefined;
    this.#changed();
  }

  #replace(values: Tensor): void {
    this.dispose();
    this.#analyzing = undefined;
    this.#comparing = undefined;
    this.#values = values;
    this.#wanted = "";
    this.#compared = "";
  }

  #keep(): number {
    this.#kept ??= keepInBackground(this.#values);
    return this.#kept.key;
  }

  #sample(seed: number): Tensor {
    if (this.#sampled?.seed !== seed) this.#sampled = { seed, values: sampleValues(seed) };
    return this.#sampled.values;
  }
}
