/** The io thread: owns the sockets, answers what needs no user code, and can stop the thread that runs it. */
import { randomUUID } from "node:crypto";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type IoData, sharedSlots } from "./channel.js";
import { createCompilerClient } from "./compiler-client.js";
import { type ConnectionInfo, readConnectionFile } from "./connection.js";
import type { IoContext } from "./context.js";
import { createExecutions, type Executions } from "./executions.js";
import { createMainReceiver } from "./from-main.js";
import { openHistory } from "./history.js";
import { createReader } from "./incoming.js";
import { createInterrupter, type Interrupter } from "./interrupt.js";
import { endProcess, watchParent } from "./lifetime.js";
import { log } from "./log.js";
import { createMainLink } from "./main-link.js";
import { type MemoryWatch, watchMemory } from "./memory.js";
import { createPublisher } from "./publisher.js";
import { createRouter, type Unfinished } from "./router.js";
import { openSockets, type ReplyChannel, type Sockets } from "./sockets.js";
import { answerQuestion, createAsker } from "./stdin.js";
import { createSigner, encode, type Signer } from "./wire.js";

/** The ports that main sends before anything else. */
interface Ports {
  readonly main: MessagePort;
  readonly compiler: MessagePort;
  readonly input: MessagePort;
}

const data = workerData as IoData;
const shared = new Int32Array(data.shared);
const session = randomUUID();
let sockets: Sockets | undefined;

function start(ports: Ports): IoContext {
  const info = readConnectionFile(data.connectionFile);
  const signer = createSigner(info.key, info.signature_scheme);
  warnOf(info, signer);
  const io = createContext(ports, signer);
  const unfinished: Unfinished = new Map();
  const comms = new Map<string, string>();
  const executions = createExecutions(io);
  const stop = createStop(io, executions, unfinished);
  const memory = foreseeMemory(io, executions, stop.interrupt);
  const end = createEnd(io, stop, memory);
  const shutdown = async (): Promise<void> => {
    await sockets?.close();
    end(0);
  };
  const { interrupt, interrupter } = stop;
  const ask = createAsker(signer, session, executions.current, send);
  const exiting = (): Promise<void> => leave(io, interrupter, memory);
  ports.main.on(
    "message",
    createMainReceiver({ io, executions, comms, unfinished, interrupter, shared, ask, exiting }),
  );
  const route = createRouter({ io, executions, comms, connection: portNumbers(info), interrupt, shutdown }, unfinished);
  const read = createReader(signer);
  openSockets(info, (channel, frames) => {
    const request = read(channel, frames);
    if (request && channel === "stdin") answerQuestion(ports.input, shared, request.message);
    else if (request) route(request);
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
  return io;
}

function send(channel: ReplyChannel | "iopub", frames: readonly Uint8Array[]): Promise<void> {
  return sockets?.send(channel, frames) ?? Promise.resolve();
}

function createContext(ports: Ports, signer: Signer): IoContext {
  return {
    publisher: createPublisher(signer, session, (frames) => send("iopub", frames)),
    link: createMainLink(ports.main, shared),
    compiler: createCompilerClient(ports.compiler),
    history: openHistory(),
    reply: ({ channel, message, parent }, type, content) => {
      send(channel, encode(signer, { type, session, content, parent, identities: message.identities }));
    },
  };
}

interface Stop {
  readonly interrupter: Interrupter;
  interrupt(): void;
  /** Calls `action` once the next stop has settled. */
  whenSettled(action: () => void): void;
}

/** The stop button: afterwards, what main had begun and a stop ended counts as finished. */
function createStop(io: IoContext, executions: Executions, unfinished: Unfinished): Stop {
  let afterwards = (): void => undefined;
  const interrupter = createInterrupter(io.link, () => {
    executions.settled();
    for (const [id, { seq, finish }] of unfinished) {
      if (seq > io.link.seen()) continue;
      unfinished.delete(id);
      finish();
    }
    afterwards();
  });
  return {
    interrupter,
    interrupt: () => {
      executions.interrupted();
      interrupter.interrupt();
    },
    whenSettled: (action) => {
      afterwards = action;
    },
  };
}

/** Says in the running cell, and on stderr, that memory runs out, and stops it before the process has to end. */
function foreseeMemory(io: IoContext, executions: Executions, interrupt: () => void): MemoryWatch {
  const say = (text: string): void => {
    const cell = executions.current();
    if (!cell) return;
    log(`cell [${cell.count}]: ${text}`);
    io.publisher.stream("stderr", `lowbit: ${text}\n`, cell.request.parent);
  };
  return watchMemory(data.heapLimit, {
    running: () => executions.current()?.request,
    warn: say,
    stop: (text) => {
      say(text);
      interrupt();
    },
  });
}

function createEnd(
  io: IoContext,
  { interrupter, interrupt, whenSettled }: Stop,
  memory: MemoryWatch,
): (code: number) => void {
  return (code) =>
    endProcess({
      stop: (settled) => {
        whenSettled(settled);
        interrupt();
      },
      exit: () => {
        interrupter.close();
        memory.close();
        io.link.post({ kind: "shutdown", code });
      },
    });
}

/** Sends what is left, closes the sockets, and lets main, which waits, exit. */
async function leave(io: IoContext, interrupter: Interrupter, memory: MemoryWatch): Promise<void> {
  interrupter.close();
  memory.close();
  io.publisher.flush();
  await sockets?.close();
  Atomics.store(shared, sharedSlots.closed, 1);
  Atomics.notify(shared, sharedSlots.closed);
}

function warnOf(info: ConnectionInfo, signer: Signer): void {
  if (!signer.signed) log("the connection has no key: messages are not signed");
  if (info.transport === "ipc" || info.ip === "localhost" || info.ip === "::1" || info.ip.startsWith("127.")) return;
  log("listening beyond this machine, as the connection file says");
}

function portNumbers(info: ConnectionInfo): Record<string, unknown> {
  const { shell_port, iopub_port, stdin_port, control_port, hb_port } = info;
  return { shell_port, iopub_port, stdin_port, control_port, hb_port };
}

// ZeroMQ ends the whole process, without a word, when a thread ends and leaves sockets open.
process.once("exit", () => sockets?.abandon());
parentPort?.once("message", (ports: Ports) => {
  const { compiler } = start(ports);
  // The compiler ended and there is another.
  parentPort?.on("message", ({ compiler: port }: Pick<Ports, "compiler">) => compiler.reconnect(port));
});
