// Transposable masks of float32 weights in square blocks of any even side: the optimum by minimum-cost flow, and the two
// greedy methods. Each does step by step what the plain solvers in src/sparsity do, in float64 where they do. A byte per
// block in `flags` is 1 where a weight is NaN or infinite: such a block is left to the plain solver.
import { infinityBits, magnitudeBits } from "./_simd";

// Where the parts of the working memory begin, set for each call; a thread has an instance of its own, and so its own
// values of these. Nodes 0..g-1 are columns, the others rows.
let g: i32 = 0;
let k: i32 = 0;
/** Bytes of a row of float64 values or of masks. */
let line: usize = 0;
let magnitudes: usize = 0;
/** The same, column by column. */
let magnitudesT: usize = 0;
/** 64-bit masks: -1 where the mask keeps. */
let kept: usize = 0;
let keptT: usize = 0;
let rowPrices: usize = 0;
let columnPrices: usize = 0;
let distances: usize = 0;
/** The distance of a node that is not settled yet, infinity of one that is. */
let open: usize = 0;
/** 64-bit masks: -1 where a node is settled. */
let settled: usize = 0;
/** As 64-bit integers. */
let parents: usize = 0;
let counts: usize = 0;

function layOut(group: i32, keep: i32, work: usize): void {
  g = group;
  k = keep;
  line = <usize>group << 3;
  const square = line * group;
  magnitudes = work;
  magnitudesT = magnitudes + square;
  kept = magnitudesT + square;
  keptT = kept + square;
  rowPrices = keptT + square;
  columnPrices = rowPrices + line;
  distances = columnPrices + line;
  open = distances + 2 * line;
  settled = open + 2 * line;
  parents = settled + 2 * line;
  counts = parents + 2 * line;
}

/** The optimum of each block in rows of blocks, `columns` weights wide. @param work (4 group + 11) group * 8 bytes */
export function flow(
  rows: i32,
  first: f64,
  from: usize,
  to: usize,
  flags: usize,
  work: usize,
  columns: i32,
  keep: i32,
  group: i32,
): i32 {
  layOut(group, keep, work);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column += group, flags++) {
      const block = from + (<usize>column << 2);
      const finite = readBlock(block, columns);
      store<u8>(flags, u8(!finite));
      if (!finite) continue;
      for (let excess = startByRows(); excess > 0; excess--) {
        const target = findPath();
        raisePrices(target);
        followPath(target);
      }
      writeBlock(to + column, columns);
    }
    from += <usize>(columns * group) << 2;
    to += columns * group;
  }
  return 0;
}

/** Takes the magnitudes in, by row and by column; returns whether all are finite. */
function readBlock(from: usize, columns: i32): bool {
  let finite = true;
  for (let i = 0; i < g; i++) {
    const row = magnitudes + <usize>i * line;
    const column = magnitudesT + (<usize>i << 3);
    for (let j = 0; j < g; j++) {
      const bits = load<i32>(from + (<usize>j << 2)) & magnitudeBits;
      finite = finite && bits < infinityBits;
      const value = <f64>reinterpret<f32>(bits);
      store<f64>(row + (<usize>j << 3), value);
      store<f64>(column + <usize>j * line, value);
    }
    from += <usize>columns << 2;
  }
  return finite;
}

function writeBlock(to: usize, columns: i32): void {
  for (let i = 0; i < g; i++, to += columns) {
    const row = kept + <usize>i * line;
    for (let j = 0; j < g; j++) store<u8>(to + j, u8(load<i64>(row + (<usize>j << 3)) & 1));
  }
}

/** Keeps the best of each row, of equals the first; returns how many entries are in columns that have too many. */
function startByRows(): i32 {
  memory.fill(kept, 0, 2 * line * g);
  memory.fill(columnPrices, 0, line);
  memory.fill(counts, 0, line);
  for (let i = 0; i < g; i++) {
    const row = magnitudes + <usize>i * line;
    for (let j = 0; j < g; j++) {
      const value = load<f64>(row + (<usize>j << 3));
      const rank = rankOf(row, j, value);
      if (rank == max(0, k - 1)) store<f64>(rowPrices + (<usize>i << 3), value);
      if (rank >= k) continue;
      setKept(i, j, -1);
      const count = counts + (<usize>j << 3);
      store<i64>(count, load<i64>(count) + 1);
    }
  }
  let excess: i64 = 0;
  for (let j = 0; j < g; j++) excess += max<i64>(0, load<i64>(counts + (<usize>j << 3)) - k);
  return i32(excess);
}

/** How many of a row are ahead of value j: larger, or equal and before it. */
@inline
function rankOf(row: usize, j: i32, value: f64): i32 {
  const all = f64x2.splat(value);
  let ranks = i64x2.splat(0);
  let at = 0;
  for (; at + 2 <= j; at += 2) ranks = i64x2.sub(ranks, f64x2.ge(v128.load(row + (<usize>at << 3)), all));
  if (at < j) {
    const pair = v128.load(row + (<usize>at << 3));
    // The first of the two is before j, the second is j itself.
    ranks = i64x2.sub(ranks, i64x2.replace_lane(f64x2.ge(pair, all), 1, 0));
    at += 2;
  }
  for (; at < g; at += 2) ranks = i64x2.sub(ranks, f64x2.gt(v128.load(row + (<usize>at << 3)), all));
  return i32(i64x2.extract_lane(ranks, 0) + i64x2.extract_lane(ranks, 1));
}

function setKept(i: i32, j: i32, mask: i64): void {
  store<i64>(kept + <usize>i * line + (<usize>j << 3), mask);
  store<i64>(keptT + <usize>j * line + (<usize>i << 3), mask);
}

/** Finds the cheapest chain from any overfull column (Dijkstra); returns the column short of entries where it ends. */
function findPath(): i32 {
  for (let node = 0; node < 2 * g; node++) {
    const at = <usize>node << 3;
    const start = node < g && load<i64>(counts + at) > k;
    store<f64>(distances + at, start ? 0 : Infinity);
    store<f64>(open + at, start ? 0 : Infinity);
    store<i64>(settled + at, 0);
    store<i64>(parents + at, -1);
  }
  let node = nearest();
  while (node >= g || load<i64>(counts + (<usize>node << 3)) >= k) {
    const at = <usize>node << 3;
    store<i64>(settled + at, -1);
    store<f64>(open + at, Infinity);
    if (node < g) relaxColumn(node);
    else relaxRow(node - g);
    node = nearest();
  }
  return node;
}

/** The first of the open nodes with the least distance. */
function nearest(): i32 {
  let least = v128.load(open);
  for (let at: usize = 16; at < 2 * line; at += 16) least = f64x2.pmin(least, v128.load(open + at));
  least = f64x2.pmin(least, v128.shuffle<i64>(least, least, 1, 0));
  for (let at: usize = 0; at < 2 * line; at += 16) {
    const equal = i64x2.bitmask(f64x2.eq(v128.load(open + at), least));
    if (equal) return i32(at >> 3) + i32(equal == 2);
  }
  return 0;
}

/** From a column to each row that keeps an entry there: giving that entry up costs its reduced value. */
function relaxColumn(j: i32): void {
  const distance = f64x2.splat(load<f64>(distances + (<usize>j << 3)));
  const price = f64x2.splat(load<f64>(columnPrices + (<usize>j << 3)));
  const values = magnitudesT + <usize>j * line;
  const mask = keptT + <usize>j * line;
  for (let at: usize = 0; at < line; at += 16) {
    const reduced = f64x2.sub(f64x2.sub(v128.load(values + at), v128.load(rowPrices + at)), price);
    const length = f64x2.pmax(reduced, f64x2.splat(0));
    const free = v128.andnot(v128.load(mask + at), v128.load(settled + line + at));
    reach(line + at, f64x2.add(distance, length), free, j);
  }
}

/** From a row to each column where it keeps nothing yet: taking that entry instead costs minus its reduced value. */
function relaxRow(i: i32): void {
  const distance = f64x2.splat(load<f64>(distances + line + (<usize>i << 3)));
  const price = f64x2.splat(load<f64>(rowPrices + (<usize>i << 3)));
  const values = magnitudes + <usize>i * line;
  const mask = kept + <usize>i * line;
  for (let at: usize = 0; at < line; at += 16) {
    const reduced = f64x2.sub(f64x2.add(price, v128.load(columnPrices + at)), v128.load(values + at));
    const length = f64x2.pmax(reduced, f64x2.splat(0));
    const free = v128.not(v128.or(v128.load(mask + at), v128.load(settled + at)));
    reach(at, f64x2.add(distance, length), free, g + i);
  }
}

/** Two nodes from `at` on are reached from `parent` where that is free and nearer. */
@inline
function reach(at: usize, distance: v128, free: v128, parent: i32): void {
  const before = v128.load(distances + at);
  const nearer = v128.and(free, f64x2.lt(distance, before));
  if (!v128.any_true(nearer)) return;
  const after = v128.bitselect(distance, before, nearer);
  v128.store(distances + at, after);
  v128.store(open + at, v128.bitselect(distance, v128.load(open + at), nearer));
  v128.store(parents + at, v128.bitselect(i64x2.splat(parent), v128.load(parents + at), nearer));
}

/** Moves the prices by the distances found, so that the whole chain has reduced value 0. */
function raisePrices(target: i32): void {
  const far = load<f64>(distances + (<usize>target << 3));
  for (let i = 0; i < g; i++) {
    const at = <usize>i << 3;
    if (load<i64>(settled + at)) {
      store<f64>(columnPrices + at, load<f64>(columnPrices + at) + (far - load<f64>(distances + at)));
    }
    if (load<i64>(settled + line + at)) {
      store<f64>(rowPrices + at, load<f64>(rowPrices + at) - (far - load<f64>(distances + line + at)));
    }
  }
}

/** Hands the entries on along the chain, from its end to the overfull column where it began. */
function followPath(target: i32): void {
  addCount(target, 1);
  let column = target;
  for (let row = parentOf(column); row >= 0; row = parentOf(column)) {
    setKept(row - g, column, -1);
    column = parentOf(row);
    setKept(row - g, column, 0);
  }
  addCount(column, -1);
}

function parentOf(node: i32): i32 {
  return i32(load<i64>(parents + (<usize>node << 3)));
}

function addCount(column: i32, step: i32): void {
  const at = counts + (<usize>column << 3);
  store<i64>(at, load<i64>(at) + step);
}

/**
 * The greedy methods. `least` 0: heaviest first, kept while row and column have room for `keep`; 1: lightest first, pruned
 * while row or column lack zeros. @param work 3 * 8 * group² bytes
 */
export function greedy(
  rows: i32,
  first: f64,
  from: usize,
  to: usize,
  flags: usize,
  work: usize,
  columns: i32,
  keep: i32,
  group: i32,
  least: i32,
): i32 {
  const size = group * group;
  const room = least ? group - keep : keep;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column += group, flags++) {
      const block = from + (<usize>column << 2);
      const nan = readKeys(block, columns, work, group);
      store<u8>(flags, u8(nan));
      if (nan) continue;
      const sorted = sortKeys(work, work + (<usize>size << 3), size);
      choose(sorted, to + column, columns, work + (<usize>size << 4), room, group, least);
    }
    from += <usize>(columns * group) << 2;
    to += columns * group;
  }
  return 0;
}

/** Keys that sort as magnitudes do, largest first, of equals the lower place: the place stands in the lower 12 bits. */
function readKeys(from: usize, columns: i32, keys: usize, group: i32): bool {
  let nan = false;
  for (let i = 0, place = 0; i < group; i++, from += <usize>columns << 2) {
    for (let j = 0; j < group; j++, place++) {
      const bits = load<i32>(from + (<usize>j << 2)) & magnitudeBits;
      nan = nan || bits > infinityBits;
      store<i64>(keys + (<usize>place << 3), (<i64>(magnitudeBits - bits) << 12) | place);
    }
  }
  return nan;
}

/** Sorts keys, smallest first, and returns where they lie: runs of 8 by insertion, then merged to and fro. */
function sortKeys(keys: usize, other: usize, count: i32): usize {
  const end = keys + (<usize>count << 3);
  for (let start = keys; start < end; start += 64) insertionSort(start, min(start + 64, end));
  for (let width: usize = 64; width < <usize>count << 3; width <<= 1) {
    for (let at: usize = 0; at < <usize>count << 3; at += 2 * width) {
      const whole = <usize>count << 3;
      merge(keys + at, keys + min(at + width, whole), keys + min(at + 2 * width, whole), other + at);
    }
    const before = keys;
    keys = other;
    other = before;
  }
  return keys;
}

function insertionSort(start: usize, end: usize): void {
  for (let at = start + 8; at < end; at += 8) {
    const key = load<i64>(at);
    let to = at;
    for (; to > start && load<i64>(to - 8) > key; to -= 8) store<i64>(to, load<i64>(to - 8));
    store<i64>(to, key);
  }
}

/** Merges without branches on the keys, which would be mispredicted half of the time. */
function merge(left: usize, middle: usize, end: usize, to: usize): void {
  let right = middle;
  while (left < middle && right < end) {
    const a = load<i64>(left);
    const b = load<i64>(right);
    const takeLeft = <usize>(a < b);
    store<i64>(to, takeLeft ? a : b);
    left += takeLeft << 3;
    right += (1 - takeLeft) << 3;
    to += 8;
  }
  memory.copy(to, left, middle - left);
  memory.copy(to + (middle - left), right, end - right);
}

/** Goes through the places in order. @param lines room for a count per row and column */
function choose(sorted: usize, to: usize, columns: i32, lines: usize, room: i32, group: i32, least: i32): void {
  const size = group * group;
  memory.fill(lines, 0, <usize>group << 3);
  for (let rank = 0; rank < size; rank++) {
    const place = i32(load<i64>(sorted + (<usize>(least ? size - 1 - rank : rank) << 3)) & 4095);
    const row = place / group;
    const column = place - row * group;
    const rowCount = lines + (<usize>row << 2);
    const columnCount = lines + (<usize>(group + column) << 2);
    const inRow = load<i32>(rowCount);
    const inColumn = load<i32>(columnCount);
    const take = least ? i32(inRow < room) | i32(inColumn < room) : i32(inRow < room) & i32(inColumn < room);
    store<i32>(rowCount, inRow + take);
    store<i32>(columnCount, inColumn + take);
    store<u8>(to + row * columns + column, u8(take ^ least));
  }
}
