/** The io thread's line to the main thread, on which a message that a stop swallowed is sent again. */
import type { MessagePort } from "node:worker_threads";
import { type Numbered, sharedSlots, type ToMain } from "./channel.js";

/** See {@link createMainLink}. */
export interface MainLink {
  /** Returns the number under which the message went out. */
  post(message: ToMain): number;
  /** Sends these again: main saw later ones and never these. */
  resend(seqs: readonly number[]): void;
  /** The highest number up to which main has taken up everything. */
  seen(): number;
}

/**
 * A forced stop ends whatever JavaScript runs next on the main thread, which may be the handler of a message that
 * has just arrived. So messages are numbered, main notes what it took up, and the rest is kept until then.
 */
export function createMainLink(port: MessagePort, shared: Int32Array): MainLink {
  const kept = new Map<number, ToMain>();
  let last = 0;
  const seen = (): number => Atomics.load(shared, sharedSlots.seen);
  const send = (seq: number, message: ToMain): void => port.postMessage({ seq, message } satisfies Numbered);
  return {
    seen,
    post: (message) => {
      const upTo = seen();
      for (const seq of kept.keys()) if (seq <= upTo) kept.delete(seq);
      last++;
      kept.set(last, message);
      send(last, message);
      return last;
    },
    resend: (seqs) => {
      for (const seq of seqs) {
        const message = kept.get(seq);
        if (message) send(seq, message);
      }
    },
  };
}
