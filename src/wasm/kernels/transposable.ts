// Transposable masks of float32 weights: per block as many kept in each row as in each column.

/** Two masks are compared by sums of 8 float32 magnitudes, which are off by less than 2^-20 of all 16 together. */
const margin: f32 = 0.0000019073486328125;

/**
 * 2:4 masks of rows of 4x4 blocks, four blocks at a time, one in each lane. `flags` gets a byte per block: 1 where the
 * winner is not ahead by more than rounding could have made up, also on NaN and infinity, and for what is left over.
 *
 * Let p, q be the two upper rows, r, s the two lower ones. The 90 masks fall into 19 kinds by how many each column keeps
 * above: 6 keep two in each of two columns, 12 keep two in column x, none in w and one in each of y and z, and 1 keeps one
 * in every column. With e_x = p_x + q_x and m_yz = max(p_y + q_z, p_z + q_y), f the same as e and n the same as m below:
 * - kind {x,y}: e_x + e_y + f_z + f_w
 * - kind (x,w): e_x + m_yz + f_w + n_yz
 * - the last: the largest of m_xy + m_zw over the three ways to pair the columns, and the same below
 * @param blocks blocks side by side
 * @param table what `decodeTable` makes: which entries a kind keeps
 */
export function t24(rows: i32, first: f64, from: usize, to: usize, flags: usize, table: usize, work: usize, blocks: i32): i32 {
  const stride = <usize>blocks << 4;
  for (let row = 0; row < rows; row++) {
    let block = 0;
    for (; block + 4 <= blocks; block += 4) {
      compare4(from + (<usize>block << 4), stride, work);
      write4(to + (<usize>block << 2), <usize>blocks << 2, flags + block, table, work);
    }
    for (; block < blocks; block++) store<u8>(flags + block, 1);
    from += stride << 2;
    to += stride;
    flags += blocks;
  }
  return 0;
}

/**
 * Leaves in `work`, for four blocks, three vectors: which kinds are within the margin of the best (bit 0 the last kind);
 * for which pairs of columns the first is ahead, and for which it is behind (bit 0..5 below, 6..11 above).
 */
@inline
function compare4(at: usize, stride: usize, work: usize): void {
  const pa0 = f32x4.abs(v128.load(at, 0));
  const pa1 = f32x4.abs(v128.load(at, 16));
  const pa2 = f32x4.abs(v128.load(at, 32));
  const pa3 = f32x4.abs(v128.load(at, 48));
  const pb0 = v128.shuffle<i32>(pa0, pa1, 0, 4, 1, 5);
  const pb1 = v128.shuffle<i32>(pa2, pa3, 0, 4, 1, 5);
  const pb2 = v128.shuffle<i32>(pa0, pa1, 2, 6, 3, 7);
  const pb3 = v128.shuffle<i32>(pa2, pa3, 2, 6, 3, 7);
  const p0 = v128.shuffle<i64>(pb0, pb1, 0, 2);
  const p1 = v128.shuffle<i64>(pb0, pb1, 1, 3);
  const p2 = v128.shuffle<i64>(pb2, pb3, 0, 2);
  const p3 = v128.shuffle<i64>(pb2, pb3, 1, 3);
  const qa0 = f32x4.abs(v128.load(at + stride, 0));
  const qa1 = f32x4.abs(v128.load(at + stride, 16));
  const qa2 = f32x4.abs(v128.load(at + stride, 32));
  const qa3 = f32x4.abs(v128.load(at + stride, 48));
  const qb0 = v128.shuffle<i32>(qa0, qa1, 0, 4, 1, 5);
  const qb1 = v128.shuffle<i32>(qa2, qa3, 0, 4, 1, 5);
  const qb2 = v128.shuffle<i32>(qa0, qa1, 2, 6, 3, 7);
  const qb3 = v128.shuffle<i32>(qa2, qa3, 2, 6, 3, 7);
  const q0 = v128.shuffle<i64>(qb0, qb1, 0, 2);
  const q1 = v128.shuffle<i64>(qb0, qb1, 1, 3);
  const q2 = v128.shuffle<i64>(qb2, qb3, 0, 2);
  const q3 = v128.shuffle<i64>(qb2, qb3, 1, 3);
  const ra0 = f32x4.abs(v128.load(at + 2 * stride, 0));
  const ra1 = f32x4.abs(v128.load(at + 2 * stride, 16));
  const ra2 = f32x4.abs(v128.load(at + 2 * stride, 32));
  const ra3 = f32x4.abs(v128.load(at + 2 * stride, 48));
  const rb0 = v128.shuffle<i32>(ra0, ra1, 0, 4, 1, 5);
  const rb1 = v128.shuffle<i32>(ra2, ra3, 0, 4, 1, 5);
  const rb2 = v128.shuffle<i32>(ra0, ra1, 2, 6, 3, 7);
  const rb3 = v128.shuffle<i32>(ra2, ra3, 2, 6, 3, 7);
  const r0 = v128.shuffle<i64>(rb0, rb1, 0, 2);
  const r1 = v128.shuffle<i64>(rb0, rb1, 1, 3);
  const r2 = v128.shuffle<i64>(rb2, rb3, 0, 2);
  const r3 = v128.shuffle<i64>(rb2, rb3, 1, 3);
  const sa0 = f32x4.abs(v128.load(at + 3 * stride, 0));
  const sa1 = f32x4.abs(v128.load(at + 3 * stride, 16));
  const sa2 = f32x4.abs(v128.load(at + 3 * stride, 32));
  const sa3 = f32x4.abs(v128.load(at + 3 * stride, 48));
  const sb0 = v128.shuffle<i32>(sa0, sa1, 0, 4, 1, 5);
  const sb1 = v128.shuffle<i32>(sa2, sa3, 0, 4, 1, 5);
  const sb2 = v128.shuffle<i32>(sa0, sa1, 2, 6, 3, 7);
  const sb3 = v128.shuffle<i32>(sa2, sa3, 2, 6, 3, 7);
  const s0 = v128.shuffle<i64>(sb0, sb1, 0, 2);
  const s1 = v128.shuffle<i64>(sb0, sb1, 1, 3);
  const s2 = v128.shuffle<i64>(sb2, sb3, 0, 2);
  const s3 = v128.shuffle<i64>(sb2, sb3, 1, 3);
  const e0 = f32x4.add(p0, q0);
  const e1 = f32x4.add(p1, q1);
  const e2 = f32x4.add(p2, q2);
  const e3 = f32x4.add(p3, q3);
  const f0 = f32x4.add(r0, s0);
  const f1 = f32x4.add(r1, s1);
  const f2 = f32x4.add(r2, s2);
  const f3 = f32x4.add(r3, s3);
  const upper = f32x4.add(f32x4.add(e0, e1), f32x4.add(e2, e3));
  const lower = f32x4.add(f32x4.add(f0, f1), f32x4.add(f2, f3));
  const close = f32x4.mul(f32x4.add(upper, lower), f32x4.splat(margin));
  const behind = f32x4.neg(close);
  let ahead = i32x4.splat(0);
  let after = i32x4.splat(0);
  let lead: v128, one: v128, other: v128;
  one = f32x4.add(p0, q1);
  other = f32x4.add(p1, q0);
  const m01 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  one = f32x4.add(p0, q2);
  other = f32x4.add(p2, q0);
  const m02 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  one = f32x4.add(p0, q3);
  other = f32x4.add(p3, q0);
  const m03 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  one = f32x4.add(p1, q2);
  other = f32x4.add(p2, q1);
  const m12 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  one = f32x4.add(p1, q3);
  other = f32x4.add(p3, q1);
  const m13 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  one = f32x4.add(p2, q3);
  other = f32x4.add(p3, q2);
  const m23 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  one = f32x4.add(r0, s1);
  other = f32x4.add(r1, s0);
  const n01 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  one = f32x4.add(r0, s2);
  other = f32x4.add(r2, s0);
  const n02 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  one = f32x4.add(r0, s3);
  other = f32x4.add(r3, s0);
  const n03 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  one = f32x4.add(r1, s2);
  other = f32x4.add(r2, s1);
  const n12 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  one = f32x4.add(r1, s3);
  other = f32x4.add(r3, s1);
  const n13 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  one = f32x4.add(r2, s3);
  other = f32x4.add(r3, s2);
  const n23 = f32x4.pmax(one, other);
  lead = f32x4.sub(one, other);
  ahead = i32x4.sub(i32x4.add(ahead, ahead), f32x4.gt(lead, close));
  after = i32x4.sub(i32x4.add(after, after), f32x4.lt(lead, behind));
  v128.store(work, ahead, 16);
  v128.store(work, after, 32);
  const g01 = f32x4.add(e0, f1);
  const g02 = f32x4.add(e0, f2);
  const g03 = f32x4.add(e0, f3);
  const g10 = f32x4.add(e1, f0);
  const g12 = f32x4.add(e1, f2);
  const g13 = f32x4.add(e1, f3);
  const g20 = f32x4.add(e2, f0);
  const g21 = f32x4.add(e2, f1);
  const g23 = f32x4.add(e2, f3);
  const g30 = f32x4.add(e3, f0);
  const g31 = f32x4.add(e3, f1);
  const g32 = f32x4.add(e3, f2);
  const k0 = f32x4.add(g02, g13);
  const k1 = f32x4.add(g01, g23);
  const k2 = f32x4.add(g01, g32);
  const k3 = f32x4.add(g10, g23);
  const k4 = f32x4.add(g10, g32);
  const k5 = f32x4.add(g20, g31);
  const o01 = f32x4.add(m01, n01);
  const k6 = f32x4.add(o01, g23);
  const k7 = f32x4.add(o01, g32);
  const o02 = f32x4.add(m02, n02);
  const k8 = f32x4.add(o02, g13);
  const k9 = f32x4.add(o02, g31);
  const o03 = f32x4.add(m03, n03);
  const k10 = f32x4.add(o03, g12);
  const k11 = f32x4.add(o03, g21);
  const o12 = f32x4.add(m12, n12);
  const k12 = f32x4.add(o12, g03);
  const k13 = f32x4.add(o12, g30);
  const o13 = f32x4.add(m13, n13);
  const k14 = f32x4.add(o13, g02);
  const k15 = f32x4.add(o13, g20);
  const o23 = f32x4.add(m23, n23);
  const k16 = f32x4.add(o23, g01);
  const k17 = f32x4.add(o23, g10);
  const m = f32x4.pmax(f32x4.add(m01, m23), f32x4.pmax(f32x4.add(m02, m13), f32x4.add(m03, m12)));
  const n = f32x4.pmax(f32x4.add(n01, n23), f32x4.pmax(f32x4.add(n02, n13), f32x4.add(n03, n12)));
  const k18 = f32x4.add(m, n);
  let most = k0;
  most = f32x4.pmax(most, k1);
  most = f32x4.pmax(most, k2);
  most = f32x4.pmax(most, k3);
  most = f32x4.pmax(most, k4);
  most = f32x4.pmax(most, k5);
  most = f32x4.pmax(most, k6);
  most = f32x4.pmax(most, k7);
  most = f32x4.pmax(most, k8);
  most = f32x4.pmax(most, k9);
  most = f32x4.pmax(most, k10);
  most = f32x4.pmax(most, k11);
  most = f32x4.pmax(most, k12);
  most = f32x4.pmax(most, k13);
  most = f32x4.pmax(most, k14);
  most = f32x4.pmax(most, k15);
  most = f32x4.pmax(most, k16);
  most = f32x4.pmax(most, k17);
  most = f32x4.pmax(most, k18);
  const least = f32x4.sub(most, close);
  let near = f32x4.ge(k0, least);
  near = i32x4.sub(i32x4.splat(0), near);
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k1, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k2, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k3, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k4, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k5, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k6, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k7, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k8, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k9, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k10, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k11, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k12, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k13, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k14, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k15, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k16, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k17, least));
  near = i32x4.sub(i32x4.add(near, near), f32x4.ge(k18, least));
  v128.store(work, near);
}

/** Writes the masks of four blocks and their flags. */
@inline
function write4(to: usize, stride: usize, flags: usize, table: usize, work: usize): void {
  let codes = i32x4.splat(0);
  codes = i32x4.replace_lane(codes, 0, codeOf(work, flags, table));
  codes = i32x4.replace_lane(codes, 1, codeOf(work + 4, flags + 1, table));
  codes = i32x4.replace_lane(codes, 2, codeOf(work + 8, flags + 2, table));
  codes = i32x4.replace_lane(codes, 3, codeOf(work + 12, flags + 3, table));
  for (let i = 0; i < 4; i++, to += stride) {
    const bits = v128.and(i32x4.shr_u(codes, i << 2), i32x4.splat(15));
    v128.store(to, v128.and(i32x4.mul(bits, i32x4.splat(0x204081)), i32x4.splat(0x1010101)));
  }
}

/**
 * Returns the code of the one kind within the margin: a bit for each entry, row by row. It is in doubt when there are
 * several kinds, or when a pair of columns that it depends on is close.
 */
@inline
function codeOf(work: usize, flag: usize, table: usize): i32 {
  const near = load<i32>(work);
  const ahead = load<i32>(work, 16);
  const decided = ahead | load<i32>(work, 32);
  const kind = table + (<usize>(ctz(near) & 31) << 8);
  const upper = <i32>load<u16>(kind + (<usize>(ahead >> 6) << 1));
  const lower = <i32>load<u16>(kind + (<usize>(ahead & 63) << 1), 128);
  const needed = (upper >> 8 << 6) | (lower >> 8);
  store<u8>(flag, u8(popcnt(near) != 1 || (decided & needed) != needed));
  return (upper & 255) | (lower & 255) << 8;
}
