/** What the parts of the io thread share. */
import type { CompilerClient } from "./compiler-client.js";
import type { History } from "./history.js";
import type { MainLink } from "./main-link.js";
import type { Publisher } from "./publisher.js";
import type { ReplyChannel } from "./sockets.js";
import type { Message } from "./wire.js";

/** A checked request and the way back to its sender. */
export interface Request {
  readonly channel: ReplyChannel;
  readonly message: Message;
  /** The header as JSON: the parent of all that answers it. */
  readonly parent: string;
}

/** The io thread's parts, as one record. */
export interface IoContext {
  readonly publisher: Publisher;
  readonly link: MainLink;
  readonly compiler: CompilerClient;
  readonly history: History;
  /** Sends a reply on the request's channel to its sender. */
  reply(request: Request, type: string, content: Record<string, unknown>): void;
}
