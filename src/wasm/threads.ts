/** Threads that run kernels beside the caller's own, in Node. */
import { processors, type Thread, threadEngine } from "./engine.js";
import { compiledModule, type KernelModule, type Machine } from "./machine.js";

/** Where a thread waits: its slot in `control` holds state, task and status; its arguments stand in `numbers`. */
const slotLength = 16;
const mostNumbers = 32;
const mostThreads = 16;

/**
 * What a thread runs: it sleeps until its state is 1, takes in the tasks that were posted since, runs the one asked
 * for, and sets its state to 0.
 */
const threadCode = `
const { parentPort, receiveMessageOnPort, workerData } = require("node:worker_threads");
const { control, numbers, slot, first } = workerData;
const instances = new Map();
const tasks = [];
for (;;) {
  Atomics.wait(control, slot, 0);
  for (let posted; (posted = receiveMessageOnPort(parentPort)); ) {
    const { id, key, module, memory, kernel } = posted.message;
    if (!instances.has(key)) instances.set(key, new WebAssembly.Instance(module, { env: { memory } }));
    tasks[id] = instances.get(key).exports[kernel];
  }
  let status = -1;
  try {
    status = tasks[control[slot + 1]](...numbers.subarray(first, first + control[slot + 3]));
  } catch {}
  control[slot + 2] = status;
  Atomics.store(control, slot, 0);
  Atomics.notify(control, slot);
}`;

interface Pool {
  readonly threads: readonly Thread[];
  readonly control: Int32Array;
  readonly numbers: Float64Array;
}

let pool: Pool | undefined;
let failed = false;
let wanted: number | undefined;
const taskIds = new Map<string, number>();

/** Returns how many threads may work at a time, the caller's among them. */
export function threadCount(): number {
  return failed || threadEngine() === undefined ? 1 : (wanted ?? Math.min(processors(), mostThreads));
}

/** Sets how many threads may work at a time; undefined: as many as the machine runs. A pool that runs stays as it is. */
export function setThreadCount(count: number | undefined): void {
  wanted = count === undefined ? undefined : Math.min(count, mostThreads);
}

/**
 * Runs a kernel once for each list of arguments: the first on the caller's thread, each other on one of its own.
 * Returns the statuses, or undefined when there are not so many threads.
 */
export function runTogether(
  machine: Machine,
  module: KernelModule,
  name: string,
  own: (...args: number[]) => number,
  argumentLists: readonly (readonly number[])[],
): number[] | undefined {
  const running = startPool(argumentLists.length - 1);
  if (running === undefined) return undefined;
  const { control, numbers } = running;
  const task = taskOf(running, machine, module, name);
  for (let i = 1; i < argumentLists.length; i++) {
    const args = argumentLists[i] as readonly number[];
    const slot = (i - 1) * slotLength;
    // A call that was stopped half-way may have left the thread at work.
    waitUntilIdle(control, slot);
    numbers.set(args, (i - 1) * mostNumbers);
    control[slot + 1] = task;
    control[slot + 3] = args.length;
    Atomics.store(control, slot, 1);
    Atomics.notify(control, slot);
  }
  const statuses = [own(...(argumentLists[0] as readonly number[]))];
  for (let i = 1; i < argumentLists.length; i++) {
    waitUntilIdle(control, (i - 1) * slotLength);
    statuses.push(control[(i - 1) * slotLength + 2] as number);
  }
  return statuses;
}

/** Waits for the threads that a stopped call left at work, before anybody else writes into the memories. */
export function settle(): void {
  if (pool === undefined) return;
  for (let i = 0; i < pool.threads.length; i++) waitUntilIdle(pool.control, i * slotLength);
}

/** A thread mostly ends within microseconds of its neighbours: looking a few times is cheaper than sleeping. */
const looks = 2000;

function waitUntilIdle(control: Int32Array, slot: number): void {
  for (let look = 0; look < looks; look++) if (Atomics.load(control, slot) === 0) return;
  while (Atomics.load(control, slot) !== 0) Atomics.wait(control, slot, 1);
}

function startPool(threads: number): Pool | undefined {
  if (pool !== undefined) return pool.threads.length >= threads ? pool : addThreads(pool, threads);
  return addThreads(
    {
      threads: [],
      control: new Int32Array(new SharedArrayBuffer(mostThreads * slotLength * 4)),
      numbers: new Float64Array(new SharedArrayBuffer(mostThreads * mostNumbers * 8)),
    },
    threads,
  );
}

function addThreads(before: Pool, count: number): Pool | undefined {
  const engine = threadEngine();
  if (engine === undefined || failed || count > mostThreads) return undefined;
  const threads = [...before.threads];
  const { control, numbers } = before;
  try {
    while (threads.length < count) {
      const workerData = { control, numbers, slot: threads.length * slotLength, first: threads.length * mostNumbers };
      const thread = new engine.Worker(threadCode, { eval: true, workerData, stdin: false });
      thread.unref();
      threads.push(thread);
    }
  } catch {
    failed = true;
    return undefined;
  }
  // New threads know no task yet.
  taskIds.clear();
  pool = { threads, control, numbers };
  return pool;
}

/** Returns the number of a task, which every thread is told of when it first comes up. */
function taskOf(running: Pool, machine: Machine, module: KernelModule, kernel: string): number {
  const key = `${machine.id} ${module.name}`;
  const known = taskIds.get(`${key} ${kernel}`);
  if (known !== undefined) return known;
  const id = taskIds.size;
  taskIds.set(`${key} ${kernel}`, id);
  const message = { id, key, module: compiledModule(module), memory: machine.memory, kernel };
  for (const thread of running.threads) thread.postMessage(message);
  return id;
}
