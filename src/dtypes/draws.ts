import { type Key, threefry2x32 } from "../random/threefry.js";

/**
 * Returns the draw of each place of a tensor: 32 bits, as a whole number. The Threefry-2x32 block of counter
 * floor(place / 2), place = offset + index, serves two neighbours: an even place takes its word 0, an odd one word 1.
 * Places are below 2^53. The last block is kept: going through a tensor in order computes each once.
 */
export function drawsOf(key: Key, offset: number): (index: number) => number {
  const words = new Uint32Array(2);
  let held = -1;
  return (index) => {
    const place = offset + index;
    const counter = Math.floor(place / 2);
    if (counter !== held) {
      threefry2x32(key, Math.floor(counter / 4294967296), counter >>> 0, words);
      held = counter;
    }
    return words[place - 2 * counter] as number;
  };
}
