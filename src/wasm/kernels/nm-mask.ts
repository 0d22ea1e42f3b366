// Masks that keep the `keep` largest magnitudes of each group of float32 weights; of equals the one with the lower
// index. A magnitude is compared by its bits, which order as the numbers do. Any NaN: the kernel returns 1.
import { infinityBits, magnitudeBits, partOf, streams } from "./_simd";

/** Groups of 4 neighbours: four groups at a time, one in each lane. */
export function nm4(groups: i32, first: f64, from: usize, to: usize, keep: i32): i32 {
  const least = i32x4.splat(-keep);
  let worst = i32x4.splat(0);
  const blocks = groups >> 2;
  const part = partOf(blocks);
  for (let i = 0; i < part; i++) {
    let at = from + (<usize>i << 6);
    let cell = to + (<usize>i << 4);
    for (let s = 0; s < streams; s++, at += <usize>part << 6, cell += <usize>part << 4) {
      worst = i32x4.max_s(worst, block4(at, cell, least));
    }
  }
  for (let i = part * streams; i < blocks; i++) {
    worst = i32x4.max_s(worst, block4(from + (<usize>i << 6), to + (<usize>i << 4), least));
  }
  if (v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits)))) return 1;
  return tail(groups & 3, from + (<usize>blocks << 6), to + (<usize>blocks << 4), keep, 4);
}

/** Four groups of 4; returns the largest magnitudes. */
@inline
function block4(from: usize, to: usize, least: v128): v128 {
  const p = v128.and(v128.load(from), i32x4.splat(magnitudeBits));
  const q = v128.and(v128.load(from, 16), i32x4.splat(magnitudeBits));
  const r = v128.and(v128.load(from, 32), i32x4.splat(magnitudeBits));
  const s = v128.and(v128.load(from, 48), i32x4.splat(magnitudeBits));
  const pq0 = v128.shuffle<i32>(p, q, 0, 4, 1, 5);
  const rs0 = v128.shuffle<i32>(r, s, 0, 4, 1, 5);
  const pq1 = v128.shuffle<i32>(p, q, 2, 6, 3, 7);
  const rs1 = v128.shuffle<i32>(r, s, 2, 6, 3, 7);
  const a = v128.shuffle<i64>(pq0, rs0, 0, 2);
  const b = v128.shuffle<i64>(pq0, rs0, 1, 3);
  const c = v128.shuffle<i64>(pq1, rs1, 0, 2);
  const d = v128.shuffle<i64>(pq1, rs1, 1, 3);
  v128.store(to, kept4(a, b, c, d, least));
  return i32x4.max_s(i32x4.max_s(a, b), i32x4.max_s(c, d));
}

/** Returns the kept bits of four groups as their 16 bytes. A comparison that holds is -1; @param least -keep */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function kept4(a: v128, b: v128, c: v128, d: v128, least: v128): v128 {
  const ab = i32x4.gt_s(b, a);
  const ac = i32x4.gt_s(c, a);
  const ad = i32x4.gt_s(d, a);
  const bc = i32x4.gt_s(c, b);
  const bd = i32x4.gt_s(d, b);
  const cd = i32x4.gt_s(d, c);
  const one = i32x4.splat(-1);
  const two = i32x4.splat(-2);
  // How many beat each one, negated: kept when that is above -keep.
  const ka = i32x4.gt_s(i32x4.add(i32x4.add(ab, ac), ad), least);
  const kb = i32x4.gt_s(i32x4.add(i32x4.sub(i32x4.add(bc, bd), ab), one), least);
  const kc = i32x4.gt_s(i32x4.add(i32x4.sub(cd, i32x4.add(ac, bc)), two), least);
  const kd = i32x4.gt_s(i32x4.sub(i32x4.sub(i32x4.splat(-3), i32x4.add(ad, bd)), cd), least);
  return packed4(ka, kb, kc, kd);
}

/** Groups of any length, one value at a time. */
function tail(groups: i32, from: usize, to: usize, keep: i32, group: i32): i32 {
  for (let g = 0; g < groups; g++, from += <usize>group << 2, to += group) {
    for (let i = 0; i < group; i++) {
      const value = load<i32>(from + (<usize>i << 2)) & magnitudeBits;
      if (value > infinityBits) return 1;
      let beaten = 0;
      for (let j = 0; j < group; j++) {
        const other = load<i32>(from + (<usize>j << 2)) & magnitudeBits;
        beaten += i32(j < i ? other >= value : other > value);
      }
      store<u8>(to + i, u8(beaten < keep));
    }
  }
  return 0;
}

/** Groups of 8 neighbours: four groups at a time, one in each lane. */
export function nm8(groups: i32, first: f64, from: usize, to: usize, keep: i32): i32 {
  const least = i32x4.splat(-keep);
  let worst = i32x4.splat(0);
  const blocks = groups >> 2;
  const part = partOf(blocks);
  for (let i = 0; i < part; i++) {
    let at = from + (<usize>i << 7);
    let cell = to + (<usize>i << 5);
    for (let s = 0; s < streams; s++, at += <usize>part << 7, cell += <usize>part << 5) {
      worst = i32x4.max_s(worst, block8(at, cell, least));
    }
  }
  for (let i = part * streams; i < blocks; i++) {
    worst = i32x4.max_s(worst, block8(from + (<usize>i << 7), to + (<usize>i << 5), least));
  }
  if (v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits)))) return 1;
  return tail(groups & 3, from + (<usize>blocks << 7), to + (<usize>blocks << 5), keep, 8);
}

/** Four groups of 8; returns the largest magnitudes. */
@inline
function block8(from: usize, to: usize, least: v128): v128 {
  const p0 = v128.and(v128.load(from, 0), i32x4.splat(magnitudeBits));
  const q0 = v128.and(v128.load(from, 32), i32x4.splat(magnitudeBits));
  const r0 = v128.and(v128.load(from, 64), i32x4.splat(magnitudeBits));
  const s0 = v128.and(v128.load(from, 96), i32x4.splat(magnitudeBits));
  const p1 = v128.and(v128.load(from, 16), i32x4.splat(magnitudeBits));
  const q1 = v128.and(v128.load(from, 48), i32x4.splat(magnitudeBits));
  const r1 = v128.and(v128.load(from, 80), i32x4.splat(magnitudeBits));
  const s1 = v128.and(v128.load(from, 112), i32x4.splat(magnitudeBits));
  const v0 = v128.shuffle<i32>(p0, q0, 0, 4, 1, 5);
  const w0 = v128.shuffle<i32>(r0, s0, 0, 4, 1, 5);
  const x0 = v128.shuffle<i32>(p0, q0, 2, 6, 3, 7);
  const y0 = v128.shuffle<i32>(r0, s0, 2, 6, 3, 7);
  const a = v128.shuffle<i64>(v0, w0, 0, 2);
  const b = v128.shuffle<i64>(v0, w0, 1, 3);
  const c = v128.shuffle<i64>(x0, y0, 0, 2);
  const d = v128.shuffle<i64>(x0, y0, 1, 3);
  const v1 = v128.shuffle<i32>(p1, q1, 0, 4, 1, 5);
  const w1 = v128.shuffle<i32>(r1, s1, 0, 4, 1, 5);
  const x1 = v128.shuffle<i32>(p1, q1, 2, 6, 3, 7);
  const y1 = v128.shuffle<i32>(r1, s1, 2, 6, 3, 7);
  const e = v128.shuffle<i64>(v1, w1, 0, 2);
  const f = v128.shuffle<i64>(v1, w1, 1, 3);
  const g = v128.shuffle<i64>(x1, y1, 0, 2);
  const h = v128.shuffle<i64>(x1, y1, 1, 3);
  const ab = i32x4.max_s(i32x4.max_s(a, b), i32x4.max_s(c, d));
  const worst = i32x4.max_s(ab, i32x4.max_s(i32x4.max_s(e, f), i32x4.max_s(g, h)));
  let na = i32x4.splat(0);
  let nb = i32x4.splat(-1);
  let nc = i32x4.splat(-2);
  let nd = i32x4.splat(-3);
  let ne = i32x4.splat(-4);
  let nf = i32x4.splat(-5);
  let ng = i32x4.splat(-6);
  let nh = i32x4.splat(-7);
  let beats: v128;
  beats = i32x4.gt_s(b, a);
  na = i32x4.add(na, beats);
  nb = i32x4.sub(nb, beats);
  beats = i32x4.gt_s(c, a);
  na = i32x4.add(na, beats);
  nc = i32x4.sub(nc, beats);
  beats = i32x4.gt_s(d, a);
  na = i32x4.add(na, beats);
  nd = i32x4.sub(nd, beats);
  beats = i32x4.gt_s(e, a);
  na = i32x4.add(na, beats);
  ne = i32x4.sub(ne, beats);
  beats = i32x4.gt_s(f, a);
  na = i32x4.add(na, beats);
  nf = i32x4.sub(nf, beats);
  beats = i32x4.gt_s(g, a);
  na = i32x4.add(na, beats);
  ng = i32x4.sub(ng, beats);
  beats = i32x4.gt_s(h, a);
  na = i32x4.add(na, beats);
  nh = i32x4.sub(nh, beats);
  na = i32x4.gt_s(na, least);
  beats = i32x4.gt_s(c, b);
  nb = i32x4.add(nb, beats);
  nc = i32x4.sub(nc, beats);
  beats = i32x4.gt_s(d, b);
  nb = i32x4.add(nb, beats);
  nd = i32x4.sub(nd, beats);
  beats = i32x4.gt_s(e, b);
  nb = i32x4.add(nb, beats);
  ne = i32x4.sub(ne, beats);
  beats = i32x4.gt_s(f, b);
  nb = i32x4.add(nb, beats);
  nf = i32x4.sub(nf, beats);
  beats = i32x4.gt_s(g, b);
  nb = i32x4.add(nb, beats);
  ng = i32x4.sub(ng, beats);
  beats = i32x4.gt_s(h, b);
  nb = i32x4.add(nb, beats);
  nh = i32x4.sub(nh, beats);
  nb = i32x4.gt_s(nb, least);
  beats = i32x4.gt_s(d, c);
  nc = i32x4.add(nc, beats);
  nd = i32x4.sub(nd, beats);
  beats = i32x4.gt_s(e, c);
  nc = i32x4.add(nc, beats);
  ne = i32x4.sub(ne, beats);
  beats = i32x4.gt_s(f, c);
  nc = i32x4.add(nc, beats);
  nf = i32x4.sub(nf, beats);
  beats = i32x4.gt_s(g, c);
  nc = i32x4.add(nc, beats);
  ng = i32x4.sub(ng, beats);
  beats = i32x4.gt_s(h, c);
  nc = i32x4.add(nc, beats);
  nh = i32x4.sub(nh, beats);
  nc = i32x4.gt_s(nc, least);
  beats = i32x4.gt_s(e, d);
  nd = i32x4.add(nd, beats);
  ne = i32x4.sub(ne, beats);
  beats = i32x4.gt_s(f, d);
  nd = i32x4.add(nd, beats);
  nf = i32x4.sub(nf, beats);
  beats = i32x4.gt_s(g, d);
  nd = i32x4.add(nd, beats);
  ng = i32x4.sub(ng, beats);
  beats = i32x4.gt_s(h, d);
  nd = i32x4.add(nd, beats);
  nh = i32x4.sub(nh, beats);
  nd = i32x4.gt_s(nd, least);
  beats = i32x4.gt_s(f, e);
  ne = i32x4.add(ne, beats);
  nf = i32x4.sub(nf, beats);
  beats = i32x4.gt_s(g, e);
  ne = i32x4.add(ne, beats);
  ng = i32x4.sub(ng, beats);
  beats = i32x4.gt_s(h, e);
  ne = i32x4.add(ne, beats);
  nh = i32x4.sub(nh, beats);
  ne = i32x4.gt_s(ne, least);
  beats = i32x4.gt_s(g, f);
  nf = i32x4.add(nf, beats);
  ng = i32x4.sub(ng, beats);
  beats = i32x4.gt_s(h, f);
  nf = i32x4.add(nf, beats);
  nh = i32x4.sub(nh, beats);
  nf = i32x4.gt_s(nf, least);
  beats = i32x4.gt_s(h, g);
  ng = i32x4.add(ng, beats);
  nh = i32x4.sub(nh, beats);
  ng = i32x4.gt_s(ng, least);
  nh = i32x4.gt_s(nh, least);
  const left = packed4(na, nb, nc, nd);
  const right = packed4(ne, nf, ng, nh);
  v128.store(to, v128.shuffle<i32>(left, right, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<i32>(left, right, 2, 6, 3, 7), 16);
  return worst;
}

/** Returns four comparisons as bytes side by side: 0 or 1. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function packed4(a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.or(
    v128.or(v128.and(a, i32x4.splat(1)), v128.and(b, i32x4.splat(0x100))),
    v128.or(v128.and(c, i32x4.splat(0x10000)), v128.and(d, i32x4.splat(0x1000000))),
  );
}

/**
 * Groups of any length along the last axis: four groups at a time, laid side by side in `work` (32 bytes per place of
 * a group), and each pair of places compared once.
 */
export function nmAny(groups: i32, first: f64, from: usize, to: usize, work: usize, keep: i32, group: i32): i32 {
  const row = <usize>group << 2;
  const counts = work + ((<usize>group) << 4);
  let worst = i32x4.splat(0);
  const blocks = groups >> 2;
  for (let block = 0; block < blocks; block++, from += row << 2, to += row) {
    for (let i = 0; i < group; i++) {
      const at = from + (<usize>i << 2);
      let lanes = i32x4.splat(load<i32>(at));
      lanes = i32x4.replace_lane(lanes, 1, load<i32>(at + row));
      lanes = i32x4.replace_lane(lanes, 2, load<i32>(at + 2 * row));
      lanes = i32x4.replace_lane(lanes, 3, load<i32>(at + 3 * row));
      lanes = v128.and(lanes, i32x4.splat(magnitudeBits));
      worst = i32x4.max_s(worst, lanes);
      v128.store(work + (<usize>i << 4), lanes);
      // As if all before it beat it; a comparison below takes back those that do not.
      v128.store(counts + (<usize>i << 4), i32x4.splat(-i));
    }
    rank(work, counts, group);
    for (let i = 0; i < group; i++) {
      const kept = i32x4.gt_s(v128.load(counts + (<usize>i << 4)), i32x4.splat(-keep));
      store<u8>(to + i, u8(i32x4.extract_lane(kept, 0) & 1));
      store<u8>(to + i + group, u8(i32x4.extract_lane(kept, 1) & 1));
      store<u8>(to + i + 2 * group, u8(i32x4.extract_lane(kept, 2) & 1));
      store<u8>(to + i + 3 * group, u8(i32x4.extract_lane(kept, 3) & 1));
    }
  }
  if (v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits)))) return 1;
  return tail(groups & 3, from, to, keep, group);
}

/** Leaves in `counts`, negated, how many places beat each one. */
// @ts-expect-error: a decorator of AssemblyScript
@inline
function rank(work: usize, counts: usize, group: i32): void {
  for (let i = 0; i < group; i++) {
    const value = v128.load(work + (<usize>i << 4));
    let count = v128.load(counts + (<usize>i << 4));
    for (let j = i + 1; j < group; j++) {
      const at = counts + (<usize>j << 4);
      const beats = i32x4.gt_s(v128.load(work + (<usize>j << 4)), value);
      count = i32x4.add(count, beats);
      v128.store(at, i32x4.sub(v128.load(at), beats));
    }
    v128.store(counts + (<usize>i << 4), count);
  }
}

/**
 * Groups along another axis than the last: `lines` neighbours side by side, `stride` values apart within a group. One
 * unit is `group` rows of `stride` values.
 */
export function nmAcross(slabs: i32, first: f64, from: usize, to: usize, work: usize, keep: i32, group: i32, stride: i32): i32 {
  const counts = work + (<usize>group << 4);
  let worst = i32x4.splat(0);
  for (let slab = 0; slab < slabs; slab++) {
    for (let column = 0; column < stride; column += 4) {
      // The last lanes are taken again where the stride is no multiple of 4.
      const start = min(column, stride - 4);
      for (let i = 0; i < group; i++) {
        const at = from + (<usize>(i * stride + start) << 2);
        const lanes = v128.and(v128.load(at), i32x4.splat(magnitudeBits));
        worst = i32x4.max_s(worst, lanes);
        v128.store(work + (<usize>i << 4), lanes);
        v128.store(counts + (<usize>i << 4), i32x4.splat(-i));
      }
      rank(work, counts, group);
      for (let i = 0; i < group; i++) {
        const kept = i32x4.gt_s(v128.load(counts + (<usize>i << 4)), i32x4.splat(-keep));
        const bytes = v128.and(
          i8x16.shuffle(kept, kept, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12),
          i8x16.splat(1),
        );
        store<i32>(to + i * stride + start, i32x4.extract_lane(bytes, 0));
      }
    }
    from += <usize>(group * stride) << 2;
    to += group * stride;
  }
  return i32(v128.any_true(i32x4.gt_s(worst, i32x4.splat(infinityBits))));
}
