/** Finding values of a tensor by what they are in the unit of their scales. */
import type { Tensor } from "../../src/tensor/index.js";
import { lineLength } from "./compute-chunks.js";

/** How values are measured. */
export interface Measure {
  /** One scale for each block of `block` neighbours, row by row; or one for all. */
  readonly scales: ArrayLike<number>;
  readonly block: number;
  /** Whether the sign does not count. */
  readonly folded: boolean;
}

/** Calls `visit` with every value that is finite, in the unit of its scale. */
function forEachValue(
  values: Tensor,
  { scales, block, folded }: Measure,
  visit: (u: number, at: number) => void,
): void {
  const { data } = values;
  const line = lineLength(values);
  const one = scales.length === 1;
  let index = 0;
  for (let row = 0; row < data.length; row += line) {
    for (let first = 0; first < line; first += one ? line : block, index++) {
      const scale = scales[one ? 0 : index] as number;
      const end = row + Math.min(line, one ? line : first + block);
      for (let i = row + first; i < end; i++) {
        const u = (data[i] as number) / scale;
        if (u - u === 0) visit(folded && u < 0 ? -u : u, i);
      }
    }
  }
}

/** Returns the place of the value nearest to `u`; of several the first. 0 where no value is finite. */
export function nearestPlace(values: Tensor, u: number, measure: Measure): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  forEachValue(values, measure, (own, at) => {
    const distance = own > u ? own - u : u - own;
    if (distance < least) {
      best = at;
      least = distance;
    }
  });
  return best;
}

/** Returns the place of the next larger value, or smaller with -1; equal ones by their place. The same at the end. */
export function nextPlace(values: Tensor, place: number, direction: 1 | -1, measure: Measure): number {
  let from = Number.NaN;
  forEachValue(values, measure, (own, at) => {
    if (at === place) from = own;
  });
  if (Number.isNaN(from)) return nearestPlace(values, 0, measure);
  let [best, next] = [place, direction * Number.POSITIVE_INFINITY];
  forEachValue(values, measure, (own, at) => {
    const ahead = direction * (own - from);
    if (!(ahead > 0 || (ahead === 0 && direction * (at - place) > 0))) return;
    const closer = direction * (next - own);
    // Values of the same size come in the order of their places.
    if (closer > 0 || (closer === 0 && direction < 0 && at > best)) {
      best = at;
      next = own;
    }
  });
  return best;
}

/** Returns the place of the largest value, or the smallest with -1; of several the first. */
export function endPlace(values: Tensor, direction: 1 | -1, measure: Measure): number {
  let [best, most] = [0, Number.NEGATIVE_INFINITY];
  forEachValue(values, measure, (own, at) => {
    if (direction * own > most) {
      best = at;
      most = direction * own;
    }
  });
  return best;
}
