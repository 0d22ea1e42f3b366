/** Slow and obvious: what the sparsity tests compare with. Nothing here imports the library's masks. */

/** Every row of `size` bits with `ones` ones, as arrays of 0 and 1. */
export function rowsWith(size: number, ones: number): number[][] {
  return Array.from({ length: 2 ** size }, (_, code) =>
    Array.from({ length: size }, (_, bit) => (code >> bit) & 1),
  ).filter((row) => row.reduce((a, b) => a + b, 0) === ones);
}

/** Every size x size 0/1 matrix whose rows and columns all sum to `ones`, flattened. */
export function transposableMasks(size: number, ones: number): number[][] {
  const rows = rowsWith(size, ones);
  let partial: number[][][] = [[]];
  for (let i = 0; i < size; i++) {
    partial = partial
      .flatMap((mask) => rows.map((row) => [...mask, row]))
      .filter((mask) => columnSums(mask, size).every((s) => s <= ones));
  }
  return partial.map((mask) => mask.flat());
}

function columnSums(mask: number[][], size: number): number[] {
  return Array.from({ length: size }, (_, j) => mask.reduce((sum, row) => sum + (row[j] as number), 0));
}

/** The largest sum of magnitudes that any of the masks keeps. */
export function bestKept(weights: ArrayLike<number>, masks: readonly number[][]): number {
  return Math.max(...masks.map((mask) => mask.reduce((sum, bit, i) => sum + bit * Math.abs(weights[i] as number), 0)));
}

/** The sum of magnitudes that a mask keeps. */
export function kept(weights: ArrayLike<number>, mask: ArrayLike<number>): number {
  return Array.from(weights).reduce((sum, w, i) => sum + Math.abs(w) * (mask[i] as number), 0);
}

/** One block of a row-major matrix, flattened. */
export function block(data: ArrayLike<number>, columns: number, size: number, row: number, column: number): number[] {
  const values: number[] = [];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) values.push(data[(row * size + i) * columns + column * size + j] as number);
  }
  return values;
}

/** The sums of each row and of each column of a square block. */
export function lineSums(values: readonly number[], size: number): { rows: number[]; columns: number[] } {
  const rows = new Array<number>(size).fill(0);
  const columns = new Array<number>(size).fill(0);
  values.forEach((value, at) => {
    rows[Math.floor(at / size)] = (rows[Math.floor(at / size)] as number) + value;
    columns[at % size] = (columns[at % size] as number) + value;
  });
  return { rows, columns };
}
