/** The kernel half of the format microscope. */
import type { MimeBundle } from "../../src/display.js";
import type { MxScaleRule, Overflow, Rounding } from "../../src/dtypes/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { DOMWidget, type DOMWidgetOptions } from "../lib/dom-widget.js";
import { analyze, finish, sampleValues } from "./compute.js";
import { type BlockInspection, inspectBlock } from "./compute-blocks.js";
import { chunksOf, type Settings } from "./compute-chunks.js";
import type { FormatChoice } from "./compute-formats.js";
import { type Inspection, inspect } from "./compute-inspect.js";
import type { Analysis, Report } from "./compute-tally.js";
import { snapshotSvg } from "./snapshot.js";
import { describe } from "./snapshot-text.js";
import { type FormatMicroscopeState, formatMicroscopeSpec } from "./state.js";

/** Values as the microscope takes them: a tensor, or nested lists of numbers. */
export type MicroscopeValues = Tensor | readonly number[] | readonly (readonly number[])[];

/** The options of a {@link FormatMicroscope}. */
export interface FormatMicroscopeOptions extends Partial<Omit<FormatMicroscopeState, "values">>, DOMWidgetOptions {
  /** Null (the default) for a sample of 2,048 values. */
  readonly values?: MicroscopeValues | null;
}

/**
 * Shows what a number format does to a tensor: where its values lie among those of the format, the error of each, what
 * saturates and what becomes 0; of one value the bits, before and after, and why it was rounded as it was; of a block
 * its shared scale under every rule; and a table of formats on the same tensor. What is chosen in the view is a
 * property here.
 * @throws ValueError for values that are no tensor of 1..2^22 numbers, an unknown format, and options out of their range
 * @see OCP Microscaling Formats (MX) Specification 1.0, 2023
 * @example const microscope = new FormatMicroscope({ values: W, format: dtypes.float8_e4m3fn }); microscope.report.sqnr
 */
export class FormatMicroscope extends DOMWidget<FormatMicroscopeState> {
  constructor(options: FormatMicroscopeOptions = {}) {
    super(formatMicroscopeSpec, options as Partial<FormatMicroscopeState> & DOMWidgetOptions);
  }

  /** The tensor that was given; null while the sample is shown. */
  get values(): Tensor | null {
    return this.get("values");
  }

  set values(values: MicroscopeValues | null) {
    this.set("values", values as Tensor | null);
  }

  /** A name, or the record of a format that has none here; setting it takes any format of `dtypes`. */
  get format(): FormatChoice {
    return this.get("format");
  }

  set format(format: FormatChoice) {
    this.set("format", format);
  }

  /** How a value between two neighbours is rounded. */
  get rounding(): Rounding {
    return this.get("rounding");
  }

  set rounding(rounding: Rounding) {
    this.set("rounding", rounding);
  }

  /** Of the sample, and of stochastic rounding. */
  get seed(): number {
    return this.get("seed");
  }

  set seed(seed: number) {
    this.set("seed", seed);
  }

  /** What becomes of values beyond the largest. */
  get overflow(): Overflow {
    return this.get("overflow");
  }

  set overflow(overflow: Overflow) {
    this.set("overflow", overflow);
  }

  /** Whether a single format's values are divided by largest magnitude / largest value of the format first. */
  get scale(): "none" | "absmax" {
    return this.get("scale");
  }

  set scale(scale: "none" | "absmax") {
    this.set("scale", scale);
  }

  /** How the scale of an MX block follows from its largest magnitude. */
  get scale_rule(): MxScaleRule {
    return this.get("scale_rule");
  }

  set scale_rule(rule: MxScaleRule) {
    this.set("scale_rule", rule);
  }

  /** Values per scale of an MX block, 1..1024. */
  get block(): number {
    return this.get("block");
  }

  set block(block: number) {
    this.set("block", block);
  }

  /** The axis of values. */
  get axis(): "log" | "linear" {
    return this.get("axis");
  }

  set axis(axis: "log" | "linear") {
    this.set("axis", axis);
  }

  /** The place of the value that is looked at, row-major. */
  get selected(): number {
    return this.get("selected");
  }

  set selected(selected: number) {
    this.set("selected", selected);
  }

  /** What the format did to the tensor, in numbers. */
  get report(): Report {
    return this.#analysis;
  }

  /** The value that is looked at: its code, neighbours, and why it was rounded as it was. */
  get inspection(): Inspection {
    const values = this.#shown;
    return inspect(values, this.#settings, Math.min(this.selected, values.data.length - 1));
  }

  /** The block of that value with its scale under every rule; undefined in a format without blocks. */
  get blockInspection(): BlockInspection | undefined {
    const values = this.#shown;
    return inspectBlock(values, this.#settings, Math.min(this.selected, values.data.length - 1));
  }

  /** The values as the format leaves them, of the same shape: float64, because a scale is one. */
  get rounded(): Tensor<"float64"> {
    const values = this.#shown;
    const data = new Float64Array(values.data.length);
    for (const { start, codes, table, scales, single } of chunksOf(values, this.#settings)) {
      for (let i = 0; i < codes.length; i++) {
        const product = (table[codes[i] as number] as number) * (scales[i] as number);
        data[start + i] = single ? Math.fround(product) : product;
      }
    }
    return { data, shape: values.shape, dtype: "float64" };
  }

  get #shown(): Tensor {
    return this.values ?? sampleFor(this.seed);
  }

  get #settings(): Settings {
    const { format, rounding, seed, overflow, scale, block, scale_rule } = this;
    return { format, rounding, seed, overflow, scale, block, scale_rule };
  }

  get #analysis(): Analysis {
    return analysisOf(this.#shown, this.#settings);
  }

  protected override fallback(): MimeBundle {
    const [analysis, settings, found] = [this.#analysis, this.#settings, this.inspection];
    const { axis } = this;
    return {
      "image/svg+xml": snapshotSvg({ analysis, settings, found, axis }),
      "text/plain": `${this.toString()}\n${describe(analysis, settings, found)}`,
    };
  }
}

const analyses = new WeakMap<Tensor, { readonly settings: string; readonly analysis: Analysis }>();
let lastSample: { readonly seed: number; readonly values: Tensor } | undefined;

/** The sample, the same object for the same seed, so that what is known of it is not computed again. */
function sampleFor(seed: number): Tensor {
  if (lastSample?.seed !== seed) lastSample = { seed, values: sampleValues(seed) };
  return lastSample.values;
}

function analysisOf(values: Tensor, settings: Settings): Analysis {
  const text = JSON.stringify(settings);
  const known = analyses.get(values);
  if (known?.settings === text) return known.analysis;
  const analysis = finish(analyze(values, settings));
  analyses.set(values, { settings: text, analysis });
  return analysis;
}

/** Returns a {@link FormatMicroscope}. @example formatMicroscope(W, { format: dtypes.float8_e4m3fn }) */
export function formatMicroscope(
  values: MicroscopeValues,
  options: Omit<FormatMicroscopeOptions, "values"> = {},
): FormatMicroscope {
  return new FormatMicroscope({ ...options, values });
}
