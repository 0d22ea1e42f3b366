// Random words: the block function of src/random/threefry.ts, eight counters at a time.

/** Returns the second word of a block, turned by `by` bits and mixed with the first. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function mixed(y: v128, x: v128, by: i32): v128 {
  return v128.xor(v128.xor(i32x4.shl(y, by), i32x4.shr_u(y, 32 - by)), x);
}

/** Writes to 128 bytes the words of a key, and what each group of rounds adds to the second word, four times each. */
export function schedule(to: usize, k0: i32, k1: i32): void {
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  v128.store(to, i32x4.splat(k0));
  v128.store(to, i32x4.splat(k1), 16);
  v128.store(to, i32x4.splat(k2), 32);
  v128.store(to, i32x4.splat(k2 + 1), 48);
  v128.store(to, i32x4.splat(k0 + 2), 64);
  v128.store(to, i32x4.splat(k1 + 3), 80);
  v128.store(to, i32x4.splat(k2 + 4), 96);
  v128.store(to, i32x4.splat(k0 + 5), 112);
}

/**
 * Writes the words of eight neighbouring counters to `to`: the first words of four, their second words, and the same of
 * the other four. 20 rounds of Threefry-2x32; the two fours take turns because each step waits for the one before.
 * @param keys what `schedule` wrote
 */
export function draw8(to: usize, keys: usize, counter: u64): void {
  const low = i32x4.splat(<i32>counter);
  const high = i32x4.splat(<i32>(counter >> 32));
  const lowA = i32x4.add(low, i32x4(0, 1, 2, 3));
  const lowB = i32x4.add(low, i32x4(4, 5, 6, 7));
  // A low word below the first one has wrapped: its high word is one more.
  let xA = i32x4.add(i32x4.sub(high, i32x4.lt_u(lowA, low)), v128.load(keys));
  let xB = i32x4.add(i32x4.sub(high, i32x4.lt_u(lowB, low)), v128.load(keys));
  let yA = i32x4.add(lowA, v128.load(keys, 16));
  let yB = i32x4.add(lowB, v128.load(keys, 16));
  // Five groups of four rounds, each with the next words of the key behind it.
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 13);
  yB = mixed(yB, xB, 13);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 15);
  yB = mixed(yB, xB, 15);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 26);
  yB = mixed(yB, xB, 26);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 6);
  yB = mixed(yB, xB, 6);
  xA = i32x4.add(xA, v128.load(keys, 16));
  xB = i32x4.add(xB, v128.load(keys, 16));
  yA = i32x4.add(yA, v128.load(keys, 48));
  yB = i32x4.add(yB, v128.load(keys, 48));
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 17);
  yB = mixed(yB, xB, 17);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 29);
  yB = mixed(yB, xB, 29);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 16);
  yB = mixed(yB, xB, 16);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 24);
  yB = mixed(yB, xB, 24);
  xA = i32x4.add(xA, v128.load(keys, 32));
  xB = i32x4.add(xB, v128.load(keys, 32));
  yA = i32x4.add(yA, v128.load(keys, 64));
  yB = i32x4.add(yB, v128.load(keys, 64));
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 13);
  yB = mixed(yB, xB, 13);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 15);
  yB = mixed(yB, xB, 15);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 26);
  yB = mixed(yB, xB, 26);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 6);
  yB = mixed(yB, xB, 6);
  xA = i32x4.add(xA, v128.load(keys));
  xB = i32x4.add(xB, v128.load(keys));
  yA = i32x4.add(yA, v128.load(keys, 80));
  yB = i32x4.add(yB, v128.load(keys, 80));
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 17);
  yB = mixed(yB, xB, 17);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 29);
  yB = mixed(yB, xB, 29);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 16);
  yB = mixed(yB, xB, 16);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 24);
  yB = mixed(yB, xB, 24);
  xA = i32x4.add(xA, v128.load(keys, 16));
  xB = i32x4.add(xB, v128.load(keys, 16));
  yA = i32x4.add(yA, v128.load(keys, 96));
  yB = i32x4.add(yB, v128.load(keys, 96));
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 13);
  yB = mixed(yB, xB, 13);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 15);
  yB = mixed(yB, xB, 15);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 26);
  yB = mixed(yB, xB, 26);
  xA = i32x4.add(xA, yA);
  xB = i32x4.add(xB, yB);
  yA = mixed(yA, xA, 6);
  yB = mixed(yB, xB, 6);
  xA = i32x4.add(xA, v128.load(keys, 32));
  xB = i32x4.add(xB, v128.load(keys, 32));
  yA = i32x4.add(yA, v128.load(keys, 112));
  yB = i32x4.add(yB, v128.load(keys, 112));
  v128.store(to, xA);
  v128.store(to, yA, 16);
  v128.store(to, xB, 32);
  v128.store(to, yB, 48);
}
