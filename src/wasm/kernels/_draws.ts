// Random words: the block function of src/random/threefry.ts, sixteen counters at a time. One block serves two neighbours:
// the one at an even place takes its first word, the one behind it the second. Words come less 2^31, so that comparisons
// of signed numbers, which are cheaper, put them in order.

/** Where the key's schedule stands, behind the words of 32 neighbours. */
const scheduleAt: usize = 128;
const half: i32 = -2147483648;

/** Returns the second word of a block, turned by `by` bits and mixed with the first. */
@inline
function mixed(y: v128, x: v128, by: i32): v128 {
  return v128.xor(v128.xor(i32x4.shl(y, by), i32x4.shr_u(y, 32 - by)), x);
}

/**
 * Prepares 272 bytes for drawing: behind room for words, those of a key, and what each group of rounds adds to the
 * second word and the last one to the first, four times each.
 */
export function startDraws(work: usize, k0: i32, k1: i32): void {
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  const keys = work + scheduleAt;
  v128.store(keys, i32x4.splat(k0));
  v128.store(keys, i32x4.splat(k1), 16);
  v128.store(keys, i32x4.splat(k2), 32);
  v128.store(keys, i32x4.splat(k2 + 1), 48);
  v128.store(keys, i32x4.splat(k0 + 2), 64);
  v128.store(keys, i32x4.splat(k1 + 3), 80);
  v128.store(keys, i32x4.splat(k2 + 4), 96);
  v128.store(keys, i32x4.splat(k0 + 5 + half), 112);
  v128.store(keys, i32x4.splat(k2 + half), 128);
}

/**
 * Writes the words of 32 neighbours, both of each of sixteen blocks from `counter` on. 20 rounds of Threefry-2x32; four
 * fours of counters take turns because each step waits for the one before.
 * @param work what `startDraws` prepared
 */
export function draw32(work: usize, counter: u64): void {
  const keys = work + scheduleAt;
  const low = i32x4.splat(<i32>counter);
  const high = i32x4.splat(<i32>(counter >> 32));
  const lowA = i32x4.add(low, i32x4(0, 1, 2, 3));
  const lowB = i32x4.add(low, i32x4(4, 5, 6, 7));
  const lowC = i32x4.add(low, i32x4(8, 9, 10, 11));
  const lowD = i32x4.add(low, i32x4(12, 13, 14, 15));
  // A low word below the first one has wrapped: its high word is one more.
  let xA = i32x4.add(i32x4.sub(high, i32x4.lt_u(lowA, low)), v128.load(keys));
  let xB = i32x4.add(i32x4.sub(high, i32x4.lt_u(lowB, low)), v128.load(keys));
  let xC = i32x4.add(i32x4.sub(high, i32x4.lt_u(lowC, low)), v128.load(keys));
  let xD = i32x4.add(i32x4.sub(high, i32x4.lt_u(lowD, low)), v128.load(keys));
  let yA = i32x4.add(lowA, v128.load(keys, 16));
  let yB = i32x4.add(lowB, v128.load(keys, 16));
  let yC = i32x4.add(lowC, v128.load(keys, 16));
  let yD = i32x4.add(lowD, v128.load(keys, 16));
  // Five groups of four rounds, each with the next words of the key behind it.
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 13);
  yB = mixed(yB, xB, 13);
  yC = mixed(yC, xC, 13);
  yD = mixed(yD, xD, 13);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 15);
  yB = mixed(yB, xB, 15);
  yC = mixed(yC, xC, 15);
  yD = mixed(yD, xD, 15);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 26);
  yB = mixed(yB, xB, 26);
  yC = mixed(yC, xC, 26);
  yD = mixed(yD, xD, 26);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 6);
  yB = mixed(yB, xB, 6);
  yC = mixed(yC, xC, 6);
  yD = mixed(yD, xD, 6);
  xA = i32x4.add(xA, v128.load(keys, 16));
  xB = i32x4.add(xB, v128.load(keys, 16));
  xC = i32x4.add(xC, v128.load(keys, 16));
  xD = i32x4.add(xD, v128.load(keys, 16));
  yA = i32x4.add(yA, v128.load(keys, 48));
  yB = i32x4.add(yB, v128.load(keys, 48));
  yC = i32x4.add(yC, v128.load(keys, 48));
  yD = i32x4.add(yD, v128.load(keys, 48));
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 17);
  yB = mixed(yB, xB, 17);
  yC = mixed(yC, xC, 17);
  yD = mixed(yD, xD, 17);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 29);
  yB = mixed(yB, xB, 29);
  yC = mixed(yC, xC, 29);
  yD = mixed(yD, xD, 29);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 16);
  yB = mixed(yB, xB, 16);
  yC = mixed(yC, xC, 16);
  yD = mixed(yD, xD, 16);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 24);
  yB = mixed(yB, xB, 24);
  yC = mixed(yC, xC, 24);
  yD = mixed(yD, xD, 24);
  xA = i32x4.add(xA, v128.load(keys, 32));
  xB = i32x4.add(xB, v128.load(keys, 32));
  xC = i32x4.add(xC, v128.load(keys, 32));
  xD = i32x4.add(xD, v128.load(keys, 32));
  yA = i32x4.add(yA, v128.load(keys, 64));
  yB = i32x4.add(yB, v128.load(keys, 64));
  yC = i32x4.add(yC, v128.load(keys, 64));
  yD = i32x4.add(yD, v128.load(keys, 64));
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 13);
  yB = mixed(yB, xB, 13);
  yC = mixed(yC, xC, 13);
  yD = mixed(yD, xD, 13);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 15);
  yB = mixed(yB, xB, 15);
  yC = mixed(yC, xC, 15);
  yD = mixed(yD, xD, 15);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 26);
  yB = mixed(yB, xB, 26);
  yC = mixed(yC, xC, 26);
  yD = mixed(yD, xD, 26);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 6);
  yB = mixed(yB, xB, 6);
  yC = mixed(yC, xC, 6);
  yD = mixed(yD, xD, 6);
  xA = i32x4.add(xA, v128.load(keys));
  xB = i32x4.add(xB, v128.load(keys));
  xC = i32x4.add(xC, v128.load(keys));
  xD = i32x4.add(xD, v128.load(keys));
  yA = i32x4.add(yA, v128.load(keys, 80));
  yB = i32x4.add(yB, v128.load(keys, 80));
  yC = i32x4.add(yC, v128.load(keys, 80));
  yD = i32x4.add(yD, v128.load(keys, 80));
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 17);
  yB = mixed(yB, xB, 17);
  yC = mixed(yC, xC, 17);
  yD = mixed(yD, xD, 17);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 29);
  yB = mixed(yB, xB, 29);
  yC = mixed(yC, xC, 29);
  yD = mixed(yD, xD, 29);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 16);
  yB = mixed(yB, xB, 16);
  yC = mixed(yC, xC, 16);
  yD = mixed(yD, xD, 16);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 24);
  yB = mixed(yB, xB, 24);
  yC = mixed(yC, xC, 24);
  yD = mixed(yD, xD, 24);
  xA = i32x4.add(xA, v128.load(keys, 16));
  xB = i32x4.add(xB, v128.load(keys, 16));
  xC = i32x4.add(xC, v128.load(keys, 16));
  xD = i32x4.add(xD, v128.load(keys, 16));
  yA = i32x4.add(yA, v128.load(keys, 96));
  yB = i32x4.add(yB, v128.load(keys, 96));
  yC = i32x4.add(yC, v128.load(keys, 96));
  yD = i32x4.add(yD, v128.load(keys, 96));
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 13);
  yB = mixed(yB, xB, 13);
  yC = mixed(yC, xC, 13);
  yD = mixed(yD, xD, 13);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 15);
  yB = mixed(yB, xB, 15);
  yC = mixed(yC, xC, 15);
  yD = mixed(yD, xD, 15);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 26);
  yB = mixed(yB, xB, 26);
  yC = mixed(yC, xC, 26);
  yD = mixed(yD, xD, 26);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  xC = i32x4.add(xC, yC);
  xD = i32x4.add(xD, yD);
  yA = mixed(yA, xA, 6);
  yB = mixed(yB, xB, 6);
  yC = mixed(yC, xC, 6);
  yD = mixed(yD, xD, 6);
  xA = i32x4.add(xA, v128.load(keys, 128));
  xB = i32x4.add(xB, v128.load(keys, 128));
  xC = i32x4.add(xC, v128.load(keys, 128));
  xD = i32x4.add(xD, v128.load(keys, 128));
  yA = i32x4.add(yA, v128.load(keys, 112));
  yB = i32x4.add(yB, v128.load(keys, 112));
  yC = i32x4.add(yC, v128.load(keys, 112));
  yD = i32x4.add(yD, v128.load(keys, 112));
  v128.store(work, i8x16.shuffle(xA, yA, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23));
  v128.store(work, i8x16.shuffle(xA, yA, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31), 16);
  v128.store(work, i8x16.shuffle(xB, yB, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23), 32);
  v128.store(work, i8x16.shuffle(xB, yB, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31), 48);
  v128.store(work, i8x16.shuffle(xC, yC, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23), 64);
  v128.store(work, i8x16.shuffle(xC, yC, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31), 80);
  v128.store(work, i8x16.shuffle(xD, yD, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23), 96);
  v128.store(work, i8x16.shuffle(xD, yD, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31), 112);
}

/**
 * Returns -1 where a draw lies below a fraction of a step, or else 0: 32 bits of the draw are compared with the fraction
 * times 2^32, and a part of one left over counts as one.
 * @param rest the fraction, below 1, of at most 24 bits, times 2^32, as float32
 */
@inline
export function below(words: usize, rest: v128): v128 {
  // In a sum with 2^32 the mantissa counts in steps of 2^9; what was rounded off is 256 at most, and exact.
  const sum = f32x4.add(rest, f32x4.splat(4294967296));
  const left = f32x4.ceil(f32x4.sub(rest, f32x4.sub(sum, f32x4.splat(4294967296))));
  // A whole number beside 1.5 * 2^23 stands in the last bits; what stands above them goes with the 2^31.
  const units = i32x4.add(f32x4.add(left, f32x4.splat(12582912)), i32x4.splat(half - 0x4b400000));
  return i32x4.lt_s(v128.load(words), i32x4.add(i32x4.shl(sum, 9), units));
}
