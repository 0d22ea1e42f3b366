/** The tasks of the background, and what runs them: in the worker, or in the page where there is none. */

/** A function that may run in a worker: what it takes and returns can be cloned. It runs in one piece. */
export type Task = (input: never) => unknown;

/**
 * A task that can be left at every `yield`, and says there how far it is, 0..1. Typed arrays directly in what it
 * returns are handed over, not copied: they must be its own.
 */
export type SteppedTask = (input: never) => Generator<number, unknown>;

/** What a runner is told. */
export type Order =
  | { readonly kind: "run"; readonly id: number; readonly task: string; readonly input: unknown }
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "keep"; readonly key: number; readonly value: unknown }
  | { readonly kind: "forget"; readonly key: number };

/** What a runner says of a task: how far it is, or how it ended. */
export interface Report {
  readonly id: number;
  readonly progress?: number;
  readonly output?: unknown;
  /** A message when the task threw. */
  readonly error?: string;
}

/** Carries out orders. */
export interface Runner {
  take(order: Order): void;
}

/** For so long a stepped task may run before other messages are looked at: less than a frame. */
const turnMilliseconds = 8;

const tasks = new Map<string, Task>();
const steppedTasks = new Map<string, SteppedTask>();
const values = new Map<number, unknown>();

/** Makes a task known by name, in the page and in its worker. */
export function defineTask(name: string, task: Task): void {
  tasks.set(name, task);
}

/** Makes a task known that can be left at each step. */
export function defineSteppedTask(name: string, task: SteppedTask): void {
  steppedTasks.set(name, task);
}

/** Whether a task can be left at each step. */
export function isStepped(name: string): boolean {
  return steppedTasks.has(name);
}

/** Remembers a value for tasks. */
export function keep(key: number, value: unknown): void {
  values.set(key, value);
}

/** Forgets a value. */
export function forget(key: number): void {
  values.delete(key);
}

/** Returns all values that are kept, by key. */
export function keptEntries(): Iterable<readonly [number, unknown]> {
  return values;
}

/** Returns the value that was kept under this key. @throws Error when there is none */
export function kept<Value>(key: number): Value {
  if (!values.has(key)) throw new Error(`background: value ${key}, expected one that is kept`);
  return values.get(key) as Value;
}

/** Returns the answer to a request for a task in one piece. */
export function answer({ id, task, input }: { id: number; task: string; input: unknown }): Report {
  try {
    const known = tasks.get(task);
    if (known === undefined) throw new Error(`background: task ${task}, expected a defined one`);
    return { id, output: known(input as never) };
  } catch (error) {
    return { id, error: messageOf(error) };
  }
}

/**
 * Returns a runner that tells `report` of its tasks, with the memory that is to be handed over. Each begins in a turn
 * of the event loop of its own; stepped ones take turns with each other.
 */
export function createRunner(report: (report: Report, transfer: ArrayBuffer[]) => void): Runner {
  const waiting = new Set<number>();
  const nextTurn = createTurns();
  const finish = (id: number, done: Report, transfer: ArrayBuffer[] = []): void => {
    if (waiting.delete(id)) report(done, transfer);
  };
  const step = (id: number, steps: Generator<number, unknown>): void => {
    if (!waiting.has(id)) {
      steps.return(undefined);
      return;
    }
    try {
      const { done, value } = stepForTurn(steps);
      if (done) {
        finish(id, { id, output: value }, buffersIn(value));
        return;
      }
      report({ id, progress: value }, []);
      nextTurn(() => step(id, steps));
    } catch (error) {
      finish(id, { id, error: messageOf(error) });
    }
  };
  const run = (order: Extract<Order, { kind: "run" }>): void => {
    const { id, task, input } = order;
    const stepped = steppedTasks.get(task);
    if (!waiting.has(id)) return;
    if (stepped === undefined) finish(id, answer(order));
    else step(id, stepped(input as never));
  };
  return {
    take(order) {
      if (order.kind === "keep") keep(order.key, order.value);
      else if (order.kind === "forget") forget(order.key);
      else if (order.kind === "cancel") waiting.delete(order.id);
      else {
        waiting.add(order.id);
        nextTurn(() => run(order));
      }
    },
  };
}

/** Takes as many steps as a turn has time for, at least one, and returns the last. */
function stepForTurn(steps: Generator<number, unknown>): IteratorResult<number, unknown> {
  const until = performance.now() + turnMilliseconds;
  let result = steps.next();
  while (!result.done && performance.now() < until) result = steps.next();
  return result;
}

/** A message to oneself comes after the messages that wait already, and, unlike a timer, without a pause. */
function createTurns(): (action: () => void) => void {
  const actions: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => actions.shift()?.();
  // In Node a port would keep the process alive.
  (port1 as unknown as { unref?(): void }).unref?.();
  return (action) => {
    actions.push(action);
    port2.postMessage(null);
  };
}

function buffersIn(output: unknown): ArrayBuffer[] {
  const parts = typeof output === "object" && output !== null ? Object.values(output) : [];
  return [...new Set(parts.filter((part) => ArrayBuffer.isView(part)).map((part) => part.buffer as ArrayBuffer))];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
