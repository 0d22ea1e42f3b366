/** A signed message that was recorded and sent again is dropped. */
import { type Signer, splitFrames } from "./wire.js";

/** How many recent signatures are remembered. */
const remembered = 65_536;

/** Returns a test that is true for frames seen for the first time; always true when messages are unsigned. */
export function createReplayGuard(signer: Signer): (frames: readonly Uint8Array[]) => boolean {
  const seen = new Set<string>();
  return (frames) => {
    if (!signer.signed) return true;
    const { signature } = splitFrames(frames);
    if (seen.has(signature)) return false;
    seen.add(signature);
    if (seen.size > remembered) seen.delete(seen.values().next().value as string);
    return true;
  };
}
