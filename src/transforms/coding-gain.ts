import { ValueError } from "../errors.js";
import { exp } from "../math/exp.js";
import { log } from "../math/log.js";
import { checkFinite } from "../stats/checked.js";
import type { Tensor } from "../tensor/types.js";
import { checkFloat, type Float } from "./lines.js";

/**
 * Returns the coding gain of variances: their mean over their geometric mean, >= 1. At a high rate, coding components
 * with these variances saves ½ log2 of it in bits per value. A variance of 0 gives Infinity.
 * @param variances float32 or float64, any shape, each finite and >= 0, at least one above 0
 * @throws DtypeError for an integer dtype; ValueError for an empty tensor, or variances that are not as said
 * @see Jayant and Noll 1984, Digital Coding of Waveforms: G = (Σλ / n) / (Πλ)^(1/n)
 * @example codingGain(tensor.from([1.9, 0.1])) // 2.2942
 */
export function codingGain(variances: Tensor<Float>): number {
  checkFloat("codingGain", variances);
  checkFinite("codingGain", variances);
  const { data } = variances;
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    if ((data[i] as number) < 0)
      throw new ValueError(`codingGain: variance ${data[i]} at position ${i}, expected >= 0`);
    largest = Math.max(largest, data[i] as number);
  }
  if (largest === 0) throw new ValueError("codingGain: only zeros, expected a variance above 0");
  let sum = 0;
  let logs = 0;
  for (let i = 0; i < data.length; i++) {
    sum += (data[i] as number) / largest;
    logs += log(largest) - log(data[i] as number);
  }
  return (sum / data.length) * exp(logs / data.length);
}
