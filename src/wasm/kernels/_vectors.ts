// Vectors and reflections in float64. Products of two vectors add up terms at even and at odd places and then the two sums,
// as src/linalg/dot.ts does.

/** Turns a row into the vector of a reflection onto its last place; returns what is there then. */
export function mirror(u: usize, length: i32): f64 {
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

@inline
export function sumOf(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

export function dot(a: usize, b: usize, length: i32): f64 {
  let sums = f64x2.splat(0);
  const pairs = <usize>(length & ~1) << 3;
  for (let t: usize = 0; t < pairs; t += 16) sums = f64x2.add(sums, f64x2.mul(v128.load(a + t), v128.load(b + t)));
  if (length & 1) sums = f64x2.add(sums, f64x2.mul(v128.load_zero<f64>(a + pairs), v128.load_zero<f64>(b + pairs)));
  return sumOf(sums);
}

/** Eight rows less their products with u times u. What is behind an odd length is 0 in u, and stays in the rows. */
export function reflectEight(row0: usize, line: usize, u: usize, length: usize): void {
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

/** As {@link reflectEight}, one row. */
export function reflectOne(row: usize, u: usize, length: usize): void {
  const s = f64x2.splat(dot(row, u, <i32>(length >> 3)));
  for (let t: usize = 0; t < length; t += 16) {
    v128.store(row + t, f64x2.sub(v128.load(row + t), f64x2.mul(s, v128.load(u + t))));
  }
}

/** A -= u (uᵀ A) for the leading part of A, `length` bytes of each row. */
export function reflectColumns(a: usize, line: usize, u: usize, rows: i32, length: usize, s: usize): void {
  memory.fill(s, 0, length + 8);
  let r: usize = 0;
  for (; r + 4 <= <usize>rows; r += 4) addFour(a + r * line, line, u + (r << 3), length, s);
  for (; r < <usize>rows; r++) {
    const x = v128.load_splat<f64>(u + (r << 3));
    const row = a + r * line;
    for (let t: usize = 0; t < length; t += 16) {
      v128.store(s + t, f64x2.add(v128.load(s + t), f64x2.mul(x, v128.load(row + t))));
    }
  }
  for (r = 0; r < <usize>rows; r++) {
    const x = v128.load_splat<f64>(u + (r << 3));
    const row = a + r * line;
    for (let t: usize = 0; t < length; t += 16) {
      v128.store(row + t, f64x2.sub(v128.load(row + t), f64x2.mul(x, v128.load(s + t))));
    }
  }
}

function addFour(row: usize, line: usize, u: usize, length: usize, s: usize): void {
  const row1 = row + line;
  const row2 = row1 + line;
  const row3 = row2 + line;
  const x0 = v128.load_splat<f64>(u);
  const x1 = v128.load_splat<f64>(u, 8);
  const x2 = v128.load_splat<f64>(u, 16);
  const x3 = v128.load_splat<f64>(u, 24);
  for (let t: usize = 0; t < length; t += 16) {
    let sum = f64x2.add(v128.load(s + t), f64x2.mul(x0, v128.load(row + t)));
    sum = f64x2.add(sum, f64x2.mul(x1, v128.load(row1 + t)));
    sum = f64x2.add(sum, f64x2.mul(x2, v128.load(row2 + t)));
    v128.store(s + t, f64x2.add(sum, f64x2.mul(x3, v128.load(row3 + t))));
  }
}

/** Each of the leading rows of A less its product with v times v, `length` bytes of it. */
export function reflectRows(a: usize, line: usize, rows: i32, v: usize, length: usize): void {
  let r = 0;
  for (; r + 8 <= rows; r += 8) reflectEight(a + <usize>r * line, line, v, length);
  for (; r < rows; r++) reflectOne(a + <usize>r * line, v, length);
}
