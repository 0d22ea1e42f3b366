// One level of wavelets. Sums are float64 in the order of plain code, filter tap by filter tap, and are rounded once, when
// they are stored; Haar of images alone is float32 throughout. A sum begins with 0, or has 0 added in the end, which is the
// same: it only turns -0 into 0.

@inline
function halved(values: v128): v128 {
  return f32x4.mul(values, f32x4.splat(0.5));
}

@inline
function cleared(values: v128): v128 {
  return f32x4.add(values, f32x4.splat(0));
}

/** Two rows become one of each quarter; each 2×2 block is read once. `columns` is even. */
export function haarSplit(
  pairs: i32, first: f64, from: usize, approximation: usize, horizontal: usize, vertical: usize, diagonal: usize,
  columns: i32,
): i32 {
  const row = <usize>columns << 2;
  for (let pair = 0; pair < pairs; pair++, from += row) {
    let left = columns;
    for (; left >= 8; left -= 8, from += 32) {
      const x0 = halved(v128.load(from));
      const x1 = halved(v128.load(from, 16));
      const y0 = halved(v128.load(from + row));
      const y1 = halved(v128.load(from + row, 16));
      const low0 = f32x4.add(x0, y0);
      const low1 = f32x4.add(x1, y1);
      const high0 = f32x4.sub(x0, y0);
      const high1 = f32x4.sub(x1, y1);
      const lowEven = v128.shuffle<f32>(low0, low1, 0, 2, 4, 6);
      const lowOdd = v128.shuffle<f32>(low0, low1, 1, 3, 5, 7);
      const highEven = v128.shuffle<f32>(high0, high1, 0, 2, 4, 6);
      const highOdd = v128.shuffle<f32>(high0, high1, 1, 3, 5, 7);
      v128.store(approximation, cleared(f32x4.add(lowEven, lowOdd)));
      v128.store(horizontal, cleared(f32x4.add(highEven, highOdd)));
      v128.store(vertical, cleared(f32x4.sub(lowEven, lowOdd)));
      v128.store(diagonal, cleared(f32x4.sub(highEven, highOdd)));
      approximation += 16;
      horizontal += 16;
      vertical += 16;
      diagonal += 16;
    }
    for (; left > 0; left -= 2, from += 8) {
      const x0: f32 = load<f32>(from) * 0.5;
      const x1: f32 = load<f32>(from, 4) * 0.5;
      const y0: f32 = load<f32>(from + row) * 0.5;
      const y1: f32 = load<f32>(from + row, 4) * 0.5;
      store<f32>(approximation, x0 + y0 + (x1 + y1) + 0);
      store<f32>(horizontal, x0 - y0 + (x1 - y1) + 0);
      store<f32>(vertical, x0 + y0 - (x1 + y1) + 0);
      store<f32>(diagonal, x0 - y0 - (x1 - y1) + 0);
      approximation += 4;
      horizontal += 4;
      vertical += 4;
      diagonal += 4;
    }
  }
  return 0;
}

/** One row of each quarter becomes two rows. `columns` of a quarter. */
export function haarJoin(
  rows: i32, first: f64, approximation: usize, horizontal: usize, vertical: usize, diagonal: usize, to: usize,
  columns: i32,
): i32 {
  const row = <usize>columns << 3;
  for (let r = 0; r < rows; r++, to += row) {
    let left = columns;
    for (; left >= 4; left -= 4, to += 32) {
      const a = halved(v128.load(approximation));
      const h = halved(v128.load(horizontal));
      const v = halved(v128.load(vertical));
      const d = halved(v128.load(diagonal));
      const lowEven = f32x4.add(a, v);
      const lowOdd = f32x4.sub(a, v);
      const highEven = f32x4.add(h, d);
      const highOdd = f32x4.sub(h, d);
      const xEven = cleared(f32x4.add(lowEven, highEven));
      const xOdd = cleared(f32x4.add(lowOdd, highOdd));
      const yEven = cleared(f32x4.sub(lowEven, highEven));
      const yOdd = cleared(f32x4.sub(lowOdd, highOdd));
      v128.store(to, v128.shuffle<f32>(xEven, xOdd, 0, 4, 1, 5));
      v128.store(to, v128.shuffle<f32>(xEven, xOdd, 2, 6, 3, 7), 16);
      v128.store(to + row, v128.shuffle<f32>(yEven, yOdd, 0, 4, 1, 5));
      v128.store(to + row, v128.shuffle<f32>(yEven, yOdd, 2, 6, 3, 7), 16);
      approximation += 16;
      horizontal += 16;
      vertical += 16;
      diagonal += 16;
    }
    for (; left > 0; left--, to += 8) {
      const a: f32 = load<f32>(approximation) * 0.5;
      const h: f32 = load<f32>(horizontal) * 0.5;
      const v: f32 = load<f32>(vertical) * 0.5;
      const d: f32 = load<f32>(diagonal) * 0.5;
      store<f32>(to, a + v + (h + d) + 0);
      store<f32>(to, a - v + (h - d) + 0, 4);
      store<f32>(to + row, a + v - (h + d) + 0);
      store<f32>(to + row, a - v - (h - d) + 0, 4);
      approximation += 4;
      horizontal += 4;
      vertical += 4;
      diagonal += 4;
    }
  }
  return 0;
}

/**
 * Fills `low` and `high` (f64) with `columns` sums of the rows that the offsets at `rows` name: the last offset belongs to
 * the first tap. `filters`: for each tap the low-pass coefficient and the high-pass one.
 */
@inline
function across(from: usize, rows: usize, columns: i32, taps: i32, filters: usize, low: usize, high: usize): void {
  const lastTap = filters + (<usize>taps << 4);
  const lastRow = rows + (<usize>(taps - 1) << 2);
  // The last eight columns may be computed twice.
  for (let start = 0; start < columns && columns >= 8; start += 8) {
    const c = <usize>min(start, columns - 8);
    let low0 = f64x2.splat(0);
    let low1 = low0;
    let low2 = low0;
    let low3 = low0;
    let high0 = low0;
    let high1 = low0;
    let high2 = low0;
    let high3 = low0;
    for (let tap = filters, row = lastRow; tap < lastTap; tap += 16, row -= 4) {
      const at = from + (c << 2) + <usize>load<i32>(row);
      const f = v128.load64_splat(tap);
      const g = v128.load64_splat(tap, 8);
      const x0 = f64x2.promote_low_f32x4(v128.load64_zero(at));
      low0 = f64x2.add(low0, f64x2.mul(f, x0));
      high0 = f64x2.add(high0, f64x2.mul(g, x0));
      const x1 = f64x2.promote_low_f32x4(v128.load64_zero(at, 8));
      low1 = f64x2.add(low1, f64x2.mul(f, x1));
      high1 = f64x2.add(high1, f64x2.mul(g, x1));
      const x2 = f64x2.promote_low_f32x4(v128.load64_zero(at, 16));
      low2 = f64x2.add(low2, f64x2.mul(f, x2));
      high2 = f64x2.add(high2, f64x2.mul(g, x2));
      const x3 = f64x2.promote_low_f32x4(v128.load64_zero(at, 24));
      low3 = f64x2.add(low3, f64x2.mul(f, x3));
      high3 = f64x2.add(high3, f64x2.mul(g, x3));
    }
    const lows = low + (c << 3);
    const highs = high + (c << 3);
    v128.store(lows, low0);
    v128.store(lows, low1, 16);
    v128.store(lows, low2, 32);
    v128.store(lows, low3, 48);
    v128.store(highs, high0);
    v128.store(highs, high1, 16);
    v128.store(highs, high2, 32);
    v128.store(highs, high3, 48);
  }
  for (let c = 0; c < columns && columns < 8; c++, from += 4, low += 8, high += 8) {
    let a: f64 = 0;
    let b: f64 = 0;
    for (let tap = filters, row = lastRow; tap < lastTap; tap += 16, row -= 4) {
      const x = <f64>load<f32>(from + <usize>load<i32>(row));
      a += load<f64>(tap) * x;
      b += load<f64>(tap, 8) * x;
    }
    store<f64>(low, a);
    store<f64>(high, b);
  }
}

/** Fills what stands beyond the ends of a line (f64). `beyond` holds pairs of byte offsets: to, from. */
@inline
function extend(line: usize, beyond: usize, count: i32): void {
  for (let i = 0; i < count; i++, beyond += 8) {
    store<f64>(line + <usize>load<i32>(beyond), load<f64>(line + <usize>load<i32>(beyond, 4)));
  }
}

/** Returns four f64 as float32. */
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** Splits an extended line (f64): half[k] = Σ_j filter[j] line[2k + taps - 1 - j]. Taps come in pairs. */
@inline
function along(line: usize, count: i32, taps: i32, filters: usize, low: usize, high: usize): void {
  const lastTap = filters + (<usize>taps << 4);
  line += <usize>(taps - 2) << 3;
  let k = 0;
  for (; k + 4 <= count; k += 4, line += 64, low += 16, high += 16) {
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    for (let tap = filters, at = line; tap < lastTap; tap += 32, at -= 16) {
      const x = v128.load(at);
      const y = v128.load(at, 16);
      const z = v128.load(at, 32);
      const w = v128.load(at, 48);
      const f = v128.load64_splat(tap);
      const g = v128.load64_splat(tap, 8);
      const odd0 = v128.shuffle<i64>(x, y, 1, 3);
      const odd1 = v128.shuffle<i64>(z, w, 1, 3);
      a0 = f64x2.add(a0, f64x2.mul(f, odd0));
      a1 = f64x2.add(a1, f64x2.mul(f, odd1));
      b0 = f64x2.add(b0, f64x2.mul(g, odd0));
      b1 = f64x2.add(b1, f64x2.mul(g, odd1));
      const p = v128.load64_splat(tap, 16);
      const q = v128.load64_splat(tap, 24);
      const even0 = v128.shuffle<i64>(x, y, 0, 2);
      const even1 = v128.shuffle<i64>(z, w, 0, 2);
      a0 = f64x2.add(a0, f64x2.mul(p, even0));
      a1 = f64x2.add(a1, f64x2.mul(p, even1));
      b0 = f64x2.add(b0, f64x2.mul(q, even0));
      b1 = f64x2.add(b1, f64x2.mul(q, even1));
    }
    v128.store(low, narrow(a0, a1));
    v128.store(high, narrow(b0, b1));
  }
  for (; k < count; k++, line += 16, low += 4, high += 4) {
    let a: f64 = 0;
    let b: f64 = 0;
    for (let tap = filters, at = line + 8; tap < lastTap; tap += 16, at -= 8) {
      const x = load<f64>(at);
      a += load<f64>(tap) * x;
      b += load<f64>(tap, 8) * x;
    }
    store<f32>(low, <f32>a);
    store<f32>(high, <f32>b);
  }
}

/**
 * Images of any filter and border: each row of the two halves from above is made in `work`, which stays in the level-1
 * cache, and split at once. `rows`: the byte offset of each row that is needed, from beyond the upper border to beyond
 * the lower one; `beyond` as of `extend`; `line`: values of an extended row, `before` of them left of the image.
 */
export function split2(
  images: i32, first: f64, from: usize, approximation: usize, horizontal: usize, vertical: usize, diagonal: usize,
  filters: usize, rows: usize, beyond: usize, work: usize,
  taps: i32, size: i32, columns: i32, halfRows: i32, halfColumns: i32, line: i32, before: i32, beyondCount: i32,
): i32 {
  const low = work;
  const high = work + (<usize>line << 3);
  const inside = <usize>before << 3;
  const step = <usize>halfColumns << 2;
  for (let image = 0; image < images; image++, from += <usize>size << 2) {
    for (let k = 0; k < halfRows; k++) {
      across(from, rows + (<usize>k << 3), columns, taps, filters, low + inside, high + inside);
      extend(low, beyond, beyondCount);
      extend(high, beyond, beyondCount);
      along(low, halfColumns, taps, filters, approximation, vertical);
      along(high, halfColumns, taps, filters, horizontal, diagonal);
      approximation += step;
      horizontal += step;
      vertical += step;
      diagonal += step;
    }
  }
  return 0;
}

/** Lines of float32 beside each other become their halves. */
export function split1(
  lines: i32, first: f64, from: usize, low: usize, high: usize, filters: usize, beyond: usize, work: usize,
  taps: i32, length: i32, halfLength: i32, before: i32, beyondCount: i32,
): i32 {
  const inside = work + (<usize>before << 3);
  for (let line = 0; line < lines; line++) {
    let i = 0;
    for (; i + 2 <= length; i += 2, from += 8) {
      v128.store(inside + (<usize>i << 3), f64x2.promote_low_f32x4(v128.load64_zero(from)));
    }
    for (; i < length; i++, from += 4) store<f64>(inside + (<usize>i << 3), <f64>load<f32>(from));
    extend(work, beyond, beyondCount);
    along(work, halfLength, taps, filters, low, high);
    low += <usize>halfLength << 2;
    high += <usize>halfLength << 2;
  }
  return 0;
}

/** Slabs of rows become their halves from row to row. `rows` and `filters` as of `split2`; `work`: two rows of f64. */
export function splitDown(
  slabs: i32, first: f64, from: usize, low: usize, high: usize, filters: usize, rows: usize, work: usize,
  taps: i32, size: i32, columns: i32, halfRows: i32,
): i32 {
  const second = work + (<usize>columns << 3) + 8;
  for (let slab = 0; slab < slabs; slab++, from += <usize>size << 2) {
    for (let k = 0; k < halfRows; k++) {
      across(from, rows + (<usize>k << 3), columns, taps, filters, work, second);
      low = narrowed(work, columns, low);
      high = narrowed(second, columns, high);
    }
  }
  return 0;
}

/** Stores f64 values as float32, and returns where they end. */
@inline
function narrowed(from: usize, count: i32, to: usize): usize {
  let i = 0;
  for (; i + 2 <= count; i += 2, from += 16, to += 8) v128.store64_lane(to, f32x4.demote_f64x2_zero(v128.load(from)), 0);
  if (i < count) {
    store<f32>(to, <f32>load<f64>(from));
    to += 4;
  }
  return to;
}

/** Returns f a + g b for two float32 each. */
@inline
function weighed(f: v128, g: v128, a: usize, b: usize): v128 {
  return f64x2.add(
    f64x2.mul(f, f64x2.promote_low_f32x4(v128.load64_zero(a))),
    f64x2.mul(g, f64x2.promote_low_f32x4(v128.load64_zero(b))),
  );
}

/**
 * Fills a row (f64): Σ low[j] a[k] + high[j] b[k] over the pairs k, j that `entry` names: how many there are, then for each
 * the byte offset of row k and that of tap j.
 */
@inline
function joinAcross(a: usize, b: usize, entry: usize, columns: i32, filters: usize, to: usize): void {
  const last = entry + (<usize>load<i32>(entry) << 3);
  for (let start = 0; start < columns && columns >= 8; start += 8) {
    const c = <usize>min(start, columns - 8);
    let sum0 = f64x2.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    for (let pair = entry; pair < last; pair += 8) {
      const row = (c << 2) + <usize>load<i32>(pair, 4);
      const tap = filters + <usize>load<i32>(pair, 8);
      const f = v128.load64_splat(tap);
      const g = v128.load64_splat(tap, 8);
      sum0 = f64x2.add(sum0, weighed(f, g, a + row, b + row));
      sum1 = f64x2.add(sum1, weighed(f, g, a + row + 8, b + row + 8));
      sum2 = f64x2.add(sum2, weighed(f, g, a + row + 16, b + row + 16));
      sum3 = f64x2.add(sum3, weighed(f, g, a + row + 24, b + row + 24));
    }
    const at = to + (c << 3);
    v128.store(at, sum0);
    v128.store(at, sum1, 16);
    v128.store(at, sum2, 32);
    v128.store(at, sum3, 48);
  }
  for (let c = 0; c < columns && columns < 8; c++, a += 4, b += 4, to += 8) {
    let sum: f64 = 0;
    for (let pair = entry; pair < last; pair += 8) {
      const row = <usize>load<i32>(pair, 4);
      const tap = filters + <usize>load<i32>(pair, 8);
      sum += load<f64>(tap) * <f64>load<f32>(a + row) + load<f64>(tap, 8) * <f64>load<f32>(b + row);
    }
    store<f64>(to, sum);
  }
}

/** Returns Σ low[j] a[k] + high[j] b[k] at one place of lines of f64, as `joinAcross`. */
@inline
function joinedAt(a: usize, b: usize, entry: usize, filters: usize): f64 {
  const last = entry + (<usize>load<i32>(entry) << 3);
  let sum: f64 = 0;
  for (let pair = entry; pair < last; pair += 8) {
    const k = <usize>load<i32>(pair, 4);
    const tap = filters + <usize>load<i32>(pair, 8);
    sum += load<f64>(tap) * load<f64>(a + k) + load<f64>(tap, 8) * load<f64>(b + k);
  }
  return sum;
}

/** Returns four sums of neighbours k, k + 1, … over every second tap. */
@inline
function joinedFour(a: usize, b: usize, tap: usize, lastTap: usize): v128 {
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  for (; tap < lastTap; tap += 32, a += 8, b += 8) {
    const f = v128.load64_splat(tap);
    const g = v128.load64_splat(tap, 8);
    sum0 = f64x2.add(sum0, f64x2.add(f64x2.mul(f, v128.load(a)), f64x2.mul(g, v128.load(b))));
    sum1 = f64x2.add(sum1, f64x2.add(f64x2.mul(f, v128.load(a, 16)), f64x2.mul(g, v128.load(b, 16))));
  }
  return narrow(sum0, sum1);
}

/**
 * Joins two lines (f64) to one of `length` float32. `entries` as of `joinAcross` for each place, `stride` bytes apart, with
 * offsets in the lines. The places 2m and 2m + 1 for m in firstInner..lastInner need no border: their first k is
 * m + evenShift (oddShift), in bytes, and their first tap stands at evenTap (oddTap).
 */
@inline
function joinAlong(
  a: usize, b: usize, entries: usize, stride: usize, filters: usize, lastTap: usize, to: usize, length: i32,
  firstInner: i32, lastInner: i32, evenShift: i32, oddShift: i32, evenTap: i32, oddTap: i32,
): void {
  const inner = lastInner - firstInner >= 4;
  for (let start = firstInner; start < lastInner && inner; start += 4) {
    const m = min(start, lastInner - 4);
    const even = <usize>((m << 3) + evenShift);
    const odd = <usize>((m << 3) + oddShift);
    const x = joinedFour(a + even, b + even, filters + evenTap, lastTap);
    const y = joinedFour(a + odd, b + odd, filters + oddTap, lastTap);
    v128.store(to + (<usize>m << 3), v128.shuffle<i32>(x, y, 0, 4, 1, 5));
    v128.store(to + (<usize>m << 3), v128.shuffle<i32>(x, y, 2, 6, 3, 7), 16);
  }
  for (let p = 0; p < length; p++) {
    if (inner && p === firstInner << 1) p = lastInner << 1;
    if (p < length) store<f32>(to + (<usize>p << 2), <f32>joinedAt(a, b, entries + <usize>p * stride, filters));
  }
}

/** Images of any filter and border: each row of the two halves is made in `work` and joined at once. */
export function join2(
  images: i32, first: f64, approximation: usize, horizontal: usize, vertical: usize, diagonal: usize, to: usize,
  filters: usize, rowEntries: usize, entries: usize, work: usize,
  taps: i32, rows: i32, columns: i32, halfSize: i32, halfColumns: i32,
  firstInner: i32, lastInner: i32, evenShift: i32, oddShift: i32, evenTap: i32, oddTap: i32,
): i32 {
  const stride = <usize>(taps + 1) << 2;
  const lastTap = filters + (<usize>taps << 4);
  const right = work + (<usize>halfColumns << 3);
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < rows; row++, to += <usize>columns << 2) {
      const entry = rowEntries + <usize>row * stride;
      joinAcross(approximation, horizontal, entry, halfColumns, filters, work);
      joinAcross(vertical, diagonal, entry, halfColumns, filters, right);
      joinAlong(
        work, right, entries, stride, filters, lastTap, to, columns,
        firstInner, lastInner, evenShift, oddShift, evenTap, oddTap,
      );
    }
    approximation += <usize>halfSize << 2;
    horizontal += <usize>halfSize << 2;
    vertical += <usize>halfSize << 2;
    diagonal += <usize>halfSize << 2;
  }
  return 0;
}

/** Widens float32 to f64. */
@inline
function widened(from: usize, count: i32, to: usize): void {
  let i = 0;
  for (; i + 2 <= count; i += 2, from += 8, to += 16) v128.store(to, f64x2.promote_low_f32x4(v128.load64_zero(from)));
  if (i < count) store<f64>(to, <f64>load<f32>(from));
}

/** Halves of lines become the lines. */
export function join1(
  lines: i32, first: f64, low: usize, high: usize, to: usize, filters: usize, entries: usize, work: usize,
  taps: i32, length: i32, halfLength: i32,
  firstInner: i32, lastInner: i32, evenShift: i32, oddShift: i32, evenTap: i32, oddTap: i32,
): i32 {
  const stride = <usize>(taps + 1) << 2;
  const lastTap = filters + (<usize>taps << 4);
  const second = work + (<usize>halfLength << 3);
  for (let line = 0; line < lines; line++) {
    widened(low, halfLength, work);
    widened(high, halfLength, second);
    joinAlong(
      work, second, entries, stride, filters, lastTap, to, length,
      firstInner, lastInner, evenShift, oddShift, evenTap, oddTap,
    );
    low += <usize>halfLength << 2;
    high += <usize>halfLength << 2;
    to += <usize>length << 2;
  }
  return 0;
}

/** Halves of slabs from row to row become the slabs. */
export function joinDown(
  slabs: i32, first: f64, low: usize, high: usize, to: usize, filters: usize, rowEntries: usize, work: usize,
  taps: i32, rows: i32, columns: i32, halfSize: i32,
): i32 {
  const stride = <usize>(taps + 1) << 2;
  for (let slab = 0; slab < slabs; slab++) {
    for (let row = 0; row < rows; row++) {
      joinAcross(low, high, rowEntries + <usize>row * stride, columns, filters, work);
      to = narrowed(work, columns, to);
    }
    low += <usize>halfSize << 2;
    high += <usize>halfSize << 2;
  }
  return 0;
}
