/** From frames to requests: the signature first, then the JSON, then whether it was seen before. */
import type { Request } from "./context.js";
import { log } from "./log.js";
import { isNestedDeeper } from "./nesting.js";
import { createReplayGuard } from "./replay.js";
import type { ReplyChannel } from "./sockets.js";
import { decode, type Signer, WireError } from "./wire.js";

/**
 * How deep JSON may nest. Threads copy messages recursively, and what one thread's stack can just write another's may
 * not be able to read. No front end comes near.
 */
const maxNesting = 500;

/** Returns a function that reads one message; what cannot be trusted is logged in a line and dropped. */
export function createReader(
  signer: Signer,
): (channel: ReplyChannel, frames: readonly Uint8Array[]) => Request | undefined {
  const isNew = createReplayGuard(signer);
  return (channel, frames) => {
    try {
      const message = decode(signer, frames);
      if (isNestedDeeper(message, maxNesting)) throw new WireError(`nested deeper than ${maxNesting} levels`);
      if (isNew(frames)) return { channel, message, parent: JSON.stringify(message.header) };
      log("dropped a replayed message");
    } catch (error) {
      log(`dropped a message: ${(error as Error).message}`);
    }
    return undefined;
  };
}
