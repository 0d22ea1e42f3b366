/** A Jupyter client over ZeroMQ: enough to run notebooks headless and to test a kernel as its clients see it. */
import { randomUUID } from "node:crypto";
import { Dealer, Request, Subscriber } from "zeromq";
import { type ConnectionInfo, endpoint } from "./connection.js";
import { createSigner, decode, encode, type Message } from "./wire.js";

/** The channels on which a client sends. */
export type ClientChannel = "shell" | "control" | "stdin";

/** What {@link KernelClient.send} takes besides type and content. */
export interface SendOptions {
  readonly channel?: ClientChannel;
  readonly metadata?: Record<string, unknown>;
  readonly buffers?: readonly Uint8Array[];
}

/** See {@link connectKernel}. */
export interface KernelClient {
  readonly session: string;
  /** Sends a request and returns its message id. */
  send(type: string, content: Record<string, unknown>, options?: SendOptions): string;
  /** Sends a request and resolves with its reply on the same channel. */
  request(type: string, content?: Record<string, unknown>, options?: SendOptions): Promise<Message>;
  /** Answers an `input_request`. */
  answer(request: Message, value: string): void;
  /** Calls `handler` for each message until the returned function is called. */
  on(channel: ClientChannel | "iopub", handler: (message: Message) => void): () => void;
  /** Resolves true when the heartbeat comes back within `timeout` milliseconds. */
  isAlive(timeout: number): Promise<boolean>;
  /** Sends `kernel_info_request` until the kernel answers and its iopub messages arrive. */
  ready(timeout?: number): Promise<Message>;
  /** Sends frames as they are, for tests of what a kernel must refuse. */
  sendRaw(channel: ClientChannel, frames: readonly Uint8Array[]): void;
  close(): void;
}

type Handler = (message: Message) => void;

const incoming = { receiveHighWaterMark: 0, linger: 0 };
const noLimit = { ...incoming, sendHighWaterMark: 0 };

/** Connects to the kernel of a connection file. Nothing is sent yet. */
export function connectKernel(info: ConnectionInfo): KernelClient {
  const signer = createSigner(info.key, info.signature_scheme);
  const session = randomUUID();
  const routingId = randomUUID();
  const sockets = {
    shell: new Dealer({ ...noLimit, routingId }),
    control: new Dealer({ ...noLimit, routingId }),
    stdin: new Dealer({ ...noLimit, routingId }),
    iopub: new Subscriber(incoming),
  };
  const channels = Object.keys(sockets) as (keyof typeof sockets)[];
  const handlers = new Map(channels.map((channel) => [channel, new Set<Handler>()]));
  const tails = new Map<string, Promise<void>>();
  for (const channel of channels) {
    sockets[channel].connect(endpoint(info, channel));
    listen(sockets[channel], (frames) => {
      const message = decode(signer, frames);
      for (const handler of [...(handlers.get(channel) ?? [])]) handler(message);
    });
  }
  sockets.iopub.subscribe();

  const sendRaw = (channel: ClientChannel, frames: readonly Uint8Array[]): void => {
    const before = tails.get(channel) ?? Promise.resolve();
    tails.set(
      channel,
      before.then(() => sockets[channel].send(frames as Buffer[])).catch(() => undefined),
    );
  };
  const send = (
    type: string,
    content: Record<string, unknown>,
    options: SendOptions = {},
    id = randomUUID(),
  ): string => {
    const { channel = "shell", ...rest } = options;
    sendRaw(channel, encode(signer, { type, session, content, id, ...rest }));
    return id;
  };
  const on = (channel: ClientChannel | "iopub", handler: Handler): (() => void) => {
    handlers.get(channel)?.add(handler);
    return () => handlers.get(channel)?.delete(handler);
  };
  const request = (type: string, content: Record<string, unknown> = {}, options: SendOptions = {}): Promise<Message> =>
    new Promise((resolve) => {
      const id = randomUUID();
      const off = on(options.channel ?? "shell", (message) => {
        if (message.parentHeader.msg_id !== id) return;
        off();
        resolve(message);
      });
      send(type, content, options, id);
    });

  return {
    session,
    send: (type, content, options) => send(type, content, options),
    request,
    on,
    sendRaw,
    answer: (question, value) => {
      const content = { value };
      sendRaw("stdin", encode(signer, { type: "input_reply", session, content, parent: question.header }));
    },
    isAlive: (timeout) => heartbeat(info, timeout),
    ready: (timeout = 30_000) => waitUntilReady(on, send, timeout),
    close: () => {
      for (const socket of Object.values(sockets)) socket.close();
    },
  };
}

async function listen(socket: AsyncIterable<Buffer[]>, receive: (frames: Buffer[]) => void): Promise<void> {
  try {
    for await (const frames of socket) receive(frames);
  } catch (error) {
    // A closed socket ends the loop; anything else is a message that the kernel signed wrongly.
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN" && (error as Error).name === "WireError") throw error;
  }
}

async function heartbeat(info: ConnectionInfo, timeout: number): Promise<boolean> {
  const socket = new Request({ linger: 0, receiveTimeout: timeout });
  try {
    socket.connect(endpoint(info, "hb"));
    await socket.send("ping");
    await socket.receive();
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

/** A subscriber that joins late misses messages, so the question is repeated until its echo on iopub is seen. */
function waitUntilReady(
  on: KernelClient["on"],
  send: (type: string, content: Record<string, unknown>) => string,
  timeout: number,
): Promise<Message> {
  return new Promise((resolve, reject) => {
    const asked = new Set<string>();
    let reply: Message | undefined;
    let published = false;
    const finish = (settle: () => void): void => {
      clearInterval(repeat);
      clearTimeout(limit);
      offShell();
      offIopub();
      settle();
    };
    const check = (): void => {
      if (reply && published) finish(() => resolve(reply as Message));
    };
    const offShell = on("shell", (message) => {
      if (asked.has(message.parentHeader.msg_id ?? "")) reply = message;
      check();
    });
    const offIopub = on("iopub", (message) => {
      if (asked.has(message.parentHeader.msg_id ?? "")) published = true;
      check();
    });
    const ask = (): void => {
      asked.add(send("kernel_info_request", {}));
    };
    const repeat = setInterval(ask, 100);
    const limit = setTimeout(() => {
      finish(() => reject(new Error(`ready: the kernel did not answer within ${timeout} ms`)));
    }, timeout);
    ask();
  });
}
