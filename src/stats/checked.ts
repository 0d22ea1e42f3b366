import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";

/** Throws a ValueError unless there is at least one value and all are finite. */
export function checkFinite(caller: string, { data }: Tensor): void {
  if (data.length === 0) throw new ValueError(`${caller}: an empty tensor, expected at least one value`);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      throw new ValueError(`${caller}: value ${data[i]} at position ${i}, expected finite values`);
    }
  }
}
