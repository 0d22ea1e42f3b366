/** One front end's connection to a kernel. It outlives the websocket: while the front end is away, what the
 * kernel says is kept and handed over when the same front end comes back. */
import type { WebSocket } from "ws";
import type { ConnectionInfo } from "../../../kernel/io/connection.js";
import { type Channels, openChannels } from "./channels.js";
import { type ChannelMessage, packMessage, unpackMessage } from "./frames.js";
import { createOutputLimit } from "./output-limit.js";
import type { Spool } from "./spool.js";

/** How much is kept for a front end that is away, in bytes; beyond it the oldest messages go. */
const backlogLimit = 64 * 2 ** 20;

/** What a {@link ClientLink} reports. */
export interface ClientLinkEvents {
  /** The front end sent *message*; it is on its way to the kernel. */
  sent(message: ChannelMessage): void;
  /** The front end stayed away so long that its messages would be incomplete. */
  overflow(link: ClientLink): void;
}

/** A front end's sockets to a kernel, with or without a websocket at the other end. */
export class ClientLink {
  #markHeard: () => void = () => undefined;
  #whenHeard: Promise<void> = new Promise((resolve) => {
    this.#markHeard = resolve;
  });
  #heard = false;
  #channels: Channels | undefined;
  #websocket: WebSocket | undefined;
  #left = false;
  #closed = false;
  #backlog: { readonly message: ChannelMessage; readonly bytes: number }[] = [];
  #backlogBytes = 0;
  readonly #limit: (message: ChannelMessage) => readonly ChannelMessage[];
  #address: string | undefined;
  readonly #events: ClientLinkEvents;

  /** @param spool where text goes that is too long for the page */
  constructor(spool: Spool, events: ClientLinkEvents) {
    this.#events = events;
    this.#limit = createOutputLimit({
      spool,
      link: ({ name }) => (this.#address === undefined ? undefined : `${this.#address}/output/${name}`),
    });
  }

  get connected(): boolean {
    return this.#websocket !== undefined;
  }

  /** Whether the front end was here and went away; false while it is still on its way. */
  get left(): boolean {
    return this.#left;
  }

  /** Whether this link was closed for good. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether the kernel's publications arrive. */
  get heard(): boolean {
    return this.#heard;
  }

  /** Resolves when they do. */
  get whenHeard(): Promise<void> {
    return this.#whenHeard;
  }

  /** Connects to the kernel, or to the process that has taken its place. */
  open(info: ConnectionInfo): void {
    this.#channels?.close();
    this.#markHeard();
    this.#heard = false;
    this.#whenHeard = new Promise((resolve) => {
      this.#markHeard = resolve;
    });
    const channels = openChannels(info, (message) => {
      // What sockets that were just closed still held is no sign of the kernel behind the new ones.
      if (this.#channels !== channels) return;
      if (message.channel === "iopub") {
        this.#heard = true;
        this.#markHeard();
      }
      this.receive(message);
    });
    this.#channels = channels;
  }

  /** A front end is on its way: until it is here, or {@link leave} says that it is not coming, it has not left. */
  expect(): void {
    this.#left = false;
  }

  /** The front end on its way is not coming. */
  leave(): void {
    this.#left = !this.connected;
  }

  /** Takes a message for the front end: to the websocket, or to the backlog. */
  receive(received: ChannelMessage): void {
    for (const message of this.#limit(received)) this.#deliver(message);
  }

  #deliver(message: ChannelMessage): void {
    if (this.#websocket) {
      sendFragments(this.#websocket, packMessage(message));
      return;
    }
    const bytes = [...message.parts, ...message.buffers].reduce((sum, frame) => sum + frame.length, 0);
    this.#backlog.push({ message, bytes });
    this.#backlogBytes += bytes;
    if (this.#backlogBytes > backlogLimit) this.#events.overflow(this);
  }

  /**
   * Hands the backlog to *websocket* and lets it take part from now on. An older websocket is closed.
   * @param address of this kernel in the API, as the front end reaches it
   */
  attach(websocket: WebSocket, address?: string): void {
    this.#address = address;
    this.#websocket?.close(1000, "replaced by a newer connection");
    this.#websocket = websocket;
    const backlog = this.#backlog;
    this.#backlog = [];
    this.#backlogBytes = 0;
    for (const { message } of backlog) sendFragments(websocket, packMessage(message));
    websocket.on("message", (data: Buffer, isBinary: boolean) => {
      if (!isBinary) return websocket.close(1003, "only binary messages");
      try {
        const message = unpackMessage(data);
        this.#events.sent(message);
        this.#channels?.send(message);
      } catch {
        websocket.close(1007, "not a message of this subprotocol");
      }
    });
    websocket.on("error", () => websocket.terminate());
    websocket.on("close", () => {
      if (this.#websocket !== websocket) return;
      this.#websocket = undefined;
      this.#left = true;
    });
  }

  /** Disconnects from both sides. */
  close(): void {
    this.#closed = true;
    this.#channels?.close();
    this.#channels = undefined;
    this.#backlog = [];
    this.#backlogBytes = 0;
    this.#websocket?.close(1000);
    this.#markHeard();
  }
}

function sendFragments(websocket: WebSocket, fragments: readonly Uint8Array[]): void {
  const last = fragments.length - 1;
  for (const [index, fragment] of fragments.entries()) websocket.send(fragment, { binary: true, fin: index === last });
}
