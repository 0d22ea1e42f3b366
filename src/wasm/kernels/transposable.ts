// Transposable masks of float32 weights: per block as many kept in each row as in each column.
import { infinityBits, magnitudeBits } from "./_simd";

/** Bit 16 of a block's code: the best is not ahead of the others by more than what rounding could have made up. */
const unsure: i32 = 0x10000;
/** Sums of 8 float32 magnitudes are off by less than 2^-21 of them; two masks may be compared from here on. */
const margin: f32 = 0.0000019073486328125;

/**
 * 2:4 masks of rows of 4x4 blocks, four blocks at a time, one in each lane. A mask is a choice for the upper two rows and
 * one for the lower two whose column counts add up to 2: of the 36 choices for two rows 6 take both from the same two
 * columns, 24 share one column (12 counts, two ways each), and 6 are apart (one count). So the best of each count is found
 * first, and then the best of the 19 sums. A block's code has a bit for each entry, row by row; `flags` gets a byte per
 * block: 1 where the winner is not ahead by a clear margin, also on NaN and infinity.
 * @param blocks blocks side by side
 */
export function t24(rows: i32, first: f64, from: usize, to: usize, flags: usize, blocks: i32): i32 {
  const stride = <usize>blocks << 4;
  for (let row = 0; row < rows; row++) {
    let block = 0;
    for (; block + 4 <= blocks; block += 4) {
      const at = from + (<usize>block << 4);
      const codes = best4(at, stride);
      const cell = to + (<usize>block << 2);
      for (let i: usize = 0; i < 4; i++) {
        const bits = v128.and(i32x4.shr_u(codes, <i32>i << 2), i32x4.splat(15));
        const bytes = v128.and(i32x4.mul(bits, i32x4.splat(0x204081)), i32x4.splat(0x1010101));
        v128.store(cell + i * (stride >> 2), bytes);
      }
      const doubts = i32x4.shr_u(codes, 16);
      const flag = flags + block;
      store<u8>(flag, u8(i32x4.extract_lane(doubts, 0)));
      store<u8>(flag + 1, u8(i32x4.extract_lane(doubts, 1)));
      store<u8>(flag + 2, u8(i32x4.extract_lane(doubts, 2)));
      store<u8>(flag + 3, u8(i32x4.extract_lane(doubts, 3)));
    }
    // What is left over is done by the caller.
    for (; block < blocks; block++) store<u8>(flags + block, 1);
    from += stride << 2;
    to += stride;
    flags += blocks;
  }
  return 0;
}

/** Returns the codes of the best masks of four blocks that begin at `at`; rows are `stride` bytes apart. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function best4(at: usize, stride: usize): v128 {
  const p00 = f32x4.abs(v128.load(at, 0));
  const p01 = f32x4.abs(v128.load(at, 16));
  const p02 = f32x4.abs(v128.load(at, 32));
  const p03 = f32x4.abs(v128.load(at, 48));
  const u00 = v128.shuffle<i32>(p00, p01, 0, 4, 1, 5);
  const u01 = v128.shuffle<i32>(p02, p03, 0, 4, 1, 5);
  const u02 = v128.shuffle<i32>(p00, p01, 2, 6, 3, 7);
  const u03 = v128.shuffle<i32>(p02, p03, 2, 6, 3, 7);
  const c00 = v128.shuffle<i64>(u00, u01, 0, 2);
  const c01 = v128.shuffle<i64>(u00, u01, 1, 3);
  const c02 = v128.shuffle<i64>(u02, u03, 0, 2);
  const c03 = v128.shuffle<i64>(u02, u03, 1, 3);
  const r001 = f32x4.add(c00, c01);
  const r002 = f32x4.add(c00, c02);
  const r003 = f32x4.add(c00, c03);
  const r012 = f32x4.add(c01, c02);
  const r013 = f32x4.add(c01, c03);
  const r023 = f32x4.add(c02, c03);
  const p10 = f32x4.abs(v128.load(at + stride, 0));
  const p11 = f32x4.abs(v128.load(at + stride, 16));
  const p12 = f32x4.abs(v128.load(at + stride, 32));
  const p13 = f32x4.abs(v128.load(at + stride, 48));
  const u10 = v128.shuffle<i32>(p10, p11, 0, 4, 1, 5);
  const u11 = v128.shuffle<i32>(p12, p13, 0, 4, 1, 5);
  const u12 = v128.shuffle<i32>(p10, p11, 2, 6, 3, 7);
  const u13 = v128.shuffle<i32>(p12, p13, 2, 6, 3, 7);
  const c10 = v128.shuffle<i64>(u10, u11, 0, 2);
  const c11 = v128.shuffle<i64>(u10, u11, 1, 3);
  const c12 = v128.shuffle<i64>(u12, u13, 0, 2);
  const c13 = v128.shuffle<i64>(u12, u13, 1, 3);
  const r101 = f32x4.add(c10, c11);
  const r102 = f32x4.add(c10, c12);
  const r103 = f32x4.add(c10, c13);
  const r112 = f32x4.add(c11, c12);
  const r113 = f32x4.add(c11, c13);
  const r123 = f32x4.add(c12, c13);
  const p20 = f32x4.abs(v128.load(at + 2 * stride, 0));
  const p21 = f32x4.abs(v128.load(at + 2 * stride, 16));
  const p22 = f32x4.abs(v128.load(at + 2 * stride, 32));
  const p23 = f32x4.abs(v128.load(at + 2 * stride, 48));
  const u20 = v128.shuffle<i32>(p20, p21, 0, 4, 1, 5);
  const u21 = v128.shuffle<i32>(p22, p23, 0, 4, 1, 5);
  const u22 = v128.shuffle<i32>(p20, p21, 2, 6, 3, 7);
  const u23 = v128.shuffle<i32>(p22, p23, 2, 6, 3, 7);
  const c20 = v128.shuffle<i64>(u20, u21, 0, 2);
  const c21 = v128.shuffle<i64>(u20, u21, 1, 3);
  const c22 = v128.shuffle<i64>(u22, u23, 0, 2);
  const c23 = v128.shuffle<i64>(u22, u23, 1, 3);
  const r201 = f32x4.add(c20, c21);
  const r202 = f32x4.add(c20, c22);
  const r203 = f32x4.add(c20, c23);
  const r212 = f32x4.add(c21, c22);
  const r213 = f32x4.add(c21, c23);
  const r223 = f32x4.add(c22, c23);
  const p30 = f32x4.abs(v128.load(at + 3 * stride, 0));
  const p31 = f32x4.abs(v128.load(at + 3 * stride, 16));
  const p32 = f32x4.abs(v128.load(at + 3 * stride, 32));
  const p33 = f32x4.abs(v128.load(at + 3 * stride, 48));
  const u30 = v128.shuffle<i32>(p30, p31, 0, 4, 1, 5);
  const u31 = v128.shuffle<i32>(p32, p33, 0, 4, 1, 5);
  const u32 = v128.shuffle<i32>(p30, p31, 2, 6, 3, 7);
  const u33 = v128.shuffle<i32>(p32, p33, 2, 6, 3, 7);
  const c30 = v128.shuffle<i64>(u30, u31, 0, 2);
  const c31 = v128.shuffle<i64>(u30, u31, 1, 3);
  const c32 = v128.shuffle<i64>(u32, u33, 0, 2);
  const c33 = v128.shuffle<i64>(u32, u33, 1, 3);
  const r301 = f32x4.add(c30, c31);
  const r302 = f32x4.add(c30, c32);
  const r303 = f32x4.add(c30, c33);
  const r312 = f32x4.add(c31, c32);
  const r313 = f32x4.add(c31, c33);
  const r323 = f32x4.add(c32, c33);
  const upper = f32x4.add(f32x4.add(r001, r023), f32x4.add(r101, r123));
  const lower = f32x4.add(f32x4.add(r201, r223), f32x4.add(r301, r323));
  const close = f32x4.mul(f32x4.add(upper, lower), f32x4.splat(margin));
  let ahead: v128;
  // The best of each column count in rows 0 and 1: its sum, and its code.
  const t010 = f32x4.add(r002, r103);
  const t011 = f32x4.add(r003, r102);
  const t01 = f32x4.max(t010, t011);
  ahead = f32x4.sub(t010, t011);
  const t01c = chosen(ahead, close, 0x95, 0x59);
  const t020 = f32x4.add(r001, r103);
  const t021 = f32x4.add(r003, r101);
  const t02 = f32x4.max(t020, t021);
  ahead = f32x4.sub(t020, t021);
  const t02c = chosen(ahead, close, 0x93, 0x39);
  const t030 = f32x4.add(r001, r102);
  const t031 = f32x4.add(r002, r101);
  const t03 = f32x4.max(t030, t031);
  ahead = f32x4.sub(t030, t031);
  const t03c = chosen(ahead, close, 0x53, 0x35);
  const t100 = f32x4.add(r012, r113);
  const t101 = f32x4.add(r013, r112);
  const t10 = f32x4.max(t100, t101);
  ahead = f32x4.sub(t100, t101);
  const t10c = chosen(ahead, close, 0xa6, 0x6a);
  const t120 = f32x4.add(r001, r113);
  const t121 = f32x4.add(r013, r101);
  const t12 = f32x4.max(t120, t121);
  ahead = f32x4.sub(t120, t121);
  const t12c = chosen(ahead, close, 0xa3, 0x3a);
  const t130 = f32x4.add(r001, r112);
  const t131 = f32x4.add(r012, r101);
  const t13 = f32x4.max(t130, t131);
  ahead = f32x4.sub(t130, t131);
  const t13c = chosen(ahead, close, 0x63, 0x36);
  const t200 = f32x4.add(r012, r123);
  const t201 = f32x4.add(r023, r112);
  const t20 = f32x4.max(t200, t201);
  ahead = f32x4.sub(t200, t201);
  const t20c = chosen(ahead, close, 0xc6, 0x6c);
  const t210 = f32x4.add(r002, r123);
  const t211 = f32x4.add(r023, r102);
  const t21 = f32x4.max(t210, t211);
  ahead = f32x4.sub(t210, t211);
  const t21c = chosen(ahead, close, 0xc5, 0x5c);
  const t230 = f32x4.add(r002, r112);
  const t231 = f32x4.add(r012, r102);
  const t23 = f32x4.max(t230, t231);
  ahead = f32x4.sub(t230, t231);
  const t23c = chosen(ahead, close, 0x65, 0x56);
  const t300 = f32x4.add(r013, r123);
  const t301 = f32x4.add(r023, r113);
  const t30 = f32x4.max(t300, t301);
  ahead = f32x4.sub(t300, t301);
  const t30c = chosen(ahead, close, 0xca, 0xac);
  const t310 = f32x4.add(r003, r123);
  const t311 = f32x4.add(r023, r103);
  const t31 = f32x4.max(t310, t311);
  ahead = f32x4.sub(t310, t311);
  const t31c = chosen(ahead, close, 0xc9, 0x9c);
  const t320 = f32x4.add(r003, r113);
  const t321 = f32x4.add(r013, r103);
  const t32 = f32x4.max(t320, t321);
  ahead = f32x4.sub(t320, t321);
  const t32c = chosen(ahead, close, 0xa9, 0x9a);
  let ts = f32x4.add(r001, r123);
  let tsc = i32x4.splat(0xc3);
  let tn: v128;
  tn = f32x4.add(r002, r113);
  tsc = replaced(f32x4.sub(tn, ts), close, tsc, i32x4.splat(0xa5));
  ts = f32x4.max(ts, tn);
  tn = f32x4.add(r003, r112);
  tsc = replaced(f32x4.sub(tn, ts), close, tsc, i32x4.splat(0x69));
  ts = f32x4.max(ts, tn);
  tn = f32x4.add(r012, r103);
  tsc = replaced(f32x4.sub(tn, ts), close, tsc, i32x4.splat(0x96));
  ts = f32x4.max(ts, tn);
  tn = f32x4.add(r013, r102);
  tsc = replaced(f32x4.sub(tn, ts), close, tsc, i32x4.splat(0x5a));
  ts = f32x4.max(ts, tn);
  tn = f32x4.add(r023, r101);
  tsc = replaced(f32x4.sub(tn, ts), close, tsc, i32x4.splat(0x3c));
  ts = f32x4.max(ts, tn);
  // The best of each column count in rows 2 and 3: its sum, and its code.
  const b010 = f32x4.add(r202, r303);
  const b011 = f32x4.add(r203, r302);
  const b01 = f32x4.max(b010, b011);
  ahead = f32x4.sub(b010, b011);
  const b01c = chosen(ahead, close, 0x9500, 0x5900);
  const b020 = f32x4.add(r201, r303);
  const b021 = f32x4.add(r203, r301);
  const b02 = f32x4.max(b020, b021);
  ahead = f32x4.sub(b020, b021);
  const b02c = chosen(ahead, close, 0x9300, 0x3900);
  const b030 = f32x4.add(r201, r302);
  const b031 = f32x4.add(r202, r301);
  const b03 = f32x4.max(b030, b031);
  ahead = f32x4.sub(b030, b031);
  const b03c = chosen(ahead, close, 0x5300, 0x3500);
  const b100 = f32x4.add(r212, r313);
  const b101 = f32x4.add(r213, r312);
  const b10 = f32x4.max(b100, b101);
  ahead = f32x4.sub(b100, b101);
  const b10c = chosen(ahead, close, 0xa600, 0x6a00);
  const b120 = f32x4.add(r201, r313);
  const b121 = f32x4.add(r213, r301);
  const b12 = f32x4.max(b120, b121);
  ahead = f32x4.sub(b120, b121);
  const b12c = chosen(ahead, close, 0xa300, 0x3a00);
  const b130 = f32x4.add(r201, r312);
  const b131 = f32x4.add(r212, r301);
  const b13 = f32x4.max(b130, b131);
  ahead = f32x4.sub(b130, b131);
  const b13c = chosen(ahead, close, 0x6300, 0x3600);
  const b200 = f32x4.add(r212, r323);
  const b201 = f32x4.add(r223, r312);
  const b20 = f32x4.max(b200, b201);
  ahead = f32x4.sub(b200, b201);
  const b20c = chosen(ahead, close, 0xc600, 0x6c00);
  const b210 = f32x4.add(r202, r323);
  const b211 = f32x4.add(r223, r302);
  const b21 = f32x4.max(b210, b211);
  ahead = f32x4.sub(b210, b211);
  const b21c = chosen(ahead, close, 0xc500, 0x5c00);
  const b230 = f32x4.add(r202, r312);
  const b231 = f32x4.add(r212, r302);
  const b23 = f32x4.max(b230, b231);
  ahead = f32x4.sub(b230, b231);
  const b23c = chosen(ahead, close, 0x6500, 0x5600);
  const b300 = f32x4.add(r213, r323);
  const b301 = f32x4.add(r223, r313);
  const b30 = f32x4.max(b300, b301);
  ahead = f32x4.sub(b300, b301);
  const b30c = chosen(ahead, close, 0xca00, 0xac00);
  const b310 = f32x4.add(r203, r323);
  const b311 = f32x4.add(r223, r303);
  const b31 = f32x4.max(b310, b311);
  ahead = f32x4.sub(b310, b311);
  const b31c = chosen(ahead, close, 0xc900, 0x9c00);
  const b320 = f32x4.add(r203, r313);
  const b321 = f32x4.add(r213, r303);
  const b32 = f32x4.max(b320, b321);
  ahead = f32x4.sub(b320, b321);
  const b32c = chosen(ahead, close, 0xa900, 0x9a00);
  let bs = f32x4.add(r201, r323);
  let bsc = i32x4.splat(0xc300);
  let bn: v128;
  bn = f32x4.add(r202, r313);
  bsc = replaced(f32x4.sub(bn, bs), close, bsc, i32x4.splat(0xa500));
  bs = f32x4.max(bs, bn);
  bn = f32x4.add(r203, r312);
  bsc = replaced(f32x4.sub(bn, bs), close, bsc, i32x4.splat(0x6900));
  bs = f32x4.max(bs, bn);
  bn = f32x4.add(r212, r303);
  bsc = replaced(f32x4.sub(bn, bs), close, bsc, i32x4.splat(0x9600));
  bs = f32x4.max(bs, bn);
  bn = f32x4.add(r213, r302);
  bsc = replaced(f32x4.sub(bn, bs), close, bsc, i32x4.splat(0x5a00));
  bs = f32x4.max(bs, bn);
  bn = f32x4.add(r223, r301);
  bsc = replaced(f32x4.sub(bn, bs), close, bsc, i32x4.splat(0x3c00));
  bs = f32x4.max(bs, bn);
  // The best of the 19 counts, each with the one below that fills it up.
  let most = f32x4.add(ts, bs);
  let code = v128.or(tsc, bsc);
  let next: v128;
  let second = f32x4.splat(-1);
  next = f32x4.add(f32x4.add(r001, r101), f32x4.add(r223, r323));
  code = v128.bitselect(i32x4.splat(0xcc33), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(f32x4.add(r002, r102), f32x4.add(r213, r313));
  code = v128.bitselect(i32x4.splat(0xaa55), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(f32x4.add(r003, r103), f32x4.add(r212, r312));
  code = v128.bitselect(i32x4.splat(0x6699), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(f32x4.add(r012, r112), f32x4.add(r203, r303));
  code = v128.bitselect(i32x4.splat(0x9966), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(f32x4.add(r013, r113), f32x4.add(r202, r302));
  code = v128.bitselect(i32x4.splat(0x55aa), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(f32x4.add(r023, r123), f32x4.add(r201, r301));
  code = v128.bitselect(i32x4.splat(0x33cc), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t01, b10);
  code = v128.bitselect(v128.or(t01c, b10c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t02, b20);
  code = v128.bitselect(v128.or(t02c, b20c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t03, b30);
  code = v128.bitselect(v128.or(t03c, b30c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t10, b01);
  code = v128.bitselect(v128.or(t10c, b01c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t12, b21);
  code = v128.bitselect(v128.or(t12c, b21c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t13, b31);
  code = v128.bitselect(v128.or(t13c, b31c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t20, b02);
  code = v128.bitselect(v128.or(t20c, b02c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t21, b12);
  code = v128.bitselect(v128.or(t21c, b12c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t23, b32);
  code = v128.bitselect(v128.or(t23c, b32c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t30, b03);
  code = v128.bitselect(v128.or(t30c, b03c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t31, b13);
  code = v128.bitselect(v128.or(t31c, b13c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  next = f32x4.add(t32, b23);
  code = v128.bitselect(v128.or(t32c, b23c), code, f32x4.gt(next, most));
  second = f32x4.max(second, f32x4.min(next, most));
  most = f32x4.max(most, next);
  const clear = f32x4.gt(f32x4.sub(most, second), close);
  return v128.or(code, v128.andnot(i32x4.splat(unsure), clear));
}

/** Returns the code of the one that is ahead, marked where that is not by more than `close`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function chosen(ahead: v128, close: v128, one: i32, other: i32): v128 {
  return replaced(ahead, close, i32x4.splat(other), i32x4.splat(one));
}

/** Returns `one` where it is ahead, else `other`, marked where that is not by more than `close`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function replaced(ahead: v128, close: v128, other: v128, one: v128): v128 {
  const sure = f32x4.gt(f32x4.abs(ahead), close);
  const code = v128.bitselect(one, other, f32x4.gt(ahead, f32x4.splat(0)));
  return v128.or(code, v128.andnot(i32x4.splat(unsure), sure));
}
