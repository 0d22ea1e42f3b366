/** The two threads that serve the main one: io, without which the process ends, and the compiler, which is replaced. */
import { getHeapStatistics } from "node:v8";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { type IoData, sharedSlots } from "../io/channel.js";
import { log } from "../io/log.js";

/** What the main thread has to talk to io with. */
export interface Threads {
  readonly main: MessagePort;
  readonly input: MessagePort;
  readonly shared: Int32Array;
}

/** Each thread has a nursery of its own, which V8 lets grow to a hundred megabytes and does not give back. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };
/** What a thread prints belongs to no cell. */
const quiet = { stdout: true, stderr: true, resourceLimits };
/** A compiler that ends more often than this is not started again. */
const mostCompilers = 5;

/** Starts both threads. `except` are the packages that cells take from their own folder. */
export function startThreads(connectionFile: string, cwd: string, except: readonly string[]): Threads {
  const memory = new SharedArrayBuffer(sharedSlots.count * Int32Array.BYTES_PER_ELEMENT);
  const shared = new Int32Array(memory);
  const [main, input] = [new MessageChannel(), new MessageChannel()];
  const heapLimit = getHeapStatistics().heap_size_limit;
  const workerData: IoData = { connectionFile, shared: memory, cwd, heapLimit };
  const io = new Worker(new URL("../io/worker.js", import.meta.url), { ...quiet, workerData });
  whenEnded(io, (reason) => {
    // Nobody is left to send what main might still have to say.
    Atomics.store(shared, sharedSlots.closed, 1);
    // A connection file that cannot be used is the caller's mistake: a sentence says more than our stack.
    const mistake = /^(?:Error: )?(readConnectionFile.*)$/m.exec(reason)?.[1];
    log(mistake ?? `the io thread ended: ${reason}; without it the kernel cannot go on`);
    process.exit(1);
  });
  const ports = { main: main.port2, input: input.port2, compiler: startCompiler(io, cwd, except, mostCompilers) };
  io.postMessage(ports, Object.values(ports));
  return { main: main.port1, input: input.port1, shared };
}

/** Starts a compiler and returns the port to it; when it ends, io gets the port to another. */
function startCompiler(io: Worker, cwd: string, except: readonly string[], left: number): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const compiler = new Worker(new URL("./compiler/worker.js", import.meta.url), {
    ...quiet,
    workerData: { cwd, except },
  });
  compiler.postMessage(port1, [port1]);
  whenEnded(compiler, (reason) => {
    log(`the compiler ended: ${reason}; ${left > 1 ? "it is started again" : "the kernel cannot go on"}`);
    if (left <= 1) process.exit(1);
    const port = startCompiler(io, cwd, except, left - 1);
    io.postMessage({ compiler: port }, [port]);
  });
  return port2;
}

/** Calls `ended` once, with the error's stack or the exit code, when a thread ends before the process does. */
function whenEnded(thread: Worker, ended: (reason: string) => void): void {
  let reason: string | undefined;
  thread.once("error", (error) => {
    reason = String((error as Error)?.stack ?? error);
  });
  thread.once("exit", (code) => ended(reason ?? `exit code ${code}`));
}
