/** Streams that are changed at random: whatever the bytes, an error that names one of them, or symbols. */
import { expect, test } from "vitest";
import * as coding from "../../src/coding/index.js";
import { FileFormatError } from "../../src/errors.js";
import { isTensor } from "../../src/tensor/index.js";
import { describeBackends } from "../support/backends.js";
import { generator } from "./oracles.js";
import { coders, encoders, sealed, symbolTensor as tensor } from "./streams.js";

const next = generator(22);

describeBackends("mutated streams", () => {
  const seeds = coders.flatMap((coder) =>
    [
      tensor(
        Int8Array.from({ length: 60 }, (_, i) => ((i * 7) % 11) - 5),
        "int8",
        [6, 10],
      ),
      tensor(
        Uint16Array.from({ length: 300 }, (_, i) => (i % 17 === 0 ? i * 31 : 0)),
        "uint16",
      ),
      tensor(Uint8Array.of(1, 0, 1, 1, 0), "bool"),
      tensor(new Int32Array(0), "int32", [0, 4]),
    ].map((symbols) => coding.writeStream(encoders[coder](symbols))),
  );
  const extremes = [0, 1, 2, 0x7f, 0x80, 0xff];

  /** Changes one thing: a bit, a byte, a field, the length, a stretch of another stream, the order of bytes. */
  const mutate = (stream: Uint8Array): Uint8Array => {
    const at = next(stream.length);
    const copy = stream.slice();
    switch (next(7)) {
      case 0:
        (copy[at] as number) ^= 1 << next(8);
        return copy;
      case 1:
        copy[at] = extremes[next(extremes.length)] as number;
        return copy;
      case 2: {
        const field = Math.min(4 * next(7), copy.length - 4);
        const value = [0, 1, 2 ** 16, 2 ** 28, 2 ** 31, 2 ** 32 - 1, next(2 ** 32)][next(7)] as number;
        new DataView(copy.buffer).setUint32(field, value, true);
        return copy;
      }
      case 3:
        return copy.slice(0, at);
      case 4:
        return Uint8Array.of(
          ...copy.slice(0, at),
          ...Array.from({ length: 1 + next(6) }, () => next(256)),
          ...copy.slice(at),
        );
      case 5: {
        const other = seeds[next(seeds.length)] as Uint8Array;
        const from = next(other.length);
        copy.set(other.subarray(from, from + Math.min(next(20), copy.length - at)), at);
        return copy;
      }
      default:
        return Uint8Array.of(...copy.slice(0, at), ...copy.slice(at + 1 + next(4)));
    }
  };

  /** Makes the lengths and the checksum fit again, so that what is behind them is reached. */
  const repaired = (stream: Uint8Array): Uint8Array => {
    if (stream.length < 25) return sealed(stream);
    const view = new DataView(stream.buffer);
    stream.set(new TextEncoder().encode("LBCS"), 0);
    stream[4] = 1;
    const header = 17 + 4 * Math.min(stream[7] as number, 32);
    const room = stream.length - header - 4;
    if (room >= 0) {
      const table = Math.min(view.getUint32(header - 9, true), room);
      view.setUint32(header - 9, table, true);
      view.setUint32(header - 5, room - table, true);
    }
    return sealed(stream);
  };

  test("6,000 of them: a typed error that names a byte, or symbols of the right kind", () => {
    const outcomes = { refused: 0, refusedByDecoder: 0, read: 0 };
    for (let run = 0; run < 6000; run++) {
      let stream = seeds[run % seeds.length] as Uint8Array;
      for (let change = 1 + next(3); change > 0; change--) if (stream.length > 4) stream = mutate(stream);
      if (run % 6 > 0) stream = repaired(stream.slice());
      let coded: coding.Coded | undefined;
      try {
        coded = coding.readStream(stream);
        const symbols = coding.decode(coded);
        expect(isTensor(symbols)).toBe(true);
        expect(symbols.shape).toEqual(coded.shape);
        if (symbols.dtype === "bool") expect(symbols.data.every((value) => value < 2)).toBe(true);
        outcomes.read++;
      } catch (error) {
        if (!(error instanceof FileFormatError)) throw error;
        expect(error.byteOffset).toBeGreaterThanOrEqual(0);
        expect(error.byteOffset).toBeLessThanOrEqual(stream.length);
        if (coded === undefined) outcomes.refused++;
        else outcomes.refusedByDecoder++;
      }
    }
    // The mutations reach every depth.
    expect(outcomes.refused).toBeGreaterThan(1000);
    expect(outcomes.refusedByDecoder).toBeGreaterThan(1000);
    expect(outcomes.read).toBeGreaterThan(300);
  });
});
