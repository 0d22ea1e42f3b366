/** Runs of this length are sorted by insertion before they are merged. */
const runLength = 16;

/**
 * Returns a function that fills `order` with 0..count-1, the largest value first. Equal values keep their order,
 * so the one with the lower index counts as the larger: this is the tie rule of every mask in this room.
 * The function owns its scratch memory; sorting allocates nothing.
 */
export function createSorter(count: number): (values: Float64Array, order: Uint32Array) => void {
  const scratch = new Uint32Array(count);
  return (values, order) => {
    for (let start = 0; start < count; start += runLength) {
      insertionSort(values, order, start, Math.min(start + runLength, count));
    }
    for (let width = runLength; width < count; width *= 2) {
      scratch.set(order);
      for (let start = 0; start < count; start += 2 * width) {
        const middle = Math.min(start + width, count);
        merge(values, scratch, order, start, middle, Math.min(start + 2 * width, count));
      }
    }
  };
}

function insertionSort(values: Float64Array, order: Uint32Array, start: number, end: number): void {
  for (let i = start; i < end; i++) {
    const value = values[i] as number;
    let at = i;
    while (at > start && (values[order[at - 1] as number] as number) < value) {
      order[at] = order[at - 1] as number;
      at--;
    }
    order[at] = i;
  }
}

function merge(
  values: Float64Array,
  from: Uint32Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takeLeft =
      left < middle &&
      (right >= end || (values[from[left] as number] as number) >= (values[from[right] as number] as number));
    to[at] = (takeLeft ? from[left++] : from[right++]) as number;
  }
}
