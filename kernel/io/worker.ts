/** The io thread: owns the sockets, answers what needs no user code, and can stop the thread that runs it. */
import { randomUUID } from "node:crypto";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type IoData, sharedSlots, type ToIo } from "./channel.js";
import { createCompilerClient } from "./compiler-client.js";
import { type ConnectionInfo, readConnectionFile } from "./connection.js";
import type { IoContext, Request } from "./context.js";
import { createExecutions } from "./executions.js";
import { openHistory } from "./history.js";
import { createInterrupter } from "./interrupt.js";
import { endProcess, watchParent } from "./lifetime.js";
import { log } from "./log.js";
import { createMainLink } from "./main-link.js";
import { createPublisher } from "./publisher.js";
import { createReplayGuard } from "./replay.js";
import { createRouter, type Unfinished } from "./router.js";
import { openSockets, type ReplyChannel, type Sockets } from "./sockets.js";
import { createSigner, decode, encode, type Message, type Signer } from "./wire.js";

/** The ports that main sends before anything else. */
interface Ports {
  readonly main: MessagePort;
  readonly compiler: MessagePort;
  readonly input: MessagePort;
}

const data = workerData as IoData;
const shared = new Int32Array(data.shared);
const session = randomUUID();

function start(ports: Ports): void {
  const info = readConnectionFile(data.connectionFile);
  const signer = createSigner(info.key, info.signature_scheme);
  if (!signer.signed) log("the connection has no key: messages are not signed");
  if (info.transport === "tcp" && !isLoopback(info.ip))
    log("listening beyond this machine, as the connection file says");
  let sockets: Sockets | undefined;
  const send = (channel: ReplyChannel | "iopub", frames: readonly Uint8Array[]): Promise<void> =>
    sockets?.send(channel, frames) ?? Promise.resolve();
  const io: IoContext = {
    publisher: createPublisher(signer, session, (frames) => send("iopub", frames)),
    link: createMainLink(ports.main, shared),
    compiler: createCompilerClient(ports.compiler),
    history: openHistory(),
    reply: ({ channel, message, parent }, type, content) => {
      send(channel, encode(signer, { type, session, content, parent, identities: message.identities }));
    },
  };
  const unfinished: Unfinished = new Map();
  const comms = new Map<string, string>();
  const executions = createExecutions(io);
  let whenSettled = (): void => undefined;
  const interrupter = createInterrupter(io.link, () => {
    executions.settled();
    for (const [id, { seq, finish }] of unfinished) {
      if (seq > io.link.seen()) continue;
      unfinished.delete(id);
      finish();
    }
    whenSettled();
  });
  const interrupt = (): void => {
    executions.interrupted();
    interrupter.interrupt();
  };
  const end = (code: number, restart = false): void =>
    endProcess({
      stop: (settled) => {
        whenSettled = settled;
        interrupt();
      },
      exit: () => {
        interrupter.close();
        io.link.post({ kind: "shutdown", code, restart });
      },
    });
  const exiting = async (): Promise<void> => {
    interrupter.close();
    io.publisher.flush();
    await sockets?.close();
    Atomics.store(shared, sharedSlots.closed, 1);
    Atomics.notify(shared, sharedSlots.closed);
  };
  const shutdown = async (restart: boolean): Promise<void> => {
    await sockets?.close();
    end(0, restart);
  };
  const route = createRouter({ io, executions, comms, connection: portNumbers(info), interrupt, shutdown }, unfinished);
  const ask = createAsker(signer, executions.current, send);
  ports.main.on("message", createMainReceiver(io, executions, comms, unfinished, interrupter, ask, exiting));
  const fresh = createReplayGuard(signer);
  openSockets(info, (channel, frames) => {
    const request = read(signer, fresh, channel, frames);
    if (!request) return;
    if (channel === "stdin") answerInput(ports.input, request.message);
    else route(request);
  }).then(
    (open) => {
      sockets = open;
      io.publisher.status("starting");
    },
    (error: Error) => {
      log(`cannot listen: ${error.message}`);
      end(1);
    },
  );
  watchParent(() => end(1));
}

function read(
  signer: Signer,
  fresh: (message: Message, frames: readonly Uint8Array[]) => boolean,
  channel: ReplyChannel,
  frames: readonly Uint8Array[],
): Request | undefined {
  try {
    const message = decode(signer, frames);
    if (fresh(message, frames)) return { channel, message, parent: JSON.stringify(message.header) };
    log("dropped a replayed message");
  } catch (error) {
    log(`dropped a message: ${(error as Error).message}`);
  }
  return undefined;
}

type Input = Extract<ToIo, { kind: "input" }>;

/** Returns the function that sends an `input_request` to the client whose cell is running. */
function createAsker(
  signer: Signer,
  current: () => { readonly request: Request } | undefined,
  send: (channel: ReplyChannel, frames: readonly Uint8Array[]) => Promise<void>,
): (input: Input) => void {
  return ({ prompt, password }) => {
    const request = current()?.request;
    if (!request) return;
    const { identities } = request.message;
    const content = { prompt, password };
    send("stdin", encode(signer, { type: "input_request", session, content, parent: request.parent, identities }));
  };
}

function answerInput(port: MessagePort, message: Message): void {
  if (message.header.msg_type !== "input_reply") return;
  const { value } = message.content;
  port.postMessage(typeof value === "string" ? value : "");
  Atomics.store(shared, sharedSlots.input, 1);
  Atomics.notify(shared, sharedSlots.input);
}

function createMainReceiver(
  io: IoContext,
  executions: ReturnType<typeof createExecutions>,
  comms: Map<string, string>,
  unfinished: Unfinished,
  interrupter: ReturnType<typeof createInterrupter>,
  ask: (input: Input) => void,
  exiting: () => void,
): (message: ToIo) => void {
  const landed = (kilobytes: number): void => {
    Atomics.sub(shared, sharedSlots.inFlight, kilobytes);
    Atomics.notify(shared, sharedSlots.inFlight);
  };
  return (message) => {
    switch (message.kind) {
      case "stream":
        io.publisher
          .stream(message.name, message.text, message.parent)
          .then(() => landed(Math.ceil(message.text.length / 1024)));
        break;
      case "publish": {
        const { comm, content, type } = message;
        if (comm?.targetName !== undefined) comms.set(comm.id, comm.targetName);
        else if (comm) comms.delete(comm.id);
        if (type === "execute_result") noteResult(executions, message.parent, content);
        io.publisher.publish(message);
        break;
      }
      case "done":
      case "evaluated":
        executions.receive(message);
        break;
      case "handled":
        unfinished.get(message.id)?.finish();
        unfinished.delete(message.id);
        break;
      case "interrupted":
        interrupter.answered(message.token);
        break;
      case "lost":
        io.link.resend(message.seqs);
        break;
      case "input":
        ask(message);
        break;
      case "exiting":
        exiting();
        break;
    }
  };
}

function noteResult(executions: ReturnType<typeof createExecutions>, parent: string, content: string): void {
  const text = (JSON.parse(content) as { data?: Record<string, unknown> }).data?.["text/plain"];
  if (typeof text === "string") executions.noteResult(parent, text);
}

function portNumbers(info: ConnectionInfo): Record<string, unknown> {
  const { shell_port, iopub_port, stdin_port, control_port, hb_port } = info;
  return { shell_port, iopub_port, stdin_port, control_port, hb_port };
}

function isLoopback(ip: string): boolean {
  return ip === "localhost" || ip === "::1" || ip.startsWith("127.");
}

parentPort?.once("message", start);
