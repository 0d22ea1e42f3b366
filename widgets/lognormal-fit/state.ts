/** The contract of the lognormal explorer: what its kernel half and its view agree on. */
import { from, isTensor, type NestedArray, type Tensor } from "../../src/tensor/index.js";
import type { Trait, WidgetSpec } from "../lib/spec.js";
import { float, int, nullable, oneOf } from "../lib/traits.js";
import { type LawKind, lawKinds, maxSparsity } from "./compute.js";
import { decodeSampled, encodeSampled } from "./saved.js";

/** The values of a lognormal explorer. */
export interface LognormalFitState {
  /**
   * The gradient: float32 or float64, any shape, finite, at most 2^22 values, with at least two magnitudes other than
   * zero; null for a sample of 20,000 lognormal values.
   */
  gradients: Tensor | null;
  /** Standard deviation of ln|g| of the sample, 0.1..6; without effect on a gradient that is given. */
  sigma: number;
  /** Of the sample, and of the draws that prune: `random.key(seed)`. */
  seed: number;
  /** The share of zeros that is wanted after pruning, 0..0.99. */
  sparsity: number;
  /** The law by which the threshold is found for the sparsity. */
  law: LawKind;
  /** Bins of the histogram, 10..200. */
  bins: number;
  /** Bits of the float format, sign included, 3..8. */
  bits: number;
}

/** The largest gradient that is taken. */
export const maxValues: number = 2 ** 22;

function within(trait: Trait<number>, low: number, high: number): Trait<number> {
  return {
    ...trait,
    expects: `${trait.expects} ${low}..${high}`,
    accept: (value) => {
      const number = trait.accept(value);
      return number !== undefined && number >= low && number <= high ? number : undefined;
    },
  };
}

function acceptGradients(value: unknown): Tensor | undefined {
  const tensor = isTensor(value) ? value : Array.isArray(value) ? fromArrays(value) : undefined;
  if (tensor === undefined || tensor.data.length > maxValues) return undefined;
  let first = 0;
  let differs = false;
  for (let i = 0; i < tensor.data.length; i++) {
    const size = Math.abs(tensor.data[i] as number);
    if (!Number.isFinite(size)) return undefined;
    if (first === 0) first = size;
    else if (size !== first && size !== 0) differs = true;
  }
  if (!differs) return undefined;
  if (tensor.dtype === "float32" || tensor.dtype === "float64") return tensor;
  return { data: Float32Array.from(tensor.data), shape: tensor.shape, dtype: "float32" };
}

function fromArrays(value: unknown[]): Tensor | undefined {
  try {
    return from(value as NestedArray);
  } catch {
    return undefined;
  }
}

const gradients: Trait<Tensor | null> = nullable<Tensor>({
  expects: `a tensor of finite values, ${maxValues} at most, with two magnitudes other than zero at least`,
  initial: () => ({ data: Float32Array.of(1, 2), shape: [2], dtype: "float32" }),
  accept: acceptGradients,
  encode: encodeSampled,
  decode: decodeSampled,
});

/** Both halves use it: the kernel half to check and send, the view to read and write. */
export const lognormalFitSpec: WidgetSpec<LognormalFitState> = {
  name: "LognormalFit",
  model: { module: "lowbit", version: "^0.1.0", name: "LognormalFitModel" },
  view: { module: "lowbit", version: "^0.1.0", name: "LognormalFitView" },
  traits: {
    gradients: { ...gradients, echo: false },
    sigma: within(float(2), 0.1, 6),
    seed: within(int(1), 0, 2 ** 31),
    sparsity: within(float(0.85), 0, maxSparsity),
    law: oneOf<LawKind>(lawKinds, "lognormal"),
    bins: within(int(60), 10, 200),
    bits: within(int(8), 3, 8),
  },
};
