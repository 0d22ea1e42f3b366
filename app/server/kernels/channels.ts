/** One client's ZeroMQ sockets to a kernel. */
import { randomBytes } from "node:crypto";
import { Dealer, Subscriber } from "zeromq";
import { type ConnectionInfo, endpoint } from "../../../kernel/io/connection.js";
import { createSigner, joinFrames, splitFrames } from "../../../kernel/io/wire.js";
import type { ChannelMessage } from "./frames.js";

/** The open sockets of one client. */
export interface Channels {
  /** Signs and queues a message for the kernel; one for iopub, where kernels only speak, is dropped. */
  send(message: ChannelMessage): void;
  close(): void;
}

/** Queues without limit: output is never dropped on our side, and a send never fails for want of room. */
const unlimited = { sendHighWaterMark: 0, receiveHighWaterMark: 0 } as const;

/** What {@link openChannels} takes besides the connection. */
export interface ChannelsOptions {
  /** Of iopub, hear only messages of these types once it is known under which topics they are published. */
  readonly onlyTypes?: readonly string[];
}

/** Connects to a kernel's channels. What it says, if rightly signed, goes to *receive*. */
export function openChannels(
  info: ConnectionInfo,
  receive: (message: ChannelMessage) => void,
  { onlyTypes }: ChannelsOptions = {},
): Channels {
  const signer = createSigner(info.key, info.signature_scheme);
  // The kernel sends an input request to the identity that asked for the execution: all three share it.
  const routingId = `lowbit-${randomBytes(8).toString("hex")}`;
  const dealers = {
    shell: new Dealer({ ...unlimited, routingId, linger: 0 }),
    control: new Dealer({ ...unlimited, routingId, linger: 0 }),
    stdin: new Dealer({ ...unlimited, routingId, linger: 0 }),
  };
  const iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  iopub.subscribe();

  let narrowTo = onlyTypes;
  const accept = (channel: ChannelMessage["channel"], frames: readonly Uint8Array[]): void => {
    const raw = splitFrames(frames);
    if (!signer.verify(raw.signature, raw.parts)) return;
    if (narrowTo && channel === "iopub" && narrow(iopub, raw.identities[0], narrowTo)) narrowTo = undefined;
    receive({ channel, parts: raw.parts, buffers: raw.buffers });
  };
  for (const channel of ["shell", "control", "stdin"] as const) {
    dealers[channel].connect(endpoint(info, channel));
    readAll(dealers[channel], (frames) => accept(channel, frames));
  }
  iopub.connect(endpoint(info, "iopub"));
  readAll(iopub, (frames) => accept("iopub", frames));

  const send = createSender((channel, frames) => dealers[channel].send(frames));
  return {
    send: ({ channel, parts, buffers }) => {
      if (channel !== "iopub") send(channel, joinFrames(signer, parts, buffers) as Buffer[]);
    },
    close: () => {
      for (const socket of [...Object.values(dealers), iopub]) socket.close();
    },
  };
}

type Outgoing = "shell" | "control" | "stdin";

/** zeromq.js allows one pending send per socket, so each waits for the one before. */
function createSender(
  send: (channel: Outgoing, frames: Buffer[]) => Promise<void>,
): (channel: Outgoing, frames: Buffer[]) => void {
  const tails = new Map<Outgoing, Promise<void>>();
  return (channel, frames) => {
    const sent = (tails.get(channel) ?? Promise.resolve()).then(() => send(channel, frames));
    tails.set(
      channel,
      sent.catch(() => undefined),
    );
  };
}

/** Kernels of Jupyter name their topics `kernel.<id>.<type>`. Returns whether this was such a topic. */
function narrow(iopub: Subscriber, topic: Uint8Array | undefined, types: readonly string[]): boolean {
  const [, kernel] = /^(kernel\.[\w-]+\.)status$/.exec(Buffer.from(topic ?? []).toString("latin1")) ?? [];
  if (kernel === undefined) return false;
  iopub.subscribe(...types.map((type) => `${kernel}${type}`));
  iopub.unsubscribe("");
  return true;
}

async function readAll(socket: Dealer | Subscriber, accept: (frames: readonly Uint8Array[]) => void): Promise<void> {
  try {
    for await (const frames of socket) {
      try {
        accept(frames);
      } catch {
        // Not a Jupyter message; the next one may be.
      }
    }
  } catch {
    // The socket was closed.
  }
}
