/** The stop button: ends what runs on the main thread and keeps every variable. */
import { Session } from "node:inspector";
import type { MainLink } from "./main-link.js";

/** How long main may take to answer before its JavaScript is ended, and between two attempts; milliseconds. */
const patience = 25;
const pause = 100;

/**
 * With async_hooks in use (before Node 24 that is also AsyncLocalStorage), Node checks after every callback that its
 * stack of async ids is empty, and aborts the process when it is not. JavaScript that is ended half-way leaves its ids
 * there; so the stack is emptied first, between two steps of the JavaScript that is about to end. Where the binding for
 * that is gone, hooks of cells are switched off.
 */
const emptyAsyncStack = {
  expression: `(() => {
    const { noDeprecation } = process;
    process.noDeprecation = true;
    try { process.binding("async_wrap").clearAsyncIdStack(); } catch {}
    process.noDeprecation = noDeprecation;
    globalThis[Symbol.for("lowbit.disable-async-hooks")]();
  })()`,
  silent: true,
  returnByValue: true,
};

/** See {@link createInterrupter}. */
export interface Interrupter {
  /** Starts a stop; one that is under way is joined. */
  interrupt(): void;
  /** Main has answered the interrupt with this token. */
  answered(token: number): void;
  close(): void;
}

/**
 * Main is asked first. When it answers it is not running JavaScript (a cell may still wait for a promise) and the
 * asking was enough. When it does not, its JavaScript is terminated through an inspector session inside the process,
 * and it is asked again. Termination is never sent to a thread that answers: it would end the next callback instead.
 * @param settled called once main is responsive again after a stop
 */
export function createInterrupter(link: MainLink, settled: () => void): Interrupter {
  const session = new Session();
  session.connectToMainThread();
  let token = 0;
  let timer: NodeJS.Timeout | undefined;
  let terminated = false;

  const ask = (wait: number): void => {
    link.post({ kind: "interrupt", token });
    timer = setTimeout(() => {
      terminated = true;
      session.post("Runtime.evaluate", emptyAsyncStack);
      session.post("Runtime.terminateExecution");
      ask(pause);
    }, wait);
  };

  return {
    interrupt: () => {
      if (timer) return;
      token++;
      ask(patience);
    },
    answered: (answeredToken) => {
      if (answeredToken !== token || !timer) return;
      clearTimeout(timer);
      timer = undefined;
      if (terminated) {
        // A termination may have crossed the answer and wait for the next callback: let a question be that one.
        terminated = false;
        token++;
        ask(pause);
        return;
      }
      settled();
    },
    close: () => {
      clearTimeout(timer);
      session.disconnect();
    },
  };
}
