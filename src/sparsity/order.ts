/** Runs of this length are sorted by insertion before they are merged. */
const runLength = 16;

/** Fills `order` with the places of `values[start..start + order.length)`, counted from `start`, largest value first. */
export type Sorter = (values: Float64Array, order: Uint32Array, start?: number) => void;

/**
 * Returns a function that sorts `count` places by their values, the largest first. Equal values keep their order,
 * so the one with the lower index counts as the larger: this is the tie rule of every mask in this room.
 * The function owns its scratch memory; sorting allocates nothing.
 */
export function createSorter(count: number): Sorter {
  const scratch = new Uint32Array(count);
  return (values, order, start = 0) => {
    for (let from = 0; from < count; from += runLength) {
      insertionSort(values, start, order, from, Math.min(from + runLength, count));
    }
    for (let width = runLength; width < count; width *= 2) {
      scratch.set(order);
      for (let from = 0; from < count; from += 2 * width) {
        merge(values, start, scratch, order, from, Math.min(from + width, count), Math.min(from + 2 * width, count));
      }
    }
  };
}

function insertionSort(values: Float64Array, start: number, order: Uint32Array, from: number, end: number): void {
  for (let i = from; i < end; i++) {
    const value = values[start + i] as number;
    let at = i;
    while (at > from && (values[start + (order[at - 1] as number)] as number) < value) {
      order[at] = order[at - 1] as number;
      at--;
    }
    order[at] = i;
  }
}

function merge(
  values: Float64Array,
  start: number,
  from: Uint32Array,
  to: Uint32Array,
  first: number,
  middle: number,
  end: number,
): void {
  let left = first;
  let right = middle;
  for (let at = first; at < end; at++) {
    const takeLeft =
      left < middle &&
      (right >= end ||
        (values[start + (from[left] as number)] as number) >= (values[start + (from[right] as number)] as number));
    to[at] = (takeLeft ? from[left++] : from[right++]) as number;
  }
}
