/** N:M and transposable masks. */
import * as random from "../../src/random/index.js";
import { keptMagnitude, nmMask, transposableMask } from "../../src/sparsity/index.js";
import type { Mask, Tensor } from "../../src/tensor/index.js";
import * as tensor from "../../src/tensor/index.js";
import type { CoreGroup, CoreKernel, Shelf } from "../lib/core.js";

export const masks: CoreGroup = {
  name: "masks",
  inputs: () => {
    const weights = random.normal(random.key(2021), [4096, 4096]);
    return { weights, part: { ...weights, data: weights.data.slice(0, 512 * 512), shape: [512, 512] } };
  },
  kernels: ({ weights, part }) => {
    const whole = weights as Tensor;
    const small = part as Tensor;
    const bytes = whole.data.length * 5;
    const nm = (keep: number, group: number, peers: readonly string[]): CoreKernel => ({
      ...{ name: `${keep}:${group} mask`, size: "4096×4096", bytes, peers, tolerance: 1e-9, threads: [2] },
      prepare: masked(whole, (values, out) => nmMask(values, { keep, group, out })),
    });
    return [
      nm(2, 4, ["numpy argpartition", "numpy compare", "torch topk", "torch compare", "numba"]),
      nm(4, 8, ["numpy argpartition", "torch topk", "numba"]),
      transposable("transposable 2:4 mask, optimum", whole, "exact", 2, ["numpy", "torch", "numba"]),
      {
        ...transposable("transposable 4:8 mask, greedy", small, "greedy-keep", 4, ["numpy", "numba"]),
        bytes: undefined,
      },
      {
        ...transposable("transposable 4:8 mask, optimum", small, "exact", 4, ["HiGHS", "OR-Tools"]),
        bytes: undefined,
        rounds: 5,
      },
    ];
  },
};

type Method = "exact" | "greedy-keep";

function transposable(
  name: string,
  weights: Tensor,
  method: Method,
  keep: number,
  peers: readonly string[],
): CoreKernel {
  const group = 2 * keep;
  return {
    name,
    size: weights.shape.join("×"),
    bytes: weights.data.length * 5,
    peers,
    tolerance: 1e-7,
    threads: [2],
    prepare: masked(weights, (values, out) => transposableMask(values, { keep, group, method, out })),
  };
}

/** Masks are compared by what they keep and how many: of equal weights a peer may choose another. */
function masked(weights: Tensor, compute: (weights: Tensor, out: Mask) => Mask): CoreKernel["prepare"] {
  return (shelf: Shelf) => {
    const given = shelf.put(weights);
    const out = shelf.room(weights.shape, "bool");
    return { run: () => compute(given, out), values: (mask) => kept(weights, mask as Mask) };
  };
}

function kept(weights: Tensor, mask: Mask): readonly number[] {
  return [keptMagnitude(weights, mask), tensor.sum(mask)];
}
