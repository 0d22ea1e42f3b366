/** Questions of a cell to the client that runs it, and the answers. */
import type { MessagePort } from "node:worker_threads";
import { sharedSlots, type ToIo } from "./channel.js";
import type { Request } from "./context.js";
import type { ReplyChannel } from "./sockets.js";
import { encode, type Message, type Signer } from "./wire.js";

/** A question from main. */
export type Question = Extract<ToIo, { kind: "input" }>;

/** Returns the function that sends an `input_request` to the client whose cell is running. */
export function createAsker(
  signer: Signer,
  session: string,
  current: () => { readonly request: Request } | undefined,
  send: (channel: ReplyChannel, frames: readonly Uint8Array[]) => Promise<void>,
): (question: Question) => void {
  return ({ prompt }) => {
    const request = current()?.request;
    if (!request) return;
    const { identities } = request.message;
    const content = { prompt, password: false };
    send("stdin", encode(signer, { type: "input_request", session, content, parent: request.parent, identities }));
  };
}

/** Hands an `input_reply` to the main thread and wakes it. */
export function answerQuestion(port: MessagePort, shared: Int32Array, message: Message): void {
  if (message.header.msg_type !== "input_reply") return;
  const { value } = message.content;
  port.postMessage(typeof value === "string" ? value : "");
  Atomics.store(shared, sharedSlots.input, 1);
  Atomics.notify(shared, sharedSlots.input);
}
