/**
 * A large mask as it is drawn: a strength per weight, a bit per weight, and a pyramid of averages for the distance.
 * Pure, so that the worker, the page and tests share it.
 */

/** One level of the pyramid: each cell stands for 2^n x 2^n weights, n being its place in the list, from 1. */
export interface Level {
  /** Where it lies in the atlas, in cells. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A mask with its weights, ready to be drawn. */
export interface MaskMap {
  readonly rows: number;
  readonly columns: number;
  /** |w| of each weight from 0 to 255, row-major; 255 is `scale` and above. */
  readonly strengths: Uint8Array;
  /** A bit per weight, `words` 32-bit words per row, lowest bit first: 1 is kept. */
  readonly bits: Uint32Array;
  readonly words: number;
  /** All levels beside each other, four bytes per cell: share kept, mean strength of kept and of pruned, nothing. */
  readonly atlas: Uint8Array;
  readonly atlasWidth: number;
  readonly atlasHeight: number;
  readonly levels: readonly Level[];
}

/** A part of a matrix: weights, counted from the top left. */
export interface Region {
  readonly row: number;
  readonly column: number;
  readonly height: number;
  readonly width: number;
}

/** Returns the levels of a rows x columns matrix, down to a single cell: the first on the left, the others beside it. */
export function planLevels(rows: number, columns: number): Level[] {
  const levels: Level[] = [];
  let [width, height] = [columns, rows];
  let y = 0;
  while (width > 1 || height > 1) {
    width = Math.ceil(width / 2);
    height = Math.ceil(height / 2);
    const first = levels[0];
    levels.push({ x: first === undefined ? 0 : first.width, y: first === undefined ? 0 : y, width, height });
    if (first !== undefined) y += height;
  }
  return levels;
}

/** Returns a map of a matrix in which nothing is kept and every strength is 0. */
export function createMap(rows: number, columns: number): MaskMap {
  const levels = planLevels(rows, columns);
  const atlasWidth = Math.max(1, ...levels.map(({ x, width }) => x + width));
  const atlasHeight = Math.max(1, ...levels.map(({ y, height }) => y + height));
  const words = Math.ceil(columns / 32);
  return {
    rows,
    columns,
    words,
    levels,
    atlasWidth,
    atlasHeight,
    strengths: new Uint8Array(rows * columns),
    bits: new Uint32Array(rows * words),
    atlas: new Uint8Array(4 * atlasWidth * atlasHeight),
  };
}

/** Writes the strengths of consecutive weights; `first` is the place of the first of them in the matrix. */
export function putStrengths(map: MaskMap, first: number, weights: ArrayLike<number>, scale: number): void {
  const factor = scale > 0 ? 255 / scale : 0;
  for (let i = 0; i < weights.length; i++) {
    map.strengths[first + i] = Math.min(255, Math.round(Math.abs(weights[i] as number) * factor));
  }
}

/** Writes a mask of zeros and ones into a region of the map. */
export function putBits({ bits, words }: MaskMap, mask: ArrayLike<number>, region: Region): void {
  for (let i = 0, at = 0; i < region.height; i++) {
    const start = (region.row + i) * words;
    for (let column = region.column; column < region.column + region.width; column++, at++) {
      const word = start + (column >>> 5);
      const bit = 1 << (column & 31);
      bits[word] = mask[at] === 1 ? (bits[word] as number) | bit : (bits[word] as number) & ~bit;
    }
  }
}

/** Whether a weight is kept. */
export function isKept({ bits, words }: MaskMap, row: number, column: number): boolean {
  return (((bits[row * words + (column >>> 5)] as number) >>> (column & 31)) & 1) === 1;
}

/** Up to this level cells are averaged from weights, above from the cells of the level before. */
const lastFromWeights = 3;

/**
 * Averages the cells above a region anew, level by level; yields after every few rows how many levels are done.
 * A cell's colour is share * colour(mean of kept) + (1 - share) * colour(mean of pruned), and as colours are linear in
 * strength that is the mean colour of its weights: a picture made smaller without aliasing.
 */
export function* average(map: MaskMap, region: Region): Generator<number, void> {
  for (const [i, level] of map.levels.entries()) {
    const n = i + 1;
    const last = (start: number, length: number, side: number): number => Math.min(side - 1, (start + length - 1) >> n);
    const bottom = last(region.row, region.height, level.height);
    const right = last(region.column, region.width, level.width);
    const left = region.column >> n;
    for (let y = region.row >> n; y <= bottom; y++) {
      if (n <= lastFromWeights) averageWeights(map, n, y, left, right);
      else averageCells(map, n, y, left, right);
      if (y % 16 === 0) yield i / map.levels.length;
    }
  }
}

/** One row of cells of level n, from the weights. */
function averageWeights(map: MaskMap, n: number, y: number, left: number, right: number): void {
  const { rows, columns, strengths, bits, words, atlas, atlasWidth } = map;
  const level = map.levels[n - 1] as Level;
  const bottom = Math.min(rows, (y + 1) << n);
  for (let x = left; x <= right; x++) {
    const end = Math.min(columns, (x + 1) << n);
    let kept = 0;
    let keptSum = 0;
    let sum = 0;
    for (let row = y << n; row < bottom; row++) {
      for (let column = x << n; column < end; column++) {
        const strength = strengths[row * columns + column] as number;
        const bit = ((bits[row * words + (column >>> 5)] as number) >>> (column & 31)) & 1;
        sum += strength;
        kept += bit;
        keptSum += bit * strength;
      }
    }
    const size = (bottom - (y << n)) * (end - (x << n));
    const at = 4 * ((level.y + y) * atlasWidth + level.x + x);
    putCell(atlas, at, kept / size, kept > 0 ? keptSum / kept : 0, kept < size ? (sum - keptSum) / (size - kept) : 0);
  }
}

/** One row of cells of level n, from the up to four cells of the level before that each covers. */
function averageCells(map: MaskMap, n: number, y: number, left: number, right: number): void {
  const { rows, columns, atlas, atlasWidth } = map;
  const level = map.levels[n - 1] as Level;
  const before = map.levels[n - 2] as Level;
  const covered = (cell: number, side: number): number => Math.min(side, (cell + 1) << (n - 1)) - (cell << (n - 1));
  for (let x = left; x <= right; x++) {
    let [size, kept, keptSum, prunedSum] = [0, 0, 0, 0];
    for (let v = 2 * y; v < Math.min(before.height, 2 * y + 2); v++) {
      for (let u = 2 * x; u < Math.min(before.width, 2 * x + 2); u++) {
        const at = 4 * ((before.y + v) * atlasWidth + before.x + u);
        const weights = covered(u, columns) * covered(v, rows);
        const share = ((atlas[at] as number) / 255) * weights;
        size += weights;
        kept += share;
        keptSum += share * (atlas[at + 1] as number);
        prunedSum += (weights - share) * (atlas[at + 2] as number);
      }
    }
    const at = 4 * ((level.y + y) * atlasWidth + level.x + x);
    putCell(atlas, at, kept / size, kept > 0 ? keptSum / kept : 0, kept < size ? prunedSum / (size - kept) : 0);
  }
}

function putCell(atlas: Uint8Array, at: number, share: number, kept: number, pruned: number): void {
  atlas[at] = Math.round(255 * share);
  atlas[at + 1] = Math.round(kept);
  atlas[at + 2] = Math.round(pruned);
}

/** Runs steps to their end. */
export function finish<Output>(steps: Generator<number, Output>): Output {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Returns the share kept and the mean strengths of kept and of pruned of the cell over a weight; level 0 is the weight. */
export function cellAt(map: MaskMap, level: number, row: number, column: number): [number, number, number] {
  const place = map.levels[level - 1];
  if (place === undefined) {
    const strength = map.strengths[row * map.columns + column] as number;
    return isKept(map, row, column) ? [1, strength, 0] : [0, 0, strength];
  }
  const at = 4 * ((place.y + (row >> level)) * map.atlasWidth + place.x + (column >> level));
  return [(map.atlas[at] as number) / 255, map.atlas[at + 1] as number, map.atlas[at + 2] as number];
}

/** Returns a region made larger to whole blocks. */
export function aligned({ row, column, height, width }: Region, group: number): Region {
  const top = row - (row % group);
  const left = column - (column % group);
  const up = (length: number): number => Math.ceil(length / group) * group;
  return { row: top, column: left, height: up(row + height - top), width: up(column + width - left) };
}
