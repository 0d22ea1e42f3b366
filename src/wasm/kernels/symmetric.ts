// Steps of decompositions in float64: reflections and rotations of rows. Products of two vectors add up terms at even and
// at odd places and then the two sums, as src/linalg/dot.ts does; everything else is element by element.

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

/** Turns a row into the vector of a reflection onto its last place; returns what is there then. */
function mirror(u: usize, length: i32): f64 {
  const last = u + (<usize>(length - 1) << 3);
  const end = u + (<usize>length << 3);
  let largest: f64 = 0;
  for (let at = u; at < last; at += 8) largest = max(largest, abs(load<f64>(at)));
  const kept = load<f64>(last);
  if (largest == 0) {
    store<f64>(last, 0);
    return kept;
  }
  const exponent = reinterpret<u64>(max(largest, abs(kept))) >> 52;
  const scale = reinterpret<f64>(min(max(exponent, 1), 2045) << 52);
  const inverse = 1 / scale;
  for (let at = u; at < end; at += 8) store<f64>(at, load<f64>(at) * inverse);
  const squares = dot(u, u, length);
  const was = load<f64>(last);
  const root = sqrt(squares);
  const onto = was < 0 ? root : -root;
  store<f64>(last, was - onto);
  const size = f64x2.splat(sqrt(squares - was * onto));
  // What is behind an odd length is 0, and stays.
  for (let at = u; at < end; at += 16) v128.store(at, f64x2.div(v128.load(at), size));
  return onto * scale;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function sumOf(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

function dot(a: usize, b: usize, length: i32): f64 {
  let sums = f64x2.splat(0);
  const pairs = <usize>(length & ~1) << 3;
  for (let t: usize = 0; t < pairs; t += 16) sums = f64x2.add(sums, f64x2.mul(v128.load(a + t), v128.load(b + t)));
  if (length & 1) sums = f64x2.add(sums, f64x2.mul(v128.load_zero<f64>(a + pairs), v128.load_zero<f64>(b + pairs)));
  return sumOf(sums);
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
    for (let i = row + 1; i <= count; i++) reflectEight(to, line, mirrors + <usize>i * line, <usize>(offset + i) << 3);
  }
  return 0;
}

/** Eight rows less their products with u times u. What is behind an odd length is 0 in u, and stays in the rows. */
function reflectEight(row0: usize, line: usize, u: usize, length: usize): void {
  const row1 = row0 + line;
  const row2 = row1 + line;
  const row3 = row2 + line;
  const row4 = row3 + line;
  const row5 = row4 + line;
  const row6 = row5 + line;
  const row7 = row6 + line;
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  for (let t: usize = 0; t < length; t += 16) {
    const ut = v128.load(u + t);
    s0 = f64x2.add(s0, f64x2.mul(v128.load(row0 + t), ut));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(row1 + t), ut));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(row2 + t), ut));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(row3 + t), ut));
    s4 = f64x2.add(s4, f64x2.mul(v128.load(row4 + t), ut));
    s5 = f64x2.add(s5, f64x2.mul(v128.load(row5 + t), ut));
    s6 = f64x2.add(s6, f64x2.mul(v128.load(row6 + t), ut));
    s7 = f64x2.add(s7, f64x2.mul(v128.load(row7 + t), ut));
  }
  s0 = f64x2.splat(sumOf(s0));
  s1 = f64x2.splat(sumOf(s1));
  s2 = f64x2.splat(sumOf(s2));
  s3 = f64x2.splat(sumOf(s3));
  s4 = f64x2.splat(sumOf(s4));
  s5 = f64x2.splat(sumOf(s5));
  s6 = f64x2.splat(sumOf(s6));
  s7 = f64x2.splat(sumOf(s7));
  for (let t: usize = 0; t < length; t += 16) {
    const ut = v128.load(u + t);
    v128.store(row0 + t, f64x2.sub(v128.load(row0 + t), f64x2.mul(s0, ut)));
    v128.store(row1 + t, f64x2.sub(v128.load(row1 + t), f64x2.mul(s1, ut)));
    v128.store(row2 + t, f64x2.sub(v128.load(row2 + t), f64x2.mul(s2, ut)));
    v128.store(row3 + t, f64x2.sub(v128.load(row3 + t), f64x2.mul(s3, ut)));
    v128.store(row4 + t, f64x2.sub(v128.load(row4 + t), f64x2.mul(s4, ut)));
    v128.store(row5 + t, f64x2.sub(v128.load(row5 + t), f64x2.mul(s5, ut)));
    v128.store(row6 + t, f64x2.sub(v128.load(row6 + t), f64x2.mul(s6, ut)));
    v128.store(row7 + t, f64x2.sub(v128.load(row7 + t), f64x2.mul(s7, ut)));
  }
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
