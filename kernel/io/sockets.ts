/** The kernel's ZeroMQ sockets: bound, read, and written one message at a time. */
import { Publisher, Reply, Router } from "zeromq";
import { type ConnectionInfo, endpoint } from "./connection.js";
import { log } from "./log.js";

/** Replies never wait for room: clients that ask have room for the answer, and libzmq queues without a limit. */
const unlimited = { sendHighWaterMark: 0, receiveHighWaterMark: 0 };
/**
 * On iopub a message waits while a client has this many that it has not fetched, instead of being dropped: what is
 * printed then makes its cell wait, and the kernel does not grow.
 */
const mostUnfetched = 128;
/** How long before a message that found no room is offered again, in milliseconds. */
const offerAgain = 5;
/** How long closing waits for messages that find no room, in milliseconds. */
const closePatience = 1000;
/** Half a gigabyte: beyond any notebook, and short of what a hostile client could make us allocate. */
const maxMessageSize = 512 * 1024 * 1024;

/** The channels on which a kernel answers. */
export type ReplyChannel = "shell" | "control" | "stdin";

/** The open sockets of a kernel. */
export interface Sockets {
  /** Queues one message; resolves when the socket has taken it. */
  send(channel: ReplyChannel | "iopub", frames: readonly Uint8Array[]): Promise<void>;
  close(): Promise<void>;
  /** Closes at once and sends nothing more, from a thread that is about to end. */
  abandon(): void;
}

/**
 * Binds all five sockets. Heartbeats are echoed here; everything else goes to `receive`.
 * @throws Error when an address cannot be bound
 */
export async function openSockets(
  info: ConnectionInfo,
  receive: (channel: ReplyChannel, frames: Uint8Array[]) => void,
): Promise<Sockets> {
  const routers = {
    shell: new Router({ ...unlimited, maxMessageSize, linger: 1000 }),
    control: new Router({ ...unlimited, maxMessageSize, linger: 1000 }),
    stdin: new Router({ ...unlimited, maxMessageSize, linger: 1000 }),
  };
  const iopub = new Publisher({ sendHighWaterMark: mostUnfetched, noDrop: true, linger: 1000 });
  const heartbeat = new Reply({ linger: 0 });
  await Promise.all([
    ...(["shell", "control", "stdin"] as const).map((channel) => routers[channel].bind(endpoint(info, channel))),
    iopub.bind(endpoint(info, "iopub")),
    heartbeat.bind(endpoint(info, "hb")),
  ]);
  for (const channel of ["shell", "control", "stdin"] as const) read(routers[channel], channel, receive);
  echo(heartbeat);

  const all = { ...routers, iopub };
  const tails = new Map<string, Promise<void>>();
  const abandon = (): void => {
    for (const socket of [...Object.values(all), heartbeat]) socket.close();
  };
  return {
    send: (channel, frames) => {
      // zeromq.js allows one pending send per socket, so each waits for the one before.
      const next = (tails.get(channel) ?? Promise.resolve()).then(() => offer(all[channel], frames));
      const settled = next.catch(() => undefined);
      tails.set(channel, settled);
      return settled;
    },
    close: async () => {
      // A client that has stopped fetching must not keep the kernel from ending.
      const patience = new Promise((resolve) => setTimeout(resolve, closePatience));
      await Promise.race([Promise.all(tails.values()), patience]);
      abandon();
    },
    abandon,
  };
}

/** Sends; on iopub libzmq tells of room where there is none, so a message that was not taken is offered again. */
async function offer(socket: Publisher | Router, frames: readonly Uint8Array[]): Promise<void> {
  while (!socket.closed) {
    try {
      return await socket.send(frames as Buffer[]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, offerAgain));
  }
}

async function read(
  socket: Router,
  channel: ReplyChannel,
  receive: (channel: ReplyChannel, frames: Uint8Array[]) => void,
): Promise<void> {
  try {
    for await (const frames of socket) {
      try {
        receive(channel, frames as Uint8Array[]);
      } catch (error) {
        // One message that cannot be handled must not end the channel.
        log(`${channel}: ${(error as Error).message}`);
      }
    }
  } catch {
    // The socket was closed: the kernel is on its way out.
  }
}

async function echo(socket: Reply): Promise<void> {
  try {
    for await (const frames of socket) await socket.send(frames as Buffer[]);
  } catch {
    // Closed, as above.
  }
}
