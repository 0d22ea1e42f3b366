/** The queue of cells: one runs, the others wait, and an error empties the queue. */
import { diagnosticsError } from "../session/code-frame.js";
import type { CompiledCell } from "../session/compiler/types.js";
import { compilerFault, type ErrorOutcome, type Outcome, stopped, type ToIo } from "./channel.js";
import type { IoContext, Request } from "./context.js";
import { createExpressions } from "./expressions.js";
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
  /** Its number, once it has one. */
  count?: number;
  /** The text of its result, for the history. */
  result?: string;
}

interface Finished {
  readonly outcome: Outcome;
  readonly assigned?: readonly string[];
}

/** The cell that is running. */
export interface CurrentCell {
  readonly request: Request;
  readonly allowStdin: boolean;
  /** Its number; undefined before it has one. */
  readonly count: number | undefined;
}

/** See {@link createExecutions}. */
export interface Executions {
  add(request: Request, content: Execute): void;
  /** The request that is running, if any. */
  current(): CurrentCell | undefined;
  /** A message from main that concerns a cell. */
  receive(message: Extract<ToIo, { kind: "done" | "evaluated" }>): void;
  /** Notes a stop: a cell which is still being compiled does not start, and the next one waits until it has settled. */
  interrupted(): void;
  /** Main has settled after a stop: what it was asked and did not answer is over. */
  settled(): void;
  /** Remembers the text of a cell's result for the history. */
  noteResult(parent: string, text: string): void;
}

/** Returns the queue. */
export function createExecutions(io: IoContext): Executions {
  const expressions = createExpressions(io);
  const queue: Job[] = [];
  let running: Job | undefined;
  let count = 0;
  let stop: { readonly over: Promise<void>; readonly end: () => void } | undefined;

  const run = async (job: Job): Promise<Outcome> => {
    const { request, content } = job;
    const stored = !content.silent && content.store_history !== false && content.code.trim() !== "";
    const number = stored ? ++count : count;
    job.count = number;
    announce(io, job, number);
    const { outcome } = await compileAndRun(io, job, number);
    if (stored) io.history.add(number, content.code, job.result);
    const reply = { ...outcome, execution_count: number };
    if (outcome.status === "error") {
      publishError(io, job, outcome);
      io.reply(request, "execute_reply", reply);
      return outcome;
    }
    const named = content.user_expressions ?? {};
    const values = await expressions.evaluate(named, request.parent, () => job.interrupted);
    io.reply(request, "execute_reply", { ...reply, user_expressions: values, payload: [] });
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
      // Until a stop has settled, main may still be asked to end what it runs: that must not be this cell.
      await stop?.over;
      const outcome = await run(job);
      running = undefined;
      io.publisher.status("idle", job.request.parent);
      if (outcome.status === "error" && job.content.stop_on_error) queue.splice(0).forEach(abort);
    }
  };

  return {
    add: (request, content) => {
      queue.push({ request, content, interrupted: false });
      pump();
    },
    current: () =>
      running && { request: running.request, allowStdin: running.content.allow_stdin, count: running.count },
    receive: (message) => {
      if (message.kind === "evaluated") return expressions.receive(message);
      if (running?.request.message.header.msg_id !== message.id) return;
      running.finish?.({ outcome: message.outcome, assigned: message.assigned });
    },
    interrupted: () => {
      if (running) running.interrupted = true;
      stop ??= openStop();
    },
    settled: () => {
      stop?.end();
      stop = undefined;
      expressions.settled();
    },
    noteResult: (parent, text) => {
      if (running?.request.parent === parent) running.result = text;
    },
  };
}

function openStop(): { over: Promise<void>; end: () => void } {
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { over, end };
}

function announce(io: IoContext, { request, content }: Job, number: number): void {
  io.publisher.status("busy", request.parent);
  if (content.silent) return;
  const input = { code: content.code, execution_count: number };
  io.publisher.publish({ type: "execute_input", content: input, parent: request.parent });
}

function publishError(io: IoContext, { request, content }: Job, { ename, evalue, traceback }: ErrorOutcome): void {
  if (content.silent) return;
  io.publisher.publish({ type: "error", content: { ename, evalue, traceback }, parent: request.parent });
}

/** Compiles the cell, has main run it, and makes what it declared known to later cells. */
async function compileAndRun(io: IoContext, job: Job, number: number): Promise<Finished> {
  const filename = `cell-${number}.ts`;
  try {
    const compiled = await io.compiler.compile(job.content.code, filename);
    if (job.interrupted) return { outcome: stopped };
    if (!compiled.ok) return { outcome: diagnosticsError(filename, job.content.code, compiled.diagnostics) };
    const finished = await runOnMain(io, job, number, compiled.cell);
    const { outcome, assigned } = finished;
    await io.compiler.commit(compiled.id, outcome.status === "ok" ? undefined : (assigned ?? []));
    return finished;
  } catch (error) {
    log(`compiler: ${(error as Error).message}`);
    return { outcome: compilerFault(error as Error) };
  }
}

function runOnMain({ link }: IoContext, job: Job, count: number, cell: CompiledCell): Promise<Finished> {
  const { request, content } = job;
  return new Promise((resolve) => {
    job.finish = resolve;
    link.post({
      kind: "run",
      id: request.message.header.msg_id,
      parent: request.parent,
      count,
      cell,
      silent: content.silent,
      allowStdin: content.allow_stdin,
      ...placesOf(request.message.metadata),
    });
  });
}

/** Returns what JupyterLab tells of the notebook with a cell; other front ends tell nothing. */
function placesOf({ cellId, deletedCells }: Record<string, unknown>): { place?: string; gone: readonly string[] } {
  const gone = Array.isArray(deletedCells) ? deletedCells.filter((one) => typeof one === "string") : [];
  return typeof cellId === "string" ? { place: cellId, gone } : { gone };
}
