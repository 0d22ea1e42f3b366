/** The main thread's ear to the io thread: takes up each message once, and asks again for one that a stop swallowed. */
import { type Numbered, sharedSlots, type ToMain } from "../io/channel.js";
import type { Line } from "./line.js";

/** Returns the handler of the port. See `createMainLink` for the other end. */
export function createReceiver(
  shared: Int32Array,
  line: Line,
  handle: (message: ToMain) => void,
): (numbered: Numbered) => void {
  /** Numbers beyond the first gap. */
  const ahead = new Set<number>();
  return ({ seq, message }) => {
    let seen = Atomics.load(shared, sharedSlots.seen);
    if (seq <= seen || ahead.has(seq)) return;
    ahead.add(seq);
    while (ahead.delete(seen + 1)) seen++;
    Atomics.store(shared, sharedSlots.seen, seen);
    if (seen < seq) {
      const seqs = Array.from({ length: seq - seen - 1 }, (_, index) => seen + 1 + index);
      line.send({ kind: "lost", seqs: seqs.filter((one) => !ahead.has(one)) });
    }
    handle(message);
  };
}
