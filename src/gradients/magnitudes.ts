import { ValueError } from "../errors.js";
import { checkFinite } from "../stats/checked.js";
import type { Tensor } from "../tensor/types.js";

/** What the fits need of a tensor. */
export interface Magnitudes {
  /** |g| of the values that are not zero, in their order; shape [count]. */
  readonly magnitudes: Tensor<"float64">;
  /** Share of values that are exactly zero, 0..1. */
  readonly zeros: number;
}

/** Returns the magnitudes that are not zero. @throws ValueError when there is none, or a value is not finite */
export function magnitudesOf(caller: string, gradients: Tensor): Magnitudes {
  checkFinite(caller, gradients);
  const { data } = gradients;
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) count++;
  if (count === 0)
    throw new ValueError(`${caller}: ${data.length} zeros, expected at least one value that is not zero`);
  const found = new Float64Array(count);
  for (let i = 0, at = 0; i < data.length; i++) if (data[i] !== 0) found[at++] = Math.abs(data[i] as number);
  return { magnitudes: { data: found, shape: [count], dtype: "float64" }, zeros: 1 - count / data.length };
}
