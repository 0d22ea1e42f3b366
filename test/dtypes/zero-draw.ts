import { type Key, key } from "../../src/random/index.js";

/**
 * Returns a key and an even place whose draw is 0. Threefry-2x32 is a bijection of the counter: it is run backward from
 * the words (0, n) until the counter that comes out is below 2^52, about one in 2^12.
 */
export function zeroDraw(): { readonly key: Key; readonly place: number } {
  const seed = key(1);
  for (let n = 0; ; n++) {
    const [high, low] = backward(seed, 0, n);
    if (high < 2 ** 19) return { key: seed, place: 2 * (high * 2 ** 32 + low) };
  }
}

const turns = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** Returns the counter whose block is (x, y). */
function backward({ high, low }: Key, first: number, second: number): readonly [number, number] {
  const keys = [high, low, high ^ low ^ 0x1bd11bda] as const;
  let [x, y] = [first | 0, second | 0];
  for (let round = 19; round >= 0; round--) {
    if (round % 4 === 3) {
      const group = (round + 1) / 4;
      x = (x - (keys[group % 3] as number)) | 0;
      y = (y - (keys[(group + 1) % 3] as number) - group) | 0;
    }
    const mixed = y ^ x;
    const by = turns[round % 8] as number;
    y = (mixed >>> by) | (mixed << (32 - by));
    x = (x - y) | 0;
  }
  return [(x - high) >>> 0, (y - low) >>> 0];
}
