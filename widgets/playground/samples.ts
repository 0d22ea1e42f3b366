/** The states in which the playground shows each view. */
import { exp } from "../../src/math/index.js";
import { key, normal } from "../../src/random/index.js";
import { arange, from, full, map, type Tensor } from "../../src/tensor/index.js";
import { type ExpressionState, expressionSpec, presets } from "../expression/state.js";
import { type FigureState, figureSpec } from "../figure/state.js";
import { type FormatMicroscopeState, formatMicroscopeSpec } from "../format-microscope/state.js";
import type { Trait, WidgetSpec } from "../lib/spec.js";
import { type LognormalFitState, lognormalFitSpec } from "../lognormal-fit/state.js";
import { type LossLandscapeState, lossLandscapeSpec } from "../loss-landscape/state.js";
import { type MaskState, maskSpec } from "../mask/state.js";

/** One state of a view. */
export interface Sample<State extends object = object> {
  /** The name of the widget's spec. */
  readonly widget: string;
  /** The name in the address: `#name` shows this sample alone. */
  readonly name: string;
  readonly title: string;
  readonly state: State;
  /** Shown under its own address only, because it takes a second to make. */
  readonly alone?: boolean;
  /** Width of the view in pixels; the page's when left out. */
  readonly width?: number;
}

function stateOf<State extends object>({ traits }: WidgetSpec<State>, changes: Partial<State>): State {
  const defaults = Object.entries<Trait<unknown>>(traits).map(([name, trait]) => [name, trait.initial()]);
  return { ...(Object.fromEntries(defaults) as State), ...changes };
}

function mask(changes: Partial<MaskState>): MaskState {
  return stateOf(maskSpec, changes);
}

const maskSamples: readonly Omit<Sample<MaskState>, "widget">[] = [
  { name: "mask", title: "Default: 8 x 8, 2 of 4", state: mask({}) },
  {
    name: "mask-wide",
    title: "8 x 12, 2 of 4, transposed",
    state: mask({ weights: normal(key(2021), [8, 12]), transposed: true, shown: "row" }),
  },
  {
    name: "mask-large",
    title: "512 x 512, 4 of 8",
    state: mask({ weights: normal(key(7), [512, 512]), keep: 4, group: 8, tile: [64, 256] }),
  },
  {
    name: "mask-huge",
    title: "4096 x 4096, 2 of 4",
    alone: true,
    get state(): MaskState {
      return mask({ weights: normal(key(11), [4096, 4096]), tile: [2048, 1024] });
    },
  },
  {
    name: "mask-1-16",
    title: "1 of 16",
    state: mask({ weights: normal(key(3), [16, 16]), keep: 1, group: 16 }),
  },
  {
    name: "mask-4-8",
    title: "4 of 8 on 1..64: every valid mask keeps half",
    state: mask({ weights: arange(64, { start: 1, shape: [8, 8] }), keep: 4, group: 8 }),
  },
  {
    name: "mask-8-16",
    title: "8 of 16: a count that takes seconds",
    state: mask({ weights: normal(key(5), [16, 32]), keep: 8, group: 16, shown: "greedy-keep" }),
  },
  { name: "mask-equal", title: "All weights equal", state: mask({ weights: full([8, 4], 1), shown: "greedy-prune" }) },
  { name: "mask-zero", title: "All weights zero", state: mask({ weights: full([4, 4], 0) }) },
  {
    name: "mask-small",
    title: "Extreme values",
    state: mask({
      weights: from([
        [1e-9, 12345678],
        [-0.5, 99.994],
      ]),
      keep: 1,
      group: 2,
    }),
  },
  { name: "mask-narrow", title: "Narrow: 320 pixels", state: mask({}), width: 320 },
];

function explorer(changes: Partial<LognormalFitState>): LognormalFitState {
  return stateOf(lognormalFitSpec, changes);
}

/** What a layer after ReLU would get: half of it zero, two scales mixed. */
function reluGradients(): Tensor {
  const draws = normal(key(31), [64, 500], { dtype: "float64" });
  return map(draws, (z, i) => (i % 2 === 0 ? 0 : z * exp(1.6 * (draws.data[i - 1] as number) - 9)), "float32");
}

const fitSamples: readonly Omit<Sample<LognormalFitState>, "widget">[] = [
  { name: "fit", title: "Lognormal explorer: a sample", state: explorer({}) },
  {
    name: "fit-relu",
    title: "Half zeros, 6 bits",
    state: explorer({ gradients: reluGradients(), bits: 6, sparsity: 0.8 }),
  },
  {
    name: "fit-normal",
    title: "Normal values, threshold by the normal law",
    state: explorer({ gradients: normal(key(5), [5000]), law: "normal", sparsity: 0.6, bins: 40 }),
  },
  {
    name: "fit-large",
    title: "A million values",
    alone: true,
    get state(): LognormalFitState {
      return explorer({ gradients: map(normal(key(8), [1024, 1024]), (z) => exp(2 * z)) });
    },
  },
  { name: "fit-narrow", title: "Narrow: 340 pixels", state: explorer({ sigma: 1 }), width: 340 },
];

function microscope(changes: Partial<FormatMicroscopeState>): FormatMicroscopeState {
  return stateOf(formatMicroscopeSpec, changes);
}

const microscopeSamples: readonly Omit<Sample<FormatMicroscopeState>, "widget">[] = [
  { name: "micro", title: "Format microscope: float8_e4m3fn", state: microscope({ selected: 40 }) },
  { name: "micro-mx", title: "MXFP8: why 957 becomes 896", state: microscope({ format: "mxfp8_e4m3" }) },
  {
    name: "micro-nvfp4",
    title: "NVFP4 on weights",
    state: microscope({ format: "nvfp4", values: map(normal(key(21), [128, 64]), (z) => z / 50), selected: 700 }),
  },
  {
    name: "micro-bf16",
    title: "bfloat16, linear axis",
    state: microscope({ format: "bfloat16", values: normal(key(22), [3000]), axis: "linear", selected: 5 }),
  },
  {
    name: "micro-int4",
    title: "int4, scaled to the largest magnitude, linear axis",
    state: microscope({ format: "int4", scale: "absmax", values: normal(key(23), [40, 75]), axis: "linear" }),
  },
  {
    name: "micro-odd",
    title: "NaN, infinities and zeros",
    state: microscope({
      format: "float8_e5m2",
      overflow: "infinity-or-nan",
      values: from([0, -0, 1e-9, 70000, Number.NaN, Number.POSITIVE_INFINITY, 3.3, -448]),
      selected: 3,
    }),
  },
  {
    name: "micro-large",
    title: "A million values",
    alone: true,
    get state(): FormatMicroscopeState {
      return microscope({ values: map(normal(key(24), [1024, 1024]), (z) => z * exp(2 * z)), format: "mxfp4_e2m1" });
    },
  },
  { name: "micro-narrow", title: "Narrow: 340 pixels", state: microscope({ format: "mxfp8_e4m3" }), width: 340 },
];

/** A surface with two valleys. */
function valleys(): Tensor {
  const axis = arange(41, { start: -20, shape: [41] });
  const data = Float32Array.from({ length: 41 * 31 }, (_, i) => {
    const [x, y] = [(axis.data[i % 41] as number) / 10, Math.floor(i / 41) / 10 - 1.5];
    return (x * x - 1) ** 2 + y * y + 0.3 * x;
  });
  return { data, shape: [31, 41], dtype: "float32" };
}

const figureSamples: readonly Omit<Sample<FigureState>, "widget">[] = [
  {
    name: "figure",
    title: "Two lines",
    state: stateOf(figureSpec, {
      data: [
        { name: "train", y: Array.from({ length: 60 }, (_, i) => 1 / (1 + i / 8)) },
        { name: "test", y: Array.from({ length: 60 }, (_, i) => 1 / (1 + i / 9) + 0.1), mode: "lines+markers" },
      ],
      plotLayout: { title: { text: "Loss" }, xaxis: { title: { text: "epoch" } }, yaxis: { title: { text: "loss" } } },
    }),
  },
  {
    name: "figure-heatmap",
    title: "A heat map of a tensor, and its values as a histogram",
    state: stateOf(figureSpec, {
      data: [
        { type: "heatmap", z: normal(key(4), [48, 64]) },
        { type: "histogram", x: normal(key(4), [3072]), xaxis: "x2", yaxis: "y2" },
      ],
      plotLayout: {
        title: { text: "A layer" },
        xaxis: { domain: [0, 0.6] },
        xaxis2: { domain: [0.75, 1] },
        yaxis2: { anchor: "x2" },
      },
    }),
  },
  {
    name: "figure-surface",
    title: "A surface",
    state: stateOf(figureSpec, {
      data: [{ type: "surface", z: valleys() }],
      plotLayout: { title: { text: "Two valleys" }, height: 420 },
    }),
  },
  {
    name: "figure-saved",
    title: "Saved with fewer points",
    state: stateOf(figureSpec, {
      data: [{ name: "noise", y: normal(key(9), [400]), _preview: "400 of 1,000,000 points" }],
    }),
  },
  {
    name: "figure-narrow",
    title: "Narrow: 340 pixels",
    state: stateOf(figureSpec, { data: [{ y: [3, 1, 2] }] }),
    width: 340,
  },
];

function landscape(changes: Partial<LossLandscapeState>): LossLandscapeState {
  return stateOf(lossLandscapeSpec, changes);
}

/** A grid of heights of (column, row), each 0..1. */
function grid(rows: number, columns: number, height: (x: number, y: number) => number): Tensor {
  const z = arange(rows * columns, { dtype: "float64", shape: [rows, columns] });
  return map(z, (n) => height((n % columns) / (columns - 1), Math.floor(n / columns) / (rows - 1)));
}

const sharp = (x: number, y: number): number => 1 + 40 * ((x - 0.5) ** 2 + (y - 0.5) ** 2) + 2 * Math.sin(9 * x) ** 2;
const flat = (x: number, y: number): number => 1 + 9 * ((x - 0.5) ** 2 + (y - 0.5) ** 2);

const landscapeSamples: readonly Omit<Sample<LossLandscapeState>, "widget">[] = [
  { name: "landscape", title: "Loss landscape: a sample", state: landscape({}) },
  {
    name: "landscape-two",
    title: "Two grids, logarithmic",
    state: landscape({
      z: grid(41, 51, sharp),
      other: grid(41, 51, flat),
      title: "Sharp minimum",
      other_title: "Flat minimum",
      x_label: "direction 1 (filter-normalized)",
      y_label: "direction 2 (filter-normalized)",
      z_label: "cross-entropy (nats)",
      log: true,
    }),
  },
  {
    name: "landscape-gaps",
    title: "201 x 201 with gaps, contours alone",
    state: landscape({
      z: grid(201, 201, (x, y) =>
        Math.hypot(x - 0.7, y - 0.3) < 0.15 ? Number.NaN : Math.sin(7 * x) * Math.cos(6 * y),
      ),
      shown: "contour",
    }),
  },
  { name: "landscape-narrow", title: "Narrow: 340 pixels", state: landscape({}), width: 340 },
];

const expressionSamples: readonly Omit<Sample<ExpressionState>, "widget">[] = [
  ...presets.map(({ name: title, ...state }, i) => ({ name: `expression-${i}`, title, state })),
  {
    name: "expression-wrong",
    title: "A formula with a mistake",
    state: stateOf(expressionSpec, { formula: "2 x + * 3" }),
  },
  { name: "expression-narrow", title: "Narrow: 340 pixels", state: stateOf(expressionSpec, {}), width: 340 },
];

/** Adds the name of the widget, so that each getter of a large state stays one. */
function of<State extends object>(
  { name: widget }: WidgetSpec<State>,
  list: readonly Omit<Sample<State>, "widget">[],
): Sample[] {
  return list.map((sample) => Object.defineProperties({ widget }, Object.getOwnPropertyDescriptors(sample)) as Sample);
}

/** The states of every view. */
export const samples: readonly Sample[] = [
  ...of(maskSpec, maskSamples),
  ...of(lognormalFitSpec, fitSamples),
  ...of(formatMicroscopeSpec, microscopeSamples),
  ...of(figureSpec, figureSamples),
  ...of(lossLandscapeSpec, landscapeSamples),
  ...of(expressionSpec, expressionSamples),
];
