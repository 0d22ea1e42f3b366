/** Keeps summary and measurement up to date: at once for few values, in the background for many. */
import type { Tensor } from "../../src/tensor/index.js";
import { type Kept, keepInBackground, runInBackground } from "../dom/background.js";
import { finish, type Measurement, measure, type Summary, sampleGradients, summarize } from "./compute.js";
import type { LognormalFitState } from "./state.js";
import type { MeasureInput, SummaryInput } from "./view-tasks.js";

/** So many values are described well within a frame. */
const atOnce = 2 ** 13;

/** The values that a view shows, and what is known of them. */
export class Analysis {
  #summary: Summary | undefined;
  #measured: Measurement | undefined;
  #problem: string | undefined;
  readonly #changed: () => void;
  #values: Tensor | undefined;
  #sampled: { readonly sigma: number; readonly seed: number; readonly values: Tensor } | undefined;
  #kept: Kept | undefined;
  #bins = 0;
  #wanted = "";
  #summing: AbortController | undefined;
  #measuring: AbortController | undefined;

  /** `changed` is called when something came from the background. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Undefined until the first is there; the last one while the next is computed. */
  get summary(): Summary | undefined {
    return this.#summary;
  }

  /** Undefined while it is computed. */
  get measured(): Measurement | undefined {
    return this.#measured;
  }

  /** What kept the values from being described. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether the summary is of other values or bins than are wanted. */
  get isBusy(): boolean {
    return this.#summing !== undefined;
  }

  /** Takes the values of a state. */
  take({ gradients, sigma, seed, bins }: LognormalFitState): void {
    const values = gradients ?? this.#sample(sigma, seed);
    if (values === this.#values && bins === this.#bins) return;
    if (values !== this.#values) this.#replace(values);
    this.#bins = bins;
    this.#wanted = "";
    this.#summing?.abort();
    this.#problem = undefined;
    if (values.data.length <= atOnce) {
      this.#summing = undefined;
      this.#summary = finish(summarize(values, bins));
      return;
    }
    const running = new AbortController();
    this.#summing = running;
    const input: SummaryInput = { gradients: this.#keep(), bins };
    runInBackground<Summary>("lognormal.summary", input, running.signal).then(
      (summary) => {
        this.#summary = summary;
        this.#summing = undefined;
        this.#changed();
      },
      (error: unknown) => {
        this.#problem = error instanceof Error ? error.message : String(error);
        this.#summing = undefined;
        this.#changed();
      },
    );
  }

  /** Asks what pruning at a threshold does. */
  measure(threshold: number, seed: number): void {
    const values = this.#values;
    const wanted = `${threshold} ${seed}`;
    if (values === undefined || wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#measuring?.abort();
    this.#measured = undefined;
    if (values.data.length <= atOnce) {
      this.#measured = finish(measure(values, { threshold, seed }));
      return;
    }
    const running = new AbortController();
    this.#measuring = running;
    const input: MeasureInput = { gradients: this.#keep(), threshold, seed };
    runInBackground<Measurement>("lognormal.measure", input, running.signal).then(
      (measured) => {
        this.#measured = measured;
        this.#changed();
      },
      () => undefined,
    );
  }

  /** Gives back what the worker keeps. */
  dispose(): void {
    this.#summing?.abort();
    this.#measuring?.abort();
    this.#kept?.release();
    this.#kept = undefined;
  }

  #replace(values: Tensor): void {
    this.#measuring?.abort();
    this.#kept?.release();
    this.#kept = undefined;
    this.#values = values;
    this.#measured = undefined;
  }

  #keep(): number {
    this.#kept ??= keepInBackground(this.#values);
    return this.#kept.key;
  }

  #sample(sigma: number, seed: number): Tensor {
    if (this.#sampled?.sigma !== sigma || this.#sampled.seed !== seed) {
      this.#sampled = { sigma, seed, values: sampleGradients(sigma, seed) };
    }
    return this.#sampled.values;
  }
}
