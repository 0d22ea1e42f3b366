/** Large maps in blocks of pixels. */
import type { Tensor } from "../tensor/types.js";

/** Pixels of a block: sums run over the pixels of one, then over blocks. */
const blockLength = 1024;
/** Numbers that are copied at a time. */
const mostNumbers = 2 ** 18;

type Numbers = Float32Array | Float64Array;

/** Some blocks of maps: `units` times [channels, plane]. */
export interface Slab {
  readonly data: Numbers;
  readonly units: number;
  readonly plane: number;
  /** Which image it begins with, and at which pixel. */
  readonly image: number;
  readonly pixel: number;
}

/**
 * Gives maps, [batch, channels, plane], image by image and block by block, `most` blocks at a time: where a plane is
 * longer than a block, as a copy that is good until the next.
 */
export function* slabsOf(maps: Tensor, sides: readonly [number, number, number], most: number): Generator<Slab> {
  const [batch, channels, plane] = sides;
  const data = maps.data as Numbers;
  if (plane <= blockLength) {
    for (let image = 0; image < batch; image += most) {
      const units = Math.min(most, batch - image);
      const start = image * channels * plane;
      yield { data: data.subarray(start, start + units * channels * plane), units, plane, image, pixel: 0 };
    }
    return;
  }
  const full = Math.floor(plane / blockLength);
  const atOnce = Math.min(most, full, Math.max(1, Math.floor(mostNumbers / (channels * blockLength))));
  const room = data.slice(0, Math.min(data.length, atOnce * channels * blockLength));
  for (let image = 0; image < batch; image++) {
    for (let pixel = 0; pixel < plane; ) {
      const length = Math.min(blockLength, plane - pixel);
      const units = length < blockLength ? 1 : Math.min(atOnce, full - pixel / blockLength);
      const slab = { data: room.subarray(0, units * channels * length), units, plane: length, image, pixel };
      copyBlocks(slab, { data, channels, plane }, true);
      yield slab;
      pixel += units * length;
    }
  }
}

/** Puts a slab of maps with `channels` channels, computed from one of {@link slabsOf}, to where it belongs. */
export function putSlab(slab: Slab, maps: Tensor, channels: number, plane: number): void {
  const data = maps.data as Numbers;
  if (slab.plane === plane) data.set(slab.data, slab.image * channels * plane);
  else copyBlocks(slab, { data, channels, plane }, false);
}

interface Whole {
  readonly data: Numbers;
  readonly channels: number;
  readonly plane: number;
}

function copyBlocks(slab: Slab, { data, channels, plane }: Whole, out: boolean): void {
  for (let unit = 0; unit < slab.units; unit++) {
    for (let c = 0; c < channels; c++) {
      const there = (slab.image * channels + c) * plane + slab.pixel + unit * slab.plane;
      const here = (unit * channels + c) * slab.plane;
      if (out) slab.data.set(data.subarray(there, there + slab.plane), here);
      else data.set(slab.data.subarray(here, here + slab.plane), there);
    }
  }
}
