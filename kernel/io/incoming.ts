/** From frames to requests: the signature first, then the JSON, then whether it was seen before. */
import type { Request } from "./context.js";
import { log } from "./log.js";
import { createReplayGuard } from "./replay.js";
import type { ReplyChannel } from "./sockets.js";
import { decode, type Signer } from "./wire.js";

/** Returns a function that reads one message; what cannot be trusted is logged in a line and dropped. */
export function createReader(
  signer: Signer,
): (channel: ReplyChannel, frames: readonly Uint8Array[]) => Request | undefined {
  const isNew = createReplayGuard(signer);
  return (channel, frames) => {
    try {
      const message = decode(signer, frames);
      if (isNew(frames)) return { channel, message, parent: JSON.stringify(message.header) };
      log("dropped a replayed message");
    } catch (error) {
      log(`dropped a message: ${(error as Error).message}`);
    }
    return undefined;
  };
}
