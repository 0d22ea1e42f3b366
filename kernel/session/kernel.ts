/** A kernel process: the main thread runs the user's cells, two more threads serve it. */
import { writeSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { type IoData, type Numbered, sharedSlots, type ToMain } from "../io/channel.js";
import { type Comms, createComms } from "./comms.js";
import { userPackages } from "./compiler/packages.js";
import { createContext, resetContext, runInContext, runTask, takeFailedContext } from "./context.js";
import { createExecutor, type Executor } from "./executor.js";
import { inspectText } from "./format.js";
import { connectTslab, createBundleSender, installHost } from "./host.js";
import { createLine, type Line } from "./line.js";
import { runLocalModule } from "./local-module.js";
import { createModules } from "./modules.js";
import { createReceiver } from "./receiver.js";
import { installStackTraces } from "./stack.js";
import { installStreams } from "./streams.js";
import { installTimers } from "./timers.js";

interface Threads {
  readonly main: MessagePort;
  readonly input: MessagePort;
  readonly shared: Int32Array;
}

/** Starts the kernel of a connection file in this process. Never returns control to a caller that waits for its end. */
export function startKernel(connectionFile: string): void {
  const cwd = process.cwd();
  const own = userPackages(cwd);
  const { main, input, shared } = startThreads(connectionFile, cwd, [...own.keys()]);
  const line = createLine(main, input, shared);
  const send = createBundleSender(line);
  const modules = createModules(cwd, new Set(own.keys()), runLocalModule, (specifier) => {
    if (specifier.startsWith("tslab")) connectTslab(send);
    const name = specifier.split("/")[0] as string;
    const folder = own.get(name);
    if (folder === undefined) return;
    own.delete(name);
    say(`lowbit: this folder has its own ${name} (${folder}); cells import that one, not the kernel's.`);
  });
  const executor = createExecutor(cwd, line, modules, send);
  const comms = createComms(line);
  installStackTraces();
  installStreams(line);
  installTimers();
  installHost(line, comms, send, executor.whyNotAsk);
  surviveErrors();
  process.on("exit", line.close);
  const handle = createHandler(executor, comms, line);
  main.on("message", createReceiver(shared, line, handle) as (numbered: Numbered) => void);
}

/** Each thread has a nursery of its own, which V8 lets grow to a hundred megabytes and does not give back. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };

function startThreads(connectionFile: string, cwd: string, except: readonly string[]): Threads {
  const memory = new SharedArrayBuffer(sharedSlots.count * Int32Array.BYTES_PER_ELEMENT);
  const main = new MessageChannel();
  const input = new MessageChannel();
  const compiler = new MessageChannel();
  const io = new Worker(new URL("../io/worker.js", import.meta.url), {
    workerData: {
      connectionFile,
      shared: memory,
      cwd,
      heapLimit: getHeapStatistics().heap_size_limit,
    } satisfies IoData,
    resourceLimits,
    stdout: true,
    stderr: true,
  });
  io.postMessage({ main: main.port2, compiler: compiler.port2, input: input.port2 }, [
    main.port2,
    compiler.port2,
    input.port2,
  ]);
  const compile = new Worker(new URL("./compiler/worker.js", import.meta.url), {
    workerData: { cwd, except },
    resourceLimits,
    stdout: true,
    stderr: true,
  });
  compile.postMessage(compiler.port1, [compiler.port1]);
  for (const [name, thread] of Object.entries({ io, compile })) {
    thread.once("error", (error) => {
      // A connection file that cannot be used is the caller's mistake: a sentence says more than our stack.
      const expected = error.message.startsWith("readConnectionFile");
      writeSync(2, `lowbit kernel: ${expected ? error.message : `the ${name} thread failed: ${error.stack}`}\n`);
      process.exit(1);
    });
  }
  return { main: main.port1, input: input.port1, shared: new Int32Array(memory) };
}

function createHandler(executor: Executor, comms: Comms, line: Line): (message: ToMain) => void {
  return (message) => {
    resetContext();
    switch (message.kind) {
      case "run":
        executor.run(message);
        break;
      case "evaluate":
        executor.evaluate(message);
        break;
      case "comm":
        receiveComm(comms, message);
        line.send({ kind: "handled", id: message.id });
        break;
      case "interrupt":
        executor.stop();
        line.send({ kind: "interrupted", token: message.token });
        break;
      case "shutdown":
        process.exit(message.code);
    }
  };
}

/** A handler that throws is reported where the front end's message belongs, and harms nothing else. */
function receiveComm(comms: Comms, message: Extract<ToMain, { kind: "comm" }>): void {
  const context = createContext(message.parent);
  try {
    runTask(context, () => comms.receive(message));
  } catch (error) {
    runInContext(context, () => say(inspectText(error)));
  }
}

/** Prints a line to the stderr of the cell that is concerned. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** An error that no cell is waiting for is printed where it belongs; the kernel and its variables live on. */
function surviveErrors(): void {
  process.on("uncaughtException", (error) => {
    runInContext(takeFailedContext(), () => say(`Uncaught ${inspectText(error)}`));
  });
  process.on("unhandledRejection", (reason) => {
    runInContext(takeFailedContext(), () => say(`Uncaught (in promise) ${inspectText(reason)}`));
  });
  // A stop comes as a message. Ctrl-C in the terminal that started the kernel is not meant for it.
  process.on("SIGINT", () => undefined);
}
