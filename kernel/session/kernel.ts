/** A kernel process: the main thread runs the user's cells, two more threads serve it. */
import type { Numbered, ToMain } from "../io/channel.js";
import { trackAsyncHooks } from "./async-hooks.js";
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
import { createShown } from "./shown.js";
import { installStackTraces } from "./stack.js";
import { installStreams } from "./streams.js";
import { startThreads } from "./threads.js";
import { installTimers } from "./timers.js";

/** Starts the kernel of a connection file in this process. Never returns control to a caller that waits for its end. */
export function startKernel(connectionFile: string): void {
  const cwd = process.cwd();
  const own = userPackages(cwd);
  const { main, input, shared } = startThreads(connectionFile, cwd, [...own.keys()]);
  const line = createLine(main, input, shared);
  const comms = createComms(line);
  const shown = createShown(comms.shown);
  const send = createBundleSender(line, shown);
  const modules = createModules(cwd, new Set(own.keys()), runLocalModule, (specifier) => {
    if (specifier.startsWith("tslab")) connectTslab(send);
    const name = specifier.split("/")[0] as string;
    const folder = own.get(name);
    if (folder === undefined) return;
    own.delete(name);
    say(`lowbit: this folder has its own ${name} (${folder}); cells import that one, not the kernel's.`);
  });
  const executor = createExecutor(cwd, line, modules, send, shown);
  installStackTraces();
  installStreams(line);
  installTimers();
  trackAsyncHooks();
  installHost({ line, comms, send, shown, modules, whyNotAsk: executor.whyNotAsk });
  surviveErrors();
  process.on("exit", line.close);
  const handle = createHandler(executor, comms, line);
  main.on("message", createReceiver(shared, line, handle) as (numbered: Numbered) => void);
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
