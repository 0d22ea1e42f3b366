import type { Mask, Tensor } from "../tensor/types.js";
import { nmMaskKernels as module } from "../wasm/modules/nm-mask.generated.js";
import { type Sweep, sweep } from "../wasm/sweep.js";

/** Longer groups are ranked faster by sorting than by comparing each pair. */
const longestGroup = 32;

/** Where the groups of a mask lie: `stride` values from place to place within a group. */
export interface Groups {
  readonly keep: number;
  readonly group: number;
  readonly stride: number;
}

/** Writes the N:M mask of float32 weights with the kernels, and returns whether it did; it does not when one is NaN. */
export function fastNmMask(weights: Tensor, { keep, group, stride }: Groups, mask: Mask["data"]): boolean {
  const { data } = weights;
  if (!(data instanceof Float32Array) || group > longestGroup || (stride > 1 && stride < 4)) return false;
  const per = group * stride;
  const plan = kernelFor(keep, group, stride);
  return sweep({
    module,
    units: data.length / per,
    inputs: [{ data, per }],
    outputs: [{ data: mask, per }],
    nanoseconds: per,
    ...plan,
  });
}

function kernelFor(keep: number, group: number, stride: number): Pick<Sweep, "kernel" | "params" | "grain" | "work"> {
  const work = 32 * group;
  if (stride > 1) return { kernel: "nmAcross", work, params: [keep, group, stride] };
  if (group === 4) return { kernel: "nm4", grain: 4, params: [keep] };
  if (group === 8) return { kernel: "nm8", grain: 4, params: [keep] };
  return { kernel: "nmAny", grain: 4, work, params: [keep, group] };
}
