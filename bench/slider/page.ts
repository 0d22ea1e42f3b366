/** The page of bench/slider.ts: a slider whose every step computes a million values anew and draws what comes out. */
import { float8_e4m3fn, floatFormat, round } from "../../src/dtypes/index.js";
import { chooseQparams, fakeQuantize, intSymmetric } from "../../src/quantization/index.js";
import { key, normal } from "../../src/random/index.js";
import { nmMask, transposableMask } from "../../src/sparsity/index.js";
import type { Mask, Tensor } from "../../src/tensor/index.js";
import * as tensor from "../../src/tensor/index.js";
import * as wasm from "../../src/wasm/index.js";

const side = 1024;
const bins = 256;
const reach = 4;

const weights = normal(key(2026), [side, side]);
const result = tensor.empty([side, side]);
const kept = tensor.empty([side, side], "bool");

/** What the slider's place, 0..99, sets; each gives values to be drawn. */
const updates: Readonly<Record<string, (place: number) => Tensor>> = {
  "INT4 fake quantization, the clip": (place) => {
    const qparams = chooseQparams(weights, { convention: intSymmetric(4), clip: 1 + place / 40 });
    return fakeQuantize(weights, qparams, { out: result });
  },
  "float8_e4m3fn rounding, the scale": (place) => {
    const scale = 2 ** (place / 25 - 9);
    const { data } = result;
    for (let i = 0; i < data.length; i++) data[i] = (weights.data[i] as number) * scale;
    round(float8_e4m3fn, result, { out: result });
    for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) / scale;
    return result;
  },
  "any float format, exponent and mantissa bits": (place) => {
    const format = floatFormat({ exponent: 2 + (place % 5), mantissa: 1 + (place % 3) });
    return round(format, weights, { out: result });
  },
  "4:8 mask, how many stay": (place) => masked(nmMask(weights, { keep: 1 + (place % 7), group: 8, out: kept })),
  "2:4 transposable mask, a threshold for the weights": (place) => {
    const { data } = result;
    for (let i = 0; i < data.length; i++) {
      const value = weights.data[i] as number;
      data[i] = Math.abs(value) < place / 50 ? value / 16 : value;
    }
    return masked(transposableMask(result, { out: kept }));
  },
};

function masked(mask: Mask): Tensor {
  const { data } = result;
  for (let i = 0; i < data.length; i++) data[i] = (weights.data[i] as number) * (mask.data[i] as number);
  return result;
}

const canvas = document.createElement("canvas");
const slider = document.createElement("input");
Object.assign(canvas, { width: bins * 2, height: 200 });
Object.assign(slider, { type: "range", min: "0", max: "99", value: "0" });
document.body.append(slider, canvas);

/** Counts the values in bins and draws these. */
function draw({ data }: Tensor): number {
  const counts = new Uint32Array(bins);
  for (let i = 0; i < data.length; i++) {
    const bin = Math.floor((((data[i] as number) + reach) * bins) / (2 * reach));
    const at = bin < 0 ? 0 : bin >= bins ? bins - 1 : bin;
    counts[at] = (counts[at] as number) + 1;
  }
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.clearRect(0, 0, canvas.width, canvas.height);
  const most = Math.max(...counts);
  for (let bin = 0; bin < bins; bin++) {
    const height = (200 * (counts[bin] as number)) / most;
    context.fillRect(2 * bin, 200 - height, 2, height);
  }
  return counts.reduce((sum, count, bin) => sum + count * bin, 0);
}

/** What a drag of the slider came to. */
export interface SliderDrag {
  /** Milliseconds from a step of the slider to its picture. */
  readonly work: readonly number[];
  /** Milliseconds from frame to frame. */
  readonly intervals: readonly number[];
  /** What was drawn, condensed. */
  readonly value: number;
}

/** The names of what can be dragged. */
export const names: readonly string[] = Object.keys(updates);

/** Moves the slider a step in every frame, there and back. */
export function drag(name: string, enabled: boolean, steps: number): Promise<SliderDrag> {
  const update = updates[name] as (place: number) => Tensor;
  if (wasm.configure({ enabled, threads: 1 }).enabled !== enabled) throw new Error("no WebAssembly in this page");
  const work: number[] = [];
  const intervals: number[] = [];
  let value = 0;
  slider.oninput = () => {
    const start = performance.now();
    value += draw(update(slider.valueAsNumber));
    work.push(performance.now() - start);
  };
  return new Promise((resolve) => {
    let [step, last] = [0, 0];
    const next = (time: number): void => {
      if (step > 0) intervals.push(time - last);
      last = time;
      if (step === steps) {
        resolve({ work, intervals, value });
        return;
      }
      slider.value = String(Math.round(99 * (1 - Math.abs(1 - (2 * step) / steps))));
      slider.dispatchEvent(new Event("input"));
      step++;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}
