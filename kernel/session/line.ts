/** The main thread's line to the io thread: what is sent, and back-pressure when too much is under way. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { kilobytesOf, sharedSlots, type ToIo } from "../io/channel.js";

/** Output that may be under way before the main thread waits, in kilobytes. */
const maxInFlight = 32 * 1024;

/** See {@link createLine}. */
export interface Line {
  /** Sends a message; with output it waits (and can be stopped while it waits) when io cannot keep up. */
  send(message: ToIo): void;
  /** Sends stream text. */
  stream(name: "stdout" | "stderr", text: string, parent: string): void;
  /** Asks the client for a line of text and blocks until it comes. */
  ask(prompt: string): string;
  /** Waits until everything that was sent has left the process; to be called when it exits. */
  close(): void;
}

/** How long an exit waits for the io thread, in milliseconds. */
const closeTimeout = 2000;

/** Returns the line over the ports to io. */
export function createLine(port: MessagePort, input: MessagePort, shared: Int32Array): Line {
  const post = (message: ToIo): void => port.postMessage(message, ownedMemory(message));
  const send = (message: ToIo): void => {
    if (message.kind !== "stream" && message.kind !== "publish") {
      post(message);
      return;
    }
    const kilobytes = kilobytesOf(message);
    for (;;) {
      const under = Atomics.load(shared, sharedSlots.inFlight);
      if (under <= maxInFlight) break;
      Atomics.wait(shared, sharedSlots.inFlight, under, 1000);
    }
    // Counted after it is sent: a stop between the two must not leave a debt behind.
    post(message);
    Atomics.add(shared, sharedSlots.inFlight, kilobytes);
  };
  return {
    send,
    stream: (name, text, parent) => send({ kind: "stream", name, text, parent }),
    ask: (prompt) => {
      while (receiveMessageOnPort(input)) {
        // An answer to a question that was stopped is not the answer to this one.
      }
      Atomics.store(shared, sharedSlots.input, 0);
      send({ kind: "input", prompt });
      Atomics.wait(shared, sharedSlots.input, 0);
      return String(receiveMessageOnPort(input)?.message ?? "");
    },
    close: () => {
      send({ kind: "exiting" });
      Atomics.wait(shared, sharedSlots.closed, 0, closeTimeout);
    },
  };
}

/** The memory that a message takes along: its buffers are copies made for it, which need not be copied again. */
function ownedMemory(message: ToIo): ArrayBuffer[] {
  if (message.kind !== "publish" || !message.buffers) return [];
  return message.buffers.map(({ buffer }) => buffer as ArrayBuffer);
}
