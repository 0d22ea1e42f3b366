/** The compiler thread: TypeScript is slow to load and never stopped half-way, so it lives apart from user code. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { CompilerRequest, CompilerResponse } from "../../io/channel.js";
import { createIdleCollector } from "./idle-gc.js";
import { createTslabCompiler } from "./tslab.js";
import type { CellCompiler } from "./types.js";

const { cwd, except } = workerData as { readonly cwd: string; readonly except: readonly string[] };
const compiler: CellCompiler = createTslabCompiler(cwd, new Set(except));

function answer({ id, call, args }: CompilerRequest): CompilerResponse {
  try {
    const action = compiler[call] as (...args: readonly unknown[]) => unknown;
    return { id, value: action.apply(compiler, [...args]) };
  } catch (error) {
    return { id, error: String((error as Error)?.stack ?? error) };
  }
}

parentPort?.once("message", (port: MessagePort) => {
  const worked = createIdleCollector(compiler.rest);
  worked();
  port.on("message", (request: CompilerRequest) => {
    port.postMessage(answer(request));
    worked();
  });
});
