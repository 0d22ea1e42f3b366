/** The kernel half of the lognormal explorer. */
import type { MimeBundle } from "../../src/display.js";
import { ValueError } from "../../src/errors.js";
import { stochasticPrune } from "../../src/gradients/index.js";
import { key } from "../../src/random/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { DOMWidget, type DOMWidgetOptions } from "../lib/dom-widget.js";
import {
  finish,
  type LawKind,
  type Laws,
  measure,
  type Summary,
  sampleGradients,
  sparsityOfThreshold,
  summarize,
  thresholdOf,
} from "./compute.js";
import { describe, type SnapshotOptions, snapshotSvg } from "./snapshot.js";
import { type LognormalFitState, lognormalFitSpec } from "./state.js";

/** The options of a {@link LognormalFit}. */
export interface LognormalFitOptions extends Partial<Omit<LognormalFitState, "gradients">>, DOMWidgetOptions {
  /** A tensor, or nested lists of numbers; null (the default) for a sample of 20,000 lognormal values. */
  readonly gradients?: Tensor | readonly number[] | readonly (readonly number[])[] | null;
}

/**
 * Shows how the magnitudes of a gradient are distributed, with lognormal, normal and Laplace fits; the threshold that
 * prunes a wanted share of them, which a person drags; what that does to the direction of the gradient; and which float
 * format suits its spread. What is dragged in the view is `sparsity` here.
 * @throws ValueError for a gradient that is not finite, has more than 2^22 values or only one magnitude, and for options
 *   out of their range
 * @see Chmiel et al. 2021, arXiv:2006.08173
 * @example const fit = new LognormalFit({ gradients: g, sparsity: 0.85 }); fit.threshold
 */
export class LognormalFit extends DOMWidget<LognormalFitState> {
  constructor(options: LognormalFitOptions = {}) {
    super(lognormalFitSpec, options as Partial<LognormalFitState> & DOMWidgetOptions);
  }

  /** The gradient that was given; null while a sample is shown. */
  get gradients(): Tensor | null {
    return this.get("gradients");
  }

  set gradients(gradients: LognormalFitOptions["gradients"]) {
    this.set("gradients", gradients as Tensor | null);
  }

  /** Standard deviation of ln|g| of the sample, 0.1..6. */
  get sigma(): number {
    return this.get("sigma");
  }

  set sigma(sigma: number) {
    this.set("sigma", sigma);
  }

  /** Of the sample, and of the draws that prune. */
  get seed(): number {
    return this.get("seed");
  }

  set seed(seed: number) {
    this.set("seed", seed);
  }

  /** The share of zeros that is wanted after pruning, 0..0.99. */
  get sparsity(): number {
    return this.get("sparsity");
  }

  set sparsity(sparsity: number) {
    this.set("sparsity", sparsity);
  }

  /** The law by which the threshold is found. */
  get law(): LawKind {
    return this.get("law");
  }

  set law(law: LawKind) {
    this.set("law", law);
  }

  /** Bins of the histogram, 10..200. */
  get bins(): number {
    return this.get("bins");
  }

  set bins(bins: number) {
    this.set("bins", bins);
  }

  /** Bits of the float format, 3..8. */
  get bits(): number {
    return this.get("bits");
  }

  set bits(bits: number) {
    this.set("bits", bits);
  }

  /** The values that are shown: the gradient, or the sample. */
  get values(): Tensor<"float32" | "float64"> {
    const given = this.gradients as Tensor<"float32" | "float64"> | null;
    return given ?? sampleFor(this.sigma, this.seed);
  }

  /** The fitted laws. */
  get laws(): Laws {
    return this.#summary.laws;
  }

  /** Kolmogorov–Smirnov distances of |g| to the fitted laws. */
  get distances(): Summary["distances"] {
    return this.#summary.distances;
  }

  /** The threshold tau for the wanted sparsity, in the unit of the gradient; setting it changes `sparsity`. */
  get threshold(): number {
    return thresholdOf(this.laws, this.law, this.sparsity);
  }

  set threshold(threshold: number) {
    if (!(threshold >= 0)) throw new ValueError(`LognormalFit.threshold: ${threshold}, expected a number >= 0`);
    this.sparsity = sparsityOfThreshold(this.laws, this.law, threshold);
  }

  /** The values pruned at random at the threshold: `stochasticPrune(random.key(seed), values, threshold)`. */
  get pruned(): Tensor<"float32" | "float64"> {
    return stochasticPrune(key(this.seed), this.values, this.threshold);
  }

  get #summary(): Summary {
    return summaryOf(this.values, this.bins);
  }

  protected override fallback(): MimeBundle {
    const { values, threshold, seed, law, sparsity, bits } = this;
    const measured = finish(measure(values, { threshold, seed }));
    const options: SnapshotOptions = { summary: this.#summary, measured, law, sparsity, bits };
    return { "image/svg+xml": snapshotSvg(options), "text/plain": `${this.toString()}\n${describe(options)}` };
  }
}

const summaries = new WeakMap<Tensor, Summary>();
let lastSample: { readonly sigma: number; readonly seed: number; readonly values: Tensor<"float32"> } | undefined;

/** The sample, the same object for the same numbers, so that what is known of it is not computed again. */
function sampleFor(sigma: number, seed: number): Tensor<"float32"> {
  if (lastSample?.sigma !== sigma || lastSample.seed !== seed) {
    lastSample = { sigma, seed, values: sampleGradients(sigma, seed) };
  }
  return lastSample.values;
}

function summaryOf(values: Tensor, bins: number): Summary {
  const known = summaries.get(values);
  if (known?.counts.length === bins) return known;
  const summary = finish(summarize(values, bins));
  summaries.set(values, summary);
  return summary;
}
