/** Answers messages from clients. The content of each is checked before anything is done with it. */
import type { IoContext, Request } from "./context.js";
import type { Executions } from "./executions.js";
import { kernelInfo } from "./kernel-info.js";
import { log } from "./log.js";
import { isRequestType, parseRequest, type RequestContent, type RequestType } from "./requests.js";
import { toCodePoints, toUtf16 } from "./text-offset.js";

type Reply = Record<string, unknown>;

/** What the router needs of the rest of the io thread. */
export interface RouterParts {
  readonly io: IoContext;
  readonly executions: Executions;
  /** Open comms: target name by comm id. */
  readonly comms: Map<string, string>;
  readonly connection: Readonly<Record<string, unknown>>;
  interrupt(): void;
  shutdown(): void;
}

/** Comm messages that main has not finished with, by the id under which it has them: their number on the line to main, and what to say then. */
export type Unfinished = Map<string, { readonly seq: number; readonly finish: () => void }>;

/** Returns the function that takes every request from shell and control. */
export function createRouter(parts: RouterParts, unfinished: Unfinished): (request: Request) => void {
  const { io, executions } = parts;
  const answers = createAnswers(parts);
  let comms = 0;

  /** A client takes any `idle` for the kernel's state, so while a cell runs each is followed by that cell's `busy`. */
  const idle = (parent: string): void => {
    io.publisher.status("idle", parent);
    const current = executions.current();
    if (current) io.publisher.status("busy", current.request.parent);
  };
  const answer = async (request: Request, type: RequestType, content: never): Promise<void> => {
    let reply: Reply;
    try {
      reply = (await answers[type]?.(content)) ?? {};
    } catch (error) {
      log(`${type}: ${(error as Error).message}`);
      reply = errorReply("KernelError", (error as Error).message);
    }
    io.reply(request, replyType(type), reply);
    idle(request.parent);
  };

  return (request) => {
    const type = request.message.header.msg_type;
    if (!isRequestType(type)) return refuse(io, request, `unknown message type ${JSON.stringify(type.slice(0, 80))}`);
    const parsed = parseRequest(type, request.message.content);
    if (!parsed.ok) return refuse(io, request, parsed.reason);
    if (type === "execute_request") return executions.add(request, parsed.content as RequestContent<"execute_request">);
    io.publisher.status("busy", request.parent);
    if (isCommType(type)) {
      // A number of our own: nothing keeps clients from using a message id twice.
      const id = `comm-${++comms}`;
      const seq = forwardComm(parts, request, id, type, parsed.content as RequestContent<"comm_open">);
      unfinished.set(id, { seq, finish: () => idle(request.parent) });
    } else if (type === "shutdown_request") {
      shutDown(parts, request, parsed.content as RequestContent<"shutdown_request">);
    } else {
      answer(request, type, parsed.content as never);
    }
  };
}

type Answers = { [Type in RequestType]?: (content: RequestContent<Type>) => Reply | Promise<Reply> };

/** Returns the replies that need no user code. */
function createAnswers({ io, comms, connection, interrupt }: RouterParts): Answers {
  return {
    kernel_info_request: () => kernelInfo,
    connect_request: () => ({ status: "ok", ...connection }),
    complete_request: (content) => complete(io, content),
    inspect_request: async ({ code, cursor_pos }) => {
      const offset = cursor_pos === undefined ? code.length : toUtf16(code, cursor_pos);
      const text = (await io.compiler.inspect(code, offset)) ?? "";
      return { status: "ok", found: text !== "", data: text === "" ? {} : { "text/plain": text }, metadata: {} };
    },
    is_complete_request: async ({ code }) => ({ ...(await io.compiler.isComplete(code)) }),
    history_request: (content) => ({ status: "ok", history: io.history.query(content) }),
    comm_info_request: ({ target_name }) => {
      const open = [...comms].filter(([, target]) => !target_name || target === target_name);
      return { status: "ok", comms: Object.fromEntries(open.map(([id, target]) => [id, { target_name: target }])) };
    },
    interrupt_request: () => {
      interrupt();
      return { status: "ok" };
    },
  };
}

async function complete(io: IoContext, { code, cursor_pos }: RequestContent<"complete_request">): Promise<Reply> {
  const offset = cursor_pos === undefined ? code.length : toUtf16(code, cursor_pos);
  const { start, end, matches } = await io.compiler.complete(code, offset);
  const range = { start: toCodePoints(code, start), end: toCodePoints(code, end) };
  return {
    status: "ok",
    matches: matches.map(({ text }) => text),
    cursor_start: range.start,
    cursor_end: range.end,
    metadata: { _jupyter_types_experimental: matches.map((match) => ({ ...match, ...range })) },
  };
}

type CommType = "comm_open" | "comm_msg" | "comm_close";

function isCommType(type: RequestType): type is CommType {
  return type === "comm_open" || type === "comm_msg" || type === "comm_close";
}

/** Hands a comm message to main and returns its number on the line. */
function forwardComm(
  { io, comms }: RouterParts,
  { message, parent }: Request,
  id: string,
  type: CommType,
  { comm_id: commId, data, target_name: targetName = "" }: RequestContent<"comm_open">,
): number {
  if (type === "comm_open") comms.set(commId, targetName);
  if (type === "comm_close") comms.delete(commId);
  const { metadata, buffers } = message;
  const event = type.slice("comm_".length) as "open" | "msg" | "close";
  return io.link.post({ kind: "comm", id, parent, event, commId, targetName, data, metadata, buffers });
}

/** Answers on both sockets, as the protocol asks, before the process ends. */
function shutDown({ io, shutdown }: RouterParts, request: Request, content: RequestContent<"shutdown_request">): void {
  const reply = { status: "ok", restart: content.restart };
  io.reply(request, "shutdown_reply", reply);
  io.publisher.publish({ type: "shutdown_reply", content: reply, parent: request.parent });
  io.publisher.status("idle", request.parent);
  shutdown();
}

/** A request that cannot be served is answered, so that no client waits; anything else is only logged. */
function refuse(io: IoContext, request: Request, reason: string): void {
  log(`refused: ${reason}`);
  const type = request.message.header.msg_type;
  if (!/^\w{1,80}_request$/.test(type)) return;
  io.publisher.status("busy", request.parent);
  io.reply(request, replyType(type), errorReply("ProtocolError", reason));
  io.publisher.status("idle", request.parent);
}

function replyType(requestType: string): string {
  return requestType.replace(/_request$/, "_reply");
}

function errorReply(ename: string, evalue: string): Reply {
  return { status: "error", ename, evalue, traceback: [`${ename}: ${evalue}`] };
}
