/** Runs compiled cells on the main thread, in one shared scope, in a way that a stop can end. */
import { join } from "node:path";
import { Script } from "node:vm";
import type { MimeBundle } from "../../src/display.js";
import { type Outcome, stopped, type ToMain } from "../io/channel.js";
import type { CompiledCell } from "./compiler/types.js";
import { createContext, runInContext, setFallbackContext, type WorkContext } from "./context.js";
import { toErrorOutcome } from "./errors.js";
import { importMeta } from "./esm.js";
import { format, inspectText } from "./format.js";
import type { SendBundle } from "./host.js";
import { importDefault, importStar, nameFunction, rest } from "./interop.js";
import type { Line } from "./line.js";
import type { Modules } from "./modules.js";
import type { Shown } from "./shown.js";
import { cellFunctionName, registerCell } from "./stack.js";
import { stopTimers } from "./timers.js";

type Run = Extract<ToMain, { kind: "run" }>;
type Evaluate = Extract<ToMain, { kind: "evaluate" }>;

/** The variables of the notebook: what cells see of each other. */
export type Scope = Record<string, unknown>;

/** A cell that has not ended yet. */
interface Running {
  readonly id: string;
  readonly context: WorkContext;
  readonly allowStdin: boolean;
  /** The names that it declares, with their values before it. */
  readonly before: ReadonlyMap<string, unknown>;
}

/** See {@link createExecutor}. */
export interface Executor {
  run(message: Run): void;
  evaluate(message: Evaluate): void;
  /** Settles the running cell as stopped. What it has done stays done. */
  stop(): void;
  /** Why a cell may not ask a question now; undefined when it may. */
  whyNotAsk(): string | undefined;
}

/** Stands for "had no value" when values before and after a cell are compared. */
const absent = Symbol("absent");

/** Returns the executor of one notebook. */
export function createExecutor(cwd: string, line: Line, modules: Modules, send: SendBundle, shown: Shown): Executor {
  const scope: Scope = {};
  let running: Running | undefined;

  const call = createCall(cwd, modules, scope);

  const finish = (cell: Running, outcome: Outcome): void => {
    // A cell that was stopped may still come to its end later; by then nobody waits for it.
    if (running !== cell) return;
    running = undefined;
    line.send({ kind: "done", id: cell.id, outcome, assigned: assignedNames(cell, scope) });
  };

  const run = async (message: Run): Promise<void> => {
    const { id, parent, cell, allowStdin, place, gone } = message;
    const context = createContext(parent, allowStdin, place);
    for (const one of place === undefined ? gone : [...gone, place]) shown.clear(one, false);
    const current: Running = { id, context, allowStdin, before: valuesOf(cell.names, scope) };
    running = current;
    setFallbackContext(context);
    const isRunning = (): boolean => running === current;
    finish(current, await runToEnd(message, { context, call, scope, send, isRunning }));
  };

  return {
    run: (message) => {
      run(message);
    },
    evaluate: async ({ id, parent, cell }) => {
      line.send({ kind: "evaluated", id, result: await evaluate(cell, createContext(parent), call, scope) });
    },
    stop: () => {
      const cell = running;
      stopTimers(cell?.context);
      if (!cell) return;
      for (const handler of cell.context.stopHandlers) runInContext(cell.context, () => callSafely(handler));
      finish(cell, stopped);
    },
    whyNotAsk: () => {
      if (!running) return "no cell is running";
      return running.allowStdin ? undefined : "this front end does not take input here (allow_stdin is false)";
    },
  };
}

/** A stop ends the cell whatever those who want to know of it do. */
function callSafely(handler: () => void): void {
  try {
    handler();
  } catch (error) {
    process.stderr.write(`${inspectText(error)}\n`);
  }
}

function valuesOf(names: readonly string[], scope: Scope): Map<string, unknown> {
  return new Map(names.map((name) => [name, Object.hasOwn(scope, name) ? scope[name] : absent]));
}

/** Returns those names of a cell to which it gave a value. */
function assignedNames({ before }: Running, scope: Scope): string[] {
  const changed = [...before].filter(([name, value]) => {
    return Object.hasOwn(scope, name) && (value === absent || !Object.is(value, scope[name]));
  });
  return changed.map(([name]) => name);
}

async function showResult(value: unknown, count: number, context: WorkContext, send: SendBundle): Promise<void> {
  const bundle = await runInContext(context, () => format(value));
  runInContext(context, () => send("execute_result", bundle, { execution_count: count }));
}

interface RunParts {
  readonly context: WorkContext;
  readonly call: Call;
  readonly scope: Scope;
  readonly send: SendBundle;
  isRunning(): boolean;
}

/** Runs a cell, shows its result, and resolves with what came of it, also when nobody waits for it any more. */
async function runToEnd({ cell, count, silent }: Run, parts: RunParts): Promise<Outcome> {
  const { context, call, scope, send, isRunning } = parts;
  try {
    const pending = runInContext(context, () => call(cell, isRunning));
    if (pending) await pending;
    const value = isRunning() ? takeResult(scope, cell) : undefined;
    if (!silent && value !== undefined) await showResult(value, count, context, send);
    return { status: "ok" };
  } catch (error) {
    return toErrorOutcome(error);
  }
}

function createCall(cwd: string, modules: Modules, scope: Scope): Call {
  return (cell, isWanted = () => true) => {
    registerCell(cell);
    modules.update(cell.sideModules);
    const start = (): unknown => (isWanted() ? compile(cell)(scope, modules, cwd) : undefined);
    const loading = modules.prepare(cell.imports);
    if (loading) return loading.then(start);
    const value = start();
    return cell.async ? (value as Promise<unknown>) : undefined;
  };
}

/** Runs a cell; returns a promise when its end must be awaited. */
type Call = (cell: CompiledCell, isWanted?: () => boolean) => Promise<unknown> | undefined;

type CellFunction = (scope: Scope, modules: Modules, folder: string) => unknown;

/** What a cell's code finds besides the scope: the parameters of the function it becomes. */
const parameters = [
  ...["exports", "require", "module", "__filename", "__dirname"],
  ...["__load", "_importMeta", "__define", "__importStar", "__importDefault", "__rest", "__name"],
].join(", ");

function compile(cell: CompiledCell): CellFunction {
  const head = `(${cell.async ? "async " : ""}function ${cellFunctionName}(${parameters}) { `;
  const script = new Script(`${head}${cell.code}\n})`, { filename: cell.filename, columnOffset: -head.length });
  const wrapped = script.runInThisContext() as (...args: readonly unknown[]) => unknown;
  const helpers = [define, importStar, importDefault, rest, nameFunction];
  return (scope, { require, load }, folder) => {
    const meta = importMeta(join(folder, cell.filename), require);
    const module = { exports: scope };
    return wrapped.call(globalThis, scope, require, module, cell.filename, folder, load, meta, ...helpers);
  };
}

/** Stands in for `Object.defineProperty` on an imported name: the value itself, so that a later cell may replace it. */
function define(scope: Scope, name: string, descriptor: PropertyDescriptor): void {
  scope[name] = descriptor.get ? descriptor.get() : descriptor.value;
}

function takeResult(scope: Scope, cell: CompiledCell): unknown {
  if (cell.resultName === undefined) return undefined;
  const value = scope[cell.resultName];
  // Not deleted: an object that loses properties becomes slow.
  scope[cell.resultName] = undefined;
  return value;
}

async function evaluate(
  cell: CompiledCell,
  context: WorkContext,
  call: Call,
  scope: Scope,
): Promise<Record<string, unknown>> {
  try {
    await runInContext(context, () => call(cell));
    const value = takeResult(scope, cell);
    const data: MimeBundle = value === undefined ? { "text/plain": inspectText(value) } : await format(value);
    return { status: "ok", data: { ...data }, metadata: {} };
  } catch (error) {
    return { ...toErrorOutcome(error) };
  }
}
