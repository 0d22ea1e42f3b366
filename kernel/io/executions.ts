/** The queue of cells: one runs, the others wait, and an error empties the queue. */
import { diagnosticsError } from "../session/code-frame.js";
import { type ErrorOutcome, type Outcome, stopped, type ToIo } from "./channel.js";
import type { IoContext, Request } from "./context.js";
import { log } from "./log.js";
import type { RequestContent } from "./requests.js";

type Execute = RequestContent<"execute_request">;

/** A cell on its way. */
interface Job {
  readonly request: Request;
  readonly content: Execute;
  interrupted: boolean;
  /** Set while main runs the cell. */
  finish?: (done: Finished) => void;
}

interface Finished {
  readonly outcome: Outcome;
  readonly assigned?: readonly string[];
}

/** See {@link createExecutions}. */
export interface Executions {
  add(request: Request, content: Execute): void;
  /** The request that is running, if any. */
  current(): { readonly request: Request; readonly allowStdin: boolean } | undefined;
  /** A message from main that concerns a cell. */
  receive(message: Extract<ToIo, { kind: "done" | "evaluated" }>): void;
  /** Notes a stop, so that a cell which is still being compiled does not start. */
  interrupted(): void;
  /** Main has settled after a stop: what it was asked and did not answer is over. */
  settled(): void;
  /** Remembers the text of a cell's result for the history. */
  noteResult(parent: string, text: string): void;
}

/** Returns the queue. */
export function createExecutions(io: IoContext): Executions {
  const queue: Job[] = [];
  let running: Job | undefined;
  let count = 0;
  let expressions = 0;
  let result: { parent: string; text: string } | undefined;
  const evaluating = new Map<string, (value: Record<string, unknown>) => void>();

  const compileAndRun = async (job: Job, number: number): Promise<Finished> => {
    const filename = `cell-${number}.ts`;
    const compiled = await io.compiler.compile(job.content.code, filename);
    if (job.interrupted) return { outcome: stopped };
    if (!compiled.ok) return { outcome: diagnosticsError(filename, job.content.code, compiled.diagnostics) };
    const finished = await new Promise<Finished>((resolve) => {
      job.finish = resolve;
      io.link.post({
        kind: "run",
        id: job.request.message.header.msg_id,
        parent: job.request.parent,
        count: number,
        cell: compiled.cell,
        silent: job.content.silent,
        allowStdin: job.content.allow_stdin,
      });
    });
    const { outcome, assigned } = finished;
    await io.compiler.commit(compiled.id, outcome.status === "ok" ? undefined : (assigned ?? []));
    return finished;
  };

  const evaluate = async (job: Job, code: string): Promise<Record<string, unknown>> => {
    const filename = "expression.ts";
    const compiled = await io.compiler.compile(code, filename);
    if (!compiled.ok) return { ...diagnosticsError(filename, code, compiled.diagnostics) };
    if (job.interrupted) return { ...stopped };
    const id = `expression-${++expressions}`;
    return new Promise((resolve) => {
      evaluating.set(id, resolve);
      io.link.post({ kind: "evaluate", id, parent: job.request.parent, cell: compiled.cell });
    });
  };

  const evaluateAll = async (job: Job): Promise<Record<string, unknown>> => {
    const values: Record<string, unknown> = {};
    for (const [name, code] of Object.entries(job.content.user_expressions ?? {})) {
      values[name] = job.interrupted ? { ...stopped } : await evaluate(job, code);
    }
    return values;
  };

  const run = async (job: Job): Promise<Outcome> => {
    const { request, content } = job;
    const stored = !content.silent && content.store_history !== false && content.code.trim() !== "";
    const number = stored ? ++count : count;
    io.publisher.status("busy", request.parent);
    if (!content.silent) {
      const input = { code: content.code, execution_count: number };
      io.publisher.publish({ type: "execute_input", content: input, parent: request.parent });
    }
    const { outcome } = await compileAndRun(job, number).catch((error: Error): Finished => {
      log(`compiler: ${error.message}`);
      return { outcome: compilerFault(error) };
    });
    if (stored) {
      const text = result?.parent === request.parent ? result.text : undefined;
      io.history.add(number, content.code, text);
    }
    const ok = outcome.status === "ok";
    if (!ok && !content.silent) {
      const { status: _, ...error } = outcome;
      io.publisher.publish({ type: "error", content: error, parent: request.parent });
    }
    const values = ok ? { user_expressions: await evaluateAll(job), payload: [] } : {};
    io.reply(request, "execute_reply", { ...outcome, execution_count: number, ...values });
    return outcome;
  };

  const abort = (job: Job): void => {
    io.publisher.status("busy", job.request.parent);
    io.reply(job.request, "execute_reply", { status: "aborted", execution_count: count });
    io.publisher.status("idle", job.request.parent);
  };

  const pump = async (): Promise<void> => {
    if (running) return;
    for (let job = queue.shift(); job; job = queue.shift()) {
      running = job;
      const outcome = await run(job);
      running = undefined;
      result = undefined;
      io.publisher.status("idle", job.request.parent);
      if (outcome.status === "error" && job.content.stop_on_error) queue.splice(0).forEach(abort);
    }
  };

  return {
    add: (request, content) => {
      queue.push({ request, content, interrupted: false });
      pump();
    },
    current: () => running && { request: running.request, allowStdin: running.content.allow_stdin },
    receive: (message) => {
      if (message.kind === "evaluated") {
        evaluating.get(message.id)?.(message.result);
        evaluating.delete(message.id);
      } else if (running?.request.message.header.msg_id === message.id) {
        running.finish?.({ outcome: message.outcome, assigned: message.assigned });
      }
    },
    interrupted: () => {
      if (running) running.interrupted = true;
    },
    settled: () => {
      for (const resolve of evaluating.values()) resolve({ ...stopped });
      evaluating.clear();
    },
    noteResult: (parent, text) => {
      result = { parent, text };
    },
  };
}

function compilerFault(error: Error): ErrorOutcome {
  const evalue = `the compiler failed on this cell: ${error.message.split("\n")[0]}`;
  return { status: "error", ename: "CompilerError", evalue, traceback: [`CompilerError: ${evalue}`] };
}
