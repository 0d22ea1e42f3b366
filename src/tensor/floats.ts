import { DtypeError } from "../errors.js";
import type { Tensor } from "./types.js";

/** The two dtypes of functions that compute with real numbers and give back what they were given. */
export type Float = "float32" | "float64";

/** Throws a DtypeError unless the tensor is float32 or float64. */
export function checkFloat(caller: string, { dtype }: Tensor): void {
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DtypeError(`${caller}: dtype ${String(dtype)}, expected float32 or float64`);
  }
}
