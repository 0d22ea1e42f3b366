/**
 * Work that takes longer than a frame: it runs in a Web Worker and is dropped when newer input makes it useless.
 * Where there is no worker (a test, a page that forbids them) it runs in this thread, one task at a time.
 */

/** A function that may run in a worker: what it takes and returns can be cloned. */
export type Task = (input: never) => unknown;

interface Job {
  readonly id: number;
  readonly task: string;
  readonly input: unknown;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What a worker is sent. */
export interface WorkerRequest {
  readonly id: number;
  readonly task: string;
  readonly input: unknown;
}

/** What a worker answers. */
export interface WorkerResponse {
  readonly id: number;
  readonly output?: unknown;
  /** A message when the task threw. */
  readonly error?: string;
}

const tasks = new Map<string, Task>();
let jobs: readonly Job[] = [];
let source: string | undefined;
let worker: Worker | undefined;
let nextId = 0;

/** Makes a task known by name, in the page and in its worker. */
export function defineTask(name: string, task: Task): void {
  tasks.set(name, task);
}

/** Gives the text of the worker's script; without it tasks run in this thread. */
export function setWorkerSource(text: string): void {
  source = text;
}

/** Returns the answer to a request; for the worker's script. */
export function answer({ id, task, input }: WorkerRequest): WorkerResponse {
  try {
    return { id, output: run(task, input) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Runs a task in the background and returns what it returns. After `signal` is aborted nothing comes back, and a
 * worker that is still busy with the task is ended.
 * @example await runInBackground<Analysis>("mask.analyze", { weights, pattern }, controller.signal)
 */
export function runInBackground<Output>(task: string, input: unknown, signal: AbortSignal): Promise<Output> {
  return new Promise((resolve, reject) => {
    const job: Job = { id: nextId++, task, input, resolve: resolve as (output: unknown) => void, reject };
    jobs = [...jobs, job];
    signal.addEventListener("abort", () => drop(job), { once: true });
    start(job);
  });
}

function run(task: string, input: unknown): unknown {
  const known = tasks.get(task);
  if (known === undefined) throw new Error(`background: task ${task}, expected a defined one`);
  return known(input as never);
}

function start(job: Job): void {
  worker ??= createWorker();
  if (worker === undefined) setTimeout(() => settle(isWaiting(job) ? answer(job) : { id: job.id }), 0);
  else worker.postMessage({ id: job.id, task: job.task, input: job.input } satisfies WorkerRequest);
}

function createWorker(): Worker | undefined {
  if (source === undefined || typeof Worker === "undefined") return undefined;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const created = new Worker(url);
    created.onmessage = ({ data }: MessageEvent<WorkerResponse>) => settle(data);
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

function settle({ id, output, error }: WorkerResponse): void {
  const job = jobs.find((one) => one.id === id);
  if (job === undefined) return;
  jobs = jobs.filter((one) => one !== job);
  if (error === undefined) job.resolve(output);
  else job.reject(new Error(error));
}

function isWaiting(job: Job): boolean {
  return jobs.includes(job);
}

function drop(job: Job): void {
  if (!isWaiting(job)) return;
  const busy = jobs[0] === job;
  jobs = jobs.filter((one) => one !== job);
  if (busy && worker !== undefined) restart(source);
}

/** Ends the worker and gives its jobs to a new one, or to this thread when `text` is undefined. */
function restart(text: string | undefined): void {
  worker?.terminate();
  worker = undefined;
  source = text;
  for (const job of jobs) start(job);
}
