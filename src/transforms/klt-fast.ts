import { channelsKernels as module } from "../wasm/modules/channels.generated.js";
import { sweep } from "../wasm/sweep.js";
import type { Mix } from "./klt-channels.js";
import type { Slab } from "./slabs.js";

/** Pixels that the kernels lay out at a time. */
const pixelsAtOnce = 64;
const widthOf = (data: Slab["data"]): number => (data instanceof Float64Array ? 1 : 0);
const padded = (count: number): number => Math.ceil(count / 4) * 4;

/** Sums every channel of every block with the kernel, and returns whether it did. */
export function fastSums({ data, units, plane }: Slab, channels: number, out: Float64Array): boolean {
  return sweep({
    module,
    kernel: "sums",
    units,
    inputs: [{ data, per: channels * plane }],
    outputs: [{ data: out, per: channels }],
    params: [channels, plane, widthOf(data)],
    nanoseconds: channels * plane * 0.3,
  });
}

/** Multiplies channels with the kernel, [padded, padded] for every block, and returns whether it did. */
export function fastProducts({ data, units, plane }: Slab, mean: Float64Array, out: Float64Array): boolean {
  const channels = mean.length;
  const side = padded(channels);
  return sweep({
    module,
    kernel: "products",
    units,
    inputs: [{ data, per: channels * plane }],
    outputs: [{ data: out, per: side * side }],
    tables: [mean],
    work: 8 * pixelsAtOnce * side,
    params: [channels, plane, widthOf(data)],
    nanoseconds: side * side * plane * 0.08,
  });
}

/** Mixes channels with the kernel, and returns whether it did. */
export function fastMix(
  { data, units, plane }: Slab,
  from: number,
  mixture: Mix,
  out: Slab["data"],
  to: number,
): boolean {
  const [before, after] = [new Float64Array(from), new Float64Array(padded(to))];
  if (mixture.before !== undefined) before.set(mixture.before);
  if (mixture.after !== undefined) after.set(mixture.after);
  return sweep({
    module,
    kernel: "mix",
    units,
    inputs: [{ data, per: from * plane }],
    outputs: [{ data: out, per: to * plane }],
    tables: [panelsOf(mixture, from, to), before, after],
    work: 8 * (pixelsAtOnce * from + 16),
    params: [from, to, plane, widthOf(data), widthOf(out)],
    nanoseconds: from * to * plane * 0.2,
  });
}

/** Returns the weights in panels of 4 results, each channel by channel; the last is filled up with zeros. */
function panelsOf({ weight }: Mix, from: number, to: number): Float64Array {
  const panels = new Float64Array(padded(to) * from);
  for (let k = 0; k < to; k++) {
    for (let c = 0; c < from; c++) panels[(k - (k % 4)) * from + 4 * c + (k % 4)] = weight(k, c);
  }
  return panels;
}
