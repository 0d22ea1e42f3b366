/** Runs kernels over arrays: in place where they lie in WebAssembly memory, a piece at a time where they do not. */
import type { TensorData } from "../tensor/types.js";
import { arenaOf } from "./arena.js";
import { type Kernel, type KernelModule, kernelsOf, type Machine, scratchMachine, scratchStart } from "./machine.js";
import { wasmEnabled } from "./settings.js";
import { runTogether, settle, threadCount } from "./threads.js";

/** An array of which every unit has its own stretch. */
export interface Operand {
  readonly data: TensorData;
  /** Elements per unit. */
  readonly per: number;
}

/**
 * A kernel and what it works on. The kernel is called as
 * `kernel(units, first, ...inputs, ...outputs, ...tables, ...sums, work?, ...params)`: the number of units, the number
 * of the first among all, addresses in the order given, numbers. It returns 0, or something else to give up.
 * It has no memory of its own but `work`, so that threads can share everything else.
 */
export interface Sweep {
  readonly module: KernelModule;
  readonly kernel: string;
  /** Units: groups, blocks, rows … that are computed independently. */
  readonly units: number;
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  /** Arrays that every unit reads. */
  readonly tables?: readonly TensorData[];
  /** Arrays to which every unit adds: integers, so that the order does not matter. */
  readonly sums?: readonly (Int32Array | Uint32Array | Float64Array)[];
  /** Bytes of working memory. */
  readonly work?: number;
  readonly params?: readonly number[];
  /** Units in one call are a multiple of this, but for the last; default 1. */
  readonly grain?: number;
  /** Nanoseconds that one unit takes, roughly: more than a thread's start is worth it; default 0, never shared out. */
  readonly nanoseconds?: number;
}

/** Bytes of one piece: what a level-2 cache holds. */
const pieceBytes = 2 ** 18;
/** Work of less than this many nanoseconds in one call is not shared out. */
const worthSharing = 200_000;
const alignment = 64;

/**
 * Runs a sweep and returns whether that was done: false where there are no kernels, or one gave up, or its operands do
 * not fit: then the caller computes it in plain TypeScript, and outputs hold anything.
 */
export function sweep(task: Sweep): boolean {
  if (!wasmEnabled()) return false;
  const { inputs, outputs } = task;
  const arenas = [...inputs, ...outputs].map(({ data }) => arenaOf(data.buffer));
  const machine = arenas.find((arena) => arena !== undefined) ?? scratchMachine();
  const kernel = machine && kernelsOf(machine, task.module)?.[task.kernel];
  if (machine === undefined || kernel === undefined) return false;
  if (task.units === 0) return true;
  settle();
  const plan = layOut(task, machine);
  if (plan === undefined) return false;
  return runAll(task, machine, kernel, plan);
}

/** Where everything of a sweep lies in a machine's memory. */
interface Plan {
  /** Units of one piece. */
  readonly units: number;
  readonly threads: number;
  readonly operands: readonly Placed[];
  readonly tables: readonly number[];
  /** By thread. */
  readonly sums: readonly (readonly number[])[];
  readonly works: readonly number[];
}

/** An operand and where it lies. */
interface Placed extends Operand {
  /** The address of its piece; of an operand in place, that of its first element. */
  readonly address: number;
  readonly inPlace: boolean;
}

function layOut(task: Sweep, machine: Machine): Plan | undefined {
  const { inputs, outputs, tables = [], sums = [], work = 0, units, grain = 1, nanoseconds = 0 } = task;
  let end = scratchStart;
  const place = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / alignment) * alignment;
    return start;
  };
  const tableAddresses = tables.map((table) => place(table.byteLength));
  const mostThreads = nanoseconds * units < worthSharing ? 1 : threadCount();
  const perThread = Array.from({ length: mostThreads }, () => ({
    sums: sums.map((sum) => place(sum.byteLength)),
    work: place(work),
  }));
  const operands = [...inputs, ...outputs];
  const lies = ({ data }: Operand): boolean => data.buffer === machine.buffer;
  const bytesOf = ({ data, per }: Operand): number => per * data.BYTES_PER_ELEMENT;
  const unitBytes = operands.reduce((bytes, operand) => bytes + (lies(operand) ? 0 : bytesOf(operand)), 0);
  const room = machine.scratchEnd - end - operands.length * alignment;
  const fit = Math.floor(room / Math.max(unitBytes, 1));
  const byCache = Math.floor(pieceBytes / Math.max(unitBytes, 1));
  // A piece that is shared out is longer, so that each thread has a while to do.
  const byTime = mostThreads > 1 ? Math.ceil((4 * worthSharing) / nanoseconds) : 0;
  const most = Math.max(1, Math.min(fit, Math.max(byCache, byTime)));
  const count = unitBytes === 0 ? units : Math.min(units, most > grain ? most - (most % grain) : most);
  if (room < 0 || count * unitBytes > room) return undefined;
  return {
    units: count,
    threads: nanoseconds * Math.min(count, units) < worthSharing ? 1 : mostThreads,
    operands: operands.map((operand) => {
      const inPlace = lies(operand);
      return { ...operand, inPlace, address: inPlace ? operand.data.byteOffset : place(count * bytesOf(operand)) };
    }),
    tables: tableAddresses,
    sums: perThread.map((thread) => thread.sums),
    works: perThread.map((thread) => thread.work),
  };
}

function runAll(task: Sweep, machine: Machine, kernel: Kernel, plan: Plan): boolean {
  const { tables = [], units } = task;
  for (const [i, table] of tables.entries()) {
    viewLike(machine, table, plan.tables[i] as number, table.length).set(table);
  }
  for (const sums of sumViews(task, machine, plan)) for (const sum of sums) sum.fill(0);
  const copies = copiesOf(task, machine, plan);
  for (let first = 0; first < units; first += plan.units) {
    const count = Math.min(plan.units, units - first);
    copies.bring(first, count);
    if (!runPiece(task, machine, kernel, plan, first, count)) return false;
    copies.fetch(first, count);
  }
  for (const parts of sumViews(task, machine, plan)) {
    for (const [i, sum] of (task.sums ?? []).entries()) addTo(sum, parts[i] as TensorData);
  }
  return true;
}

/** Copies pieces of the inputs into the machine's memory, and of the outputs back. */
interface Copies {
  bring(first: number, count: number): void;
  fetch(first: number, count: number): void;
}

function copiesOf({ inputs }: Sweep, machine: Machine, { operands, units }: Plan): Copies {
  const copied = operands.map(({ data, per, address, inPlace }, i) => ({
    ...{ data, per, inPlace, output: i >= inputs.length },
    view: inPlace ? data : viewLike(machine, data, address, units * per),
  }));
  const brought = copied.filter(({ inPlace, output }) => !inPlace && !output);
  const fetched = copied.filter(({ inPlace, output }) => !inPlace && output);
  return {
    bring: (first, count) => {
      for (const { data, per, view } of brought) view.set(data.subarray(first * per, (first + count) * per));
    },
    fetch: (first, count) => {
      for (const { data, per, view } of fetched) {
        data.set(count === units ? view : view.subarray(0, count * per), first * per);
      }
    },
  };
}

/** Returns each thread's own part of the sums. */
function sumViews({ sums = [] }: Sweep, machine: Machine, plan: Plan): TensorData[][] {
  return plan.sums.map((addresses) => sums.map((sum, i) => viewLike(machine, sum, addresses[i] as number, sum.length)));
}

function addTo(sum: TensorData, part: TensorData): void {
  for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + (part[at] as number);
}

/** Runs the kernel over one piece, shared out among threads when that is planned. */
function runPiece(task: Sweep, machine: Machine, kernel: Kernel, plan: Plan, first: number, count: number): boolean {
  const { threads } = plan;
  if (threads === 1) return kernel(...argumentsOf(task, plan, 0, first, 0, count)) === 0;
  const { grain = 1 } = task;
  const share = Math.ceil(Math.ceil(count / threads) / grain) * grain;
  const lists: number[][] = [];
  for (let start = 0; start < count; start += share) {
    lists.push(argumentsOf(task, plan, lists.length, first + start, start, Math.min(share, count - start)));
  }
  const statuses =
    runTogether(machine, task.module, task.kernel, kernel, lists) ?? lists.map((args) => kernel(...args));
  return statuses.every((status) => status === 0);
}

/** @param first the number of the first unit among all @param offset that among the units of the piece */
function argumentsOf(task: Sweep, plan: Plan, thread: number, first: number, offset: number, count: number): number[] {
  const addresses = plan.operands.map(
    ({ data, per, address, inPlace }) => address + (inPlace ? first : offset) * per * data.BYTES_PER_ELEMENT,
  );
  const work = task.work ? [plan.works[thread] as number] : [];
  const sums = plan.sums[thread] as readonly number[];
  return [count, first, ...addresses, ...plan.tables, ...sums, ...work, ...(task.params ?? [])];
}

/** Returns a view of a machine's memory of the kind of `data`. */
function viewLike<T extends TensorData>(machine: Machine, data: T, start: number, length: number): T {
  const View = data.constructor as new (buffer: ArrayBuffer, start: number, length: number) => T;
  return new View(machine.buffer, start, length);
}
