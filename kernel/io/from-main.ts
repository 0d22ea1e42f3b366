/** What the io thread does with the messages of the main thread. */
import { kilobytesOf, sharedSlots, type ToIo } from "./channel.js";
import type { IoContext } from "./context.js";
import type { Executions } from "./executions.js";
import type { Interrupter } from "./interrupt.js";
import type { Unfinished } from "./router.js";
import type { Question } from "./stdin.js";

/** What {@link createMainReceiver} needs. */
export interface MainReceiverParts {
  readonly io: IoContext;
  readonly executions: Executions;
  /** Open comms: target name by comm id. */
  readonly comms: Map<string, string>;
  readonly unfinished: Unfinished;
  readonly interrupter: Interrupter;
  readonly shared: Int32Array;
  ask(question: Question): void;
  /** The process is about to exit: send what is left and let main go. */
  exiting(): void;
}

type Publish = Extract<ToIo, { kind: "publish" }>;

/** Returns the handler of main's messages. */
export function createMainReceiver(parts: MainReceiverParts): (message: ToIo) => void {
  const { io, executions, comms, unfinished, interrupter, shared } = parts;
  const landed = (kilobytes: number): void => {
    Atomics.sub(shared, sharedSlots.inFlight, kilobytes);
    Atomics.notify(shared, sharedSlots.inFlight);
  };
  const publish = (message: Publish): void => {
    const { comm, content, parent, type } = message;
    if (comm?.targetName !== undefined) comms.set(comm.id, comm.targetName);
    else if (comm) comms.delete(comm.id);
    if (type === "execute_result") noteResult(executions, parent, content);
    const kilobytes = kilobytesOf(message);
    io.publisher.publish(message).then(() => landed(kilobytes));
  };
  return (message) => {
    switch (message.kind) {
      case "stream": {
        const { name, text, parent } = message;
        io.publisher.stream(name, text, parent).then(() => landed(kilobytesOf(message)));
        return;
      }
      case "publish":
        return publish(message);
      case "done":
      case "evaluated":
        return executions.receive(message);
      case "handled":
        unfinished.get(message.id)?.finish();
        unfinished.delete(message.id);
        return;
      case "interrupted":
        return interrupter.answered(message.token);
      case "lost":
        return io.link.resend(message.seqs);
      case "input":
        return parts.ask(message);
      case "exiting":
        return parts.exiting();
    }
  };
}

/** The history keeps the text of a result beside its input. */
function noteResult(executions: Executions, parent: string, content: string): void {
  const text = (JSON.parse(content) as { data?: Record<string, unknown> }).data?.["text/plain"];
  if (typeof text === "string") executions.noteResult(parent, text);
}
