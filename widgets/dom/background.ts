/**
 * Work that takes longer than a frame: it runs in a Web Worker and is dropped when newer input makes it useless.
 * Where there is no worker (a test, a page that forbids them) it runs in this thread, a little at a time.
 */
import { createRunner, forget, isStepped, keep, keptEntries, type Order, type Report, type Runner } from "./tasks.js";

/** Told now and then how far a stepped task is: what it yielded last. */
export type OnProgress = (progress: number) => void;

interface Job {
  readonly id: number;
  readonly task: string;
  readonly input: unknown;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: OnProgress | undefined;
}

/** A value that the worker has too, until it is released. */
export interface Kept {
  /** What tasks find it by. */
  readonly key: number;
  release(): void;
}

let jobs: readonly Job[] = [];
let source: string | undefined;
let worker: Worker | undefined;
let runner: Runner | undefined;
let nextId = 0;

/** Gives the text of the worker's script; without it tasks run in this thread. */
export function setWorkerSource(text: string): void {
  source = text;
}

/**
 * Runs a task in the background and returns what it returns. After `signal` is aborted nothing comes back: a stepped
 * task ends at its next step, and a worker that is still busy with another task is ended.
 * @example await runInBackground<DiversityRow[]>("mask.diversity", { pattern, rows, cols }, controller.signal)
 */
export function runInBackground<Output>(
  task: string,
  input: unknown,
  signal: AbortSignal,
  onProgress?: OnProgress,
): Promise<Output> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return;
    const job: Job = { id: nextId++, task, input, resolve: resolve as (output: unknown) => void, reject, onProgress };
    jobs = [...jobs, job];
    signal.addEventListener("abort", () => drop(job), { once: true });
    start(job);
  });
}

/** Gives a large value to the worker once, so that tasks can be told its key instead of the value. */
export function keepInBackground(value: unknown): Kept {
  const key = nextId++;
  keep(key, value);
  if (worker !== undefined) order({ kind: "keep", key, value });
  return {
    key,
    release: () => {
      forget(key);
      if (worker !== undefined) order({ kind: "forget", key });
    },
  };
}

function order(message: Order): void {
  if (worker !== undefined) worker.postMessage(message);
  else {
    runner ??= createRunner(settle);
    runner.take(message);
  }
}

function start({ id, task, input }: Job): void {
  if (worker === undefined) {
    worker = createWorker();
    for (const [key, value] of worker === undefined ? [] : keptEntries()) order({ kind: "keep", key, value });
  }
  order({ kind: "run", id, task, input });
}

function createWorker(): Worker | undefined {
  if (source === undefined || typeof Worker === "undefined") return undefined;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const created = new Worker(url);
    created.onmessage = ({ data }: MessageEvent<Report>) => settle(data);
    // A page may forbid workers from blobs: go on without.
    created.onerror = () => restart(undefined);
    return created;
  } catch {
    source = undefined;
    return undefined;
  } finally {
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

function settle({ id, progress, output, error }: Report): void {
  const job = jobs.find((one) => one.id === id);
  if (job === undefined) return;
  if (progress !== undefined) {
    job.onProgress?.(progress);
    return;
  }
  jobs = jobs.filter((one) => one !== job);
  if (error === undefined) job.resolve(output);
  else job.reject(new Error(error));
}

function drop(job: Job): void {
  if (!jobs.includes(job)) return;
  // Tasks in one piece run in the order in which they came: the first of them is the one that is under way.
  const busy = worker !== undefined && jobs.find(({ task }) => !isStepped(task)) === job;
  jobs = jobs.filter((one) => one !== job);
  if (busy) restart(source);
  else order({ kind: "cancel", id: job.id });
}

/** Ends the worker and gives its jobs to a new one, or to this thread when `text` is undefined. */
function restart(text: string | undefined): void {
  worker?.terminate();
  worker = undefined;
  source = text;
  for (const job of jobs) start(job);
}
