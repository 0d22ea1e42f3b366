// Steps of decompositions in float64, element by element but for products of vectors: src/linalg/dot.ts has their order.
import { dot, mirror, reflectColumns, reflectEight, reflectRows, sumOf } from "./_vectors";

/**
 * Reduces a symmetric matrix to tridiagonal form, as src/linalg/tridiagonal.ts does. @param lower, start what is below
 * the diagonal, and the diagonal @param to the vectors of the reflections @param p room for a row
 */
export function tridiagonal(
  units: i32, first: f64, lower: usize, start: usize, to: usize, d: usize, beside: usize, p: usize, n: i32, stride: i32,
): i32 {
  const line = <usize>stride << 3;
  memory.copy(to, lower, <usize>n * line);
  memory.copy(d, start, <usize>n << 3);
  memory.fill(p, 0, line);
  store<f64>(beside, 0);
  for (let i = n - 1; i > 0; i--) {
    const u = to + <usize>i * line;
    store<f64>(beside + (<usize>i << 3), mirror(u, i));
    if (load<f64>(u + (<usize>(i - 1) << 3)) == 0) continue;
    multiply(to, d, line, u, i, p);
    subtractScaled(p, dot(u, p, i) / 2, u, i);
    subtractPair(to, d, line, u, p, i);
  }
  return 0;
}

/** p -= factor u */
function subtractScaled(p: usize, factor: f64, u: usize, length: i32): void {
  const factors = f64x2.splat(factor);
  const end = <usize>length << 3;
  for (let t: usize = 0; t < end; t += 16) {
    v128.store(p + t, f64x2.sub(v128.load(p + t), f64x2.mul(factors, v128.load(u + t))));
  }
}

/** p = A u for the leading part of A, four rows of its lower half at a time. */
function multiply(a: usize, d: usize, line: usize, u: usize, i: i32, p: usize): void {
  let j = 0;
  for (; j + 4 <= i; j += 4) multiplyFour(a + <usize>j * line, d + (<usize>j << 3), line, u, <usize>j << 3, p);
  for (; j < i; j++) multiplyRow(a + <usize>j * line, load<f64>(d + (<usize>j << 3)), u, j, p);
}

function multiplyRow(row: usize, onDiagonal: f64, u: usize, j: i32, p: usize): void {
  const at = <usize>j << 3;
  const x = load<f64>(u + at);
  store<f64>(p + at, dot(row, u, j) + onDiagonal * x);
  for (let t: usize = 0; t < at; t += 8) store<f64>(p + t, load<f64>(p + t) + x * load<f64>(row + t));
}

/** Rows j .. j + 3, j a multiple of 4 and `at` eight times that. */
function multiplyFour(row: usize, d: usize, line: usize, u: usize, at: usize, p: usize): void {
  const row1 = row + line;
  const row2 = row1 + line;
  const row3 = row2 + line;
  const x0 = load<f64>(u + at);
  const x1 = load<f64>(u + at, 8);
  const x2 = load<f64>(u + at, 16);
  const x3 = load<f64>(u + at, 24);
  const y0 = f64x2.splat(x0);
  const y1 = f64x2.splat(x1);
  const y2 = f64x2.splat(x2);
  const y3 = f64x2.splat(x3);
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let t: usize = 0; t < at; t += 16) {
    const ut = v128.load(u + t);
    let pt = v128.load(p + t);
    let a = v128.load(row + t);
    s0 = f64x2.add(s0, f64x2.mul(a, ut));
    pt = f64x2.add(pt, f64x2.mul(y0, a));
    a = v128.load(row1 + t);
    s1 = f64x2.add(s1, f64x2.mul(a, ut));
    pt = f64x2.add(pt, f64x2.mul(y1, a));
    a = v128.load(row2 + t);
    s2 = f64x2.add(s2, f64x2.mul(a, ut));
    pt = f64x2.add(pt, f64x2.mul(y2, a));
    a = v128.load(row3 + t);
    s3 = f64x2.add(s3, f64x2.mul(a, ut));
    pt = f64x2.add(pt, f64x2.mul(y3, a));
    v128.store(p + t, pt);
  }
  const a10 = load<f64>(row1 + at);
  const a20 = load<f64>(row2 + at);
  const a21 = load<f64>(row2 + at, 8);
  const a30 = load<f64>(row3 + at);
  const a31 = load<f64>(row3 + at, 8);
  const a32 = load<f64>(row3 + at, 16);
  const even1 = f64x2.extract_lane(s1, 0) + a10 * x0;
  const even2 = f64x2.extract_lane(s2, 0) + a20 * x0;
  const odd2 = f64x2.extract_lane(s2, 1) + a21 * x1;
  const even3 = f64x2.extract_lane(s3, 0) + a30 * x0 + a32 * x2;
  const odd3 = f64x2.extract_lane(s3, 1) + a31 * x1;
  const p0 = sumOf(s0) + load<f64>(d) * x0;
  const p1 = even1 + f64x2.extract_lane(s1, 1) + load<f64>(d, 8) * x1;
  const p2 = even2 + odd2 + load<f64>(d, 16) * x2;
  const p3 = even3 + odd3 + load<f64>(d, 24) * x3;
  store<f64>(p + at, p0 + x1 * a10 + x2 * a20 + x3 * a30);
  store<f64>(p + at, p1 + x2 * a21 + x3 * a31, 8);
  store<f64>(p + at, p2 + x3 * a32, 16);
  store<f64>(p + at, p3, 24);
}

/** A -= u wᵀ + w uᵀ for the leading part of A, four rows of its lower half at a time. */
function subtractPair(a: usize, d: usize, line: usize, u: usize, w: usize, i: i32): void {
  let j = 0;
  for (; j + 4 <= i; j += 4) {
    const at = <usize>j << 3;
    const row = a + <usize>j * line;
    subtractFour(row, line, u, w, at);
    for (let r: usize = 1; r < 4; r++) subtractSingly(row + r * line, u, w, at, at + (r << 3));
  }
  for (; j < i; j++) subtractSingly(a + <usize>j * line, u, w, 0, <usize>j << 3);
  for (let t: usize = 0; t < <usize>i << 3; t += 8) {
    store<f64>(d + t, load<f64>(d + t) - 2 * (load<f64>(u + t) * load<f64>(w + t)));
  }
}

/** What is in a row, the one that ends at `end`, from `from` on. */
function subtractSingly(row: usize, u: usize, w: usize, from: usize, end: usize): void {
  const x = load<f64>(u + end);
  const y = load<f64>(w + end);
  for (let t = from; t < end; t += 8) {
    store<f64>(row + t, load<f64>(row + t) - (x * load<f64>(w + t) + y * load<f64>(u + t)));
  }
}

function subtractFour(row: usize, line: usize, u: usize, w: usize, at: usize): void {
  const row1 = row + line;
  const row2 = row1 + line;
  const row3 = row2 + line;
  const x0 = v128.load_splat<f64>(u + at);
  const x1 = v128.load_splat<f64>(u + at, 8);
  const x2 = v128.load_splat<f64>(u + at, 16);
  const x3 = v128.load_splat<f64>(u + at, 24);
  const y0 = v128.load_splat<f64>(w + at);
  const y1 = v128.load_splat<f64>(w + at, 8);
  const y2 = v128.load_splat<f64>(w + at, 16);
  const y3 = v128.load_splat<f64>(w + at, 24);
  for (let t: usize = 0; t < at; t += 16) {
    const ut = v128.load(u + t);
    const wt = v128.load(w + t);
    v128.store(row + t, f64x2.sub(v128.load(row + t), f64x2.add(f64x2.mul(x0, wt), f64x2.mul(y0, ut))));
    v128.store(row1 + t, f64x2.sub(v128.load(row1 + t), f64x2.add(f64x2.mul(x1, wt), f64x2.mul(y1, ut))));
    v128.store(row2 + t, f64x2.sub(v128.load(row2 + t), f64x2.add(f64x2.mul(x2, wt), f64x2.mul(y2, ut))));
    v128.store(row3 + t, f64x2.sub(v128.load(row3 + t), f64x2.add(f64x2.mul(x3, wt), f64x2.mul(y3, ut))));
  }
}

/**
 * Reduces a matrix of at least as many rows as columns to lower bidiagonal form, as src/linalg/bidiagonal.ts does.
 * @param a spoilt @param lefts, rights the vectors of the reflections @param s room for a row @param line, lineLeft bytes
 * from row to row of a and rights, and of lefts
 */
export function bidiagonal(
  units: i32, first: f64, a: usize, lefts: usize, rights: usize, d: usize, beside: usize, s: usize,
  rows: i32, columns: i32, line: usize, lineLeft: usize,
): i32 {
  memory.fill(lefts, 0, <usize>(columns + 1) * lineLeft);
  memory.fill(rights, 0, <usize>columns * line);
  memory.fill(beside, 0, <usize>columns << 3);
  for (let j = columns - 1; j >= 0; j--) {
    const high = rows - columns + j + 1;
    const at = <usize>j << 3;
    const u = lefts + <usize>(j + 1) * lineLeft;
    for (let r: usize = 0; r < <usize>high; r++) store<f64>(u + (r << 3), load<f64>(a + r * line + at));
    store<f64>(d + at, mirror(u, high));
    if (j == 0) break;
    if (load<f64>(u + (<usize>(high - 1) << 3)) != 0) reflectColumns(a, line, u, high, at, s);
    const v = rights + <usize>j * line;
    memory.copy(v, a + <usize>(high - 1) * line, at);
    store<f64>(beside + at, mirror(v, j));
    if (load<f64>(v + at - 8) != 0) reflectRows(a, line, high - 1, v, at);
  }
  return 0;
}

/**
 * Reduces a matrix to lower triangular form from its last column and row upward, as src/linalg/triangular.ts does.
 * @param to the rows, each without its last element @param d these @param s room for a row @param line, lineLeft bytes
 * from row to row of the matrix, and of the vectors of the reflections
 */
export function triangular(
  units: i32, first: f64, a: usize, to: usize, mirrors: usize, d: usize, s: usize,
  rows: i32, columns: i32, line: usize, lineLeft: usize,
): i32 {
  const count = min(rows, columns);
  memory.copy(to, a, <usize>rows * line);
  memory.fill(mirrors, 0, <usize>(count + 1) * lineLeft);
  for (let i = count; i > 0; i--) {
    const high = rows - count + i;
    const at = <usize>(columns - count + i - 1) << 3;
    const u = mirrors + <usize>i * lineLeft;
    for (let r: usize = 0; r < <usize>high; r++) store<f64>(u + (r << 3), load<f64>(to + r * line + at));
    store<f64>(d + (<usize>(i - 1) << 3), mirror(u, high));
    if (load<f64>(u + (<usize>(high - 1) << 3)) != 0) reflectColumns(to, line, u, high, at, s);
  }
  return 0;
}

/**
 * Rows of a product of reflections, eight to a unit, as src/linalg/reflect.ts makes them: row r begins as the unit vector
 * `offset` + r. @param mirrors row i begins with the `offset` + i numbers of the vector of reflection i, 1 .. count
 */
export function reflect(
  units: i32, first: f64, to: usize, mirrors: usize, rows: i32, count: i32, offset: i32, stride: i32,
): i32 {
  const line = <usize>stride << 3;
  memory.fill(to, 0, (<usize>units * line) << 3);
  for (let unit = 0; unit < units; unit++, to += line << 3) {
    const row = (<i32>first + unit) << 3;
    for (let r = 0; r < min(8, rows - row); r++) store<f64>(to + <usize>r * line + (<usize>(offset + row + r) << 3), 1);
    for (let i = row + 1; i <= count; i++) {
      const u = mirrors + <usize>i * line;
      const length = <usize>(offset + i) << 3;
      // One whose vector is zeros leaves all as it is.
      if (load<f64>(u + length - 8) != 0) reflectEight(to, line, u, length);
    }
  }
  return 0;
}

/**
 * Chains of plane rotations of the rows of panels, [rows, 8], as src/linalg/rotations.ts does them. @param pairs cosine
 * and sine of each @param spans row, step and number of rotations of each chain
 */
export function rotate(
  units: i32, first: f64, panel: usize, to: usize, pairs: usize, spans: usize, rows: i32, chains: i32,
): i32 {
  const bytes = <usize>rows << 6;
  memory.copy(to, panel, <usize>units * bytes);
  for (let unit = 0; unit < units; unit++, to += bytes) {
    let at = pairs;
    for (let chain = 0; chain < chains; chain++) {
      const span = spans + <usize>(12 * chain);
      const length = load<i32>(span, 8);
      rotateChain(to + (<usize>load<i32>(span) << 6), <usize>(load<i32>(span, 4) << 6), at, length);
      at += <usize>length << 4;
    }
  }
  return 0;
}

/** The row where the chain stands stays in registers until the next one takes its place. */
function rotateChain(row: usize, step: usize, at: usize, length: i32): void {
  let x0 = v128.load(row);
  let x1 = v128.load(row, 16);
  let x2 = v128.load(row, 32);
  let x3 = v128.load(row, 48);
  for (const end = at + (<usize>length << 4); at < end; at += 16) {
    const c = v128.load_splat<f64>(at);
    const s = v128.load_splat<f64>(at, 8);
    const next = row + step;
    const y0 = v128.load(next);
    const y1 = v128.load(next, 16);
    const y2 = v128.load(next, 32);
    const y3 = v128.load(next, 48);
    v128.store(row, f64x2.add(f64x2.mul(s, y0), f64x2.mul(c, x0)));
    v128.store(row, f64x2.add(f64x2.mul(s, y1), f64x2.mul(c, x1)), 16);
    v128.store(row, f64x2.add(f64x2.mul(s, y2), f64x2.mul(c, x2)), 32);
    v128.store(row, f64x2.add(f64x2.mul(s, y3), f64x2.mul(c, x3)), 48);
    x0 = f64x2.sub(f64x2.mul(c, y0), f64x2.mul(s, x0));
    x1 = f64x2.sub(f64x2.mul(c, y1), f64x2.mul(s, x1));
    x2 = f64x2.sub(f64x2.mul(c, y2), f64x2.mul(s, x2));
    x3 = f64x2.sub(f64x2.mul(c, y3), f64x2.mul(s, x3));
    row = next;
  }
  v128.store(row, x0);
  v128.store(row, x1, 16);
  v128.store(row, x2, 32);
  v128.store(row, x3, 48);
}
