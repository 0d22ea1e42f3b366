/** The compiler thread as the io thread sees it: the same calls, answered by promises. */
import type { MessagePort } from "node:worker_threads";
import type { CompilerCalls, CompilerRequest, CompilerResponse } from "./channel.js";

/** {@link CompilerCalls} over a message port. */
export type CompilerClient = {
  readonly [Call in keyof CompilerCalls]: (
    ...args: Parameters<CompilerCalls[Call]>
  ) => Promise<ReturnType<CompilerCalls[Call]>>;
};

/** Returns a client; calls made before the compiler is ready wait for it. */
export function createCompilerClient(port: MessagePort): CompilerClient {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  port.on("message", ({ id, value, error }: CompilerResponse) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value as never);
    else call?.reject(new Error(error));
  });
  const bind =
    (call: keyof CompilerCalls) =>
    (...args: readonly unknown[]): Promise<never> =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        port.postMessage({ id, call, args } satisfies CompilerRequest);
      });
  return {
    compile: bind("compile"),
    commit: bind("commit"),
    complete: bind("complete"),
    inspect: bind("inspect"),
    isComplete: bind("isComplete"),
  };
}
