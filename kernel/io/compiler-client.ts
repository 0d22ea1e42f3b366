/** The compiler thread as the io thread sees it: the same calls, answered by promises, and its memory when it ends. */
import type { MessagePort } from "node:worker_threads";
import type { CompileResult } from "../session/compiler/types.js";
import type { CompilerCalls, CompilerRequest, CompilerResponse } from "./channel.js";

/** {@link CompilerCalls} over a message port. */
export type CompilerClient = {
  readonly [Call in keyof CompilerCalls]: (
    ...args: Parameters<CompilerCalls[Call]>
  ) => Promise<ReturnType<CompilerCalls[Call]>>;
} & {
  /** Takes the port to a new compiler thread and tells it all that the one that ended knew. */
  reconnect(port: MessagePort): void;
};

/** A cell whose declarations later cells see. */
interface Known {
  readonly source: string;
  readonly filename: string;
  readonly assigned: readonly string[] | undefined;
}

type Waiting = Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>;

/** Returns a client; calls made before the compiler is ready wait for it. */
export function createCompilerClient(first: MessagePort): CompilerClient {
  const waiting: Waiting = new Map();
  const known: Known[] = [];
  /** Compiled by which compiler and not yet committed, by that compiler's number. */
  const compiled = new Map<number, Omit<Known, "assigned"> & { readonly by: MessagePort }>();
  let port = first;
  let lastId = 0;
  let ready: Promise<unknown> = Promise.resolve();

  const post = <Value = never>(call: keyof CompilerCalls, args: readonly unknown[]): Promise<Value> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      port.postMessage({ id, call, args } satisfies CompilerRequest);
    });
  const bind =
    (call: keyof CompilerCalls) =>
    (...args: readonly unknown[]): Promise<never> =>
      ready.then(() => post(call, args));
  const compile = async (source: string, filename: string): Promise<CompileResult> => {
    await ready;
    const by = port;
    const result = await post<CompileResult>("compile", [source, filename]);
    compiled.clear();
    if (result.ok) compiled.set(result.id, { source, filename, by });
    return result;
  };
  const commit = async (id: number, assigned?: readonly string[]): Promise<void> => {
    const cell = compiled.get(id);
    if (!cell) return;
    await ready;
    const { by, source, filename } = cell;
    known.push({ source, filename, assigned });
    // Another compiler than the one that compiled it knows nothing of the number.
    if (by === port) await post("commit", [id, assigned]);
    else await tell({ source, filename, assigned });
  };
  const tell = async ({ source, filename, assigned }: Known): Promise<void> => {
    const result = await post<CompileResult>("compile", [source, filename]);
    if (result.ok) await post("commit", [result.id, assigned]);
  };
  const tellAll = async (): Promise<void> => {
    for (const cell of [...known]) await tell(cell);
  };

  port.on("message", createReceiver(waiting));
  return {
    compile,
    commit,
    complete: bind("complete"),
    inspect: bind("inspect"),
    isComplete: bind("isComplete"),
    reconnect: (next) => {
      port = next;
      port.on("message", createReceiver(waiting));
      for (const { reject } of waiting.values()) reject(new Error("the compiler ended and was started again"));
      waiting.clear();
      ready = tellAll().catch(() => undefined);
    },
  };
}

function createReceiver(waiting: Waiting): (response: CompilerResponse) => void {
  return ({ id, value, error }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value as never);
    else call?.reject(new Error(error));
  };
}
