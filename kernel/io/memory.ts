/** Foresees that memory runs out: warns in the running cell, then stops it while its variables can still be kept. */
import { Session } from "node:inspector";
import { totalmem } from "node:os";
import { moreMemory } from "./death.js";

/** How often memory is looked at, in milliseconds: while a cell runs, and while none does. */
const pollRunning = 100;
const pollIdle = 2000;

/**
 * Of the heap's limit. V8 lets the heap grow at most half-way from what is alive to the limit before it collects, so at
 * `stop` at least 60 % are alive; beyond that it collects ever more often, and soon ends the process.
 */
const heapLevels = { warn: 0.65, stop: 0.8 };
/** Of the memory that the machine or its container has; the system kills who asks for more. */
const processLevels = { warn: 0.8, stop: 0.9 };
/** A cell that found memory short and adds less than this may go on: it may be the one that frees it. */
const growth = 0.03;

/** How much of what is used. */
export interface MemoryLevel {
  readonly used: number;
  readonly limit: number;
  /** The JavaScript heap, or the process as a whole: typed arrays' memory is no part of the heap. */
  readonly of: "heap" | "process";
}

/** What a judge of memory needs and tells. */
export interface MemoryJudgeParts {
  /** What identifies the running cell; undefined when none runs. */
  running(): object | undefined;
  /** Memory is running out, in words. Said once per cell. */
  warn(text: string): void;
  /** The running cell has to be stopped, and why. Said once per cell. */
  stop(text: string): void;
}

/** Returns the function that takes what was measured and decides. */
export function createMemoryJudge({ running, warn, stop }: MemoryJudgeParts): (level: MemoryLevel) => void {
  let cell: object | undefined;
  let first = 0;
  let said: "nothing" | "warning" | "stop" = "nothing";
  return (level) => {
    const fraction = level.used / level.limit;
    const levels = level.of === "heap" ? heapLevels : processLevels;
    if (running() !== cell) {
      cell = running();
      first = fraction < levels.warn ? 0 : fraction;
      said = "nothing";
    }
    if (!cell || said === "stop" || fraction < Math.max(levels.warn, first + growth)) return;
    if (fraction >= levels.stop) {
      said = "stop";
      stop(`${describe(level)}. The cell was stopped before the kernel would have ended. ${advice(level)}`);
    } else if (said === "nothing") {
      said = "warning";
      warn(
        `memory is running out: ${describe(level)}. At ${100 * levels.stop} % the cell is stopped. ${advice(level)}`,
      );
    }
  };
}

/** A watch that runs until it is closed. */
export interface MemoryWatch {
  close(): void;
}

/**
 * Watches the memory of this process from the io thread.
 * @param heapLimit the limit of the main thread's heap, in bytes
 */
export function watchMemory(heapLimit: number, parts: MemoryJudgeParts): MemoryWatch {
  const session = new Session();
  session.connectToMainThread();
  const judge = createMemoryJudge(parts);
  const processLimit = memoryLimit();
  const oldLimit = Math.max(heapLimit - nursery(), heapLimit / 2);
  let timer: NodeJS.Timeout;
  const next = (): void => {
    timer = setTimeout(look, parts.running() ? pollRunning : pollIdle);
  };
  const look = (): void => {
    const rss = process.memoryUsage.rss();
    const whole: MemoryLevel = { used: rss, limit: processLimit, of: "process" };
    // The heap is part of the process: while that is small, the main thread need not be asked.
    if (rss < oldLimit / 2) {
      judge(whole);
      next();
      return;
    }
    session.post("Runtime.getHeapUsage", (_: Error | null, usage?: object) => {
      // Node's types know this method's answer only from a later version on.
      const { usedSize = 0 } = (usage ?? {}) as { readonly usedSize?: number };
      const heap: MemoryLevel = { used: usedSize, limit: oldLimit, of: "heap" };
      judge(heap.used / heap.limit > whole.used / whole.limit ? heap : whole);
      next();
    });
  };
  next();
  return {
    close: () => {
      clearTimeout(timer);
      session.disconnect();
    },
  };
}

/**
 * What V8 counts into the heap's limit although objects that live on are never there: its nursery, in bytes. V8 does
 * not tell its size; this is what `--max-old-space-size` falls short of the limit by, on each version.
 */
function nursery(version: string = process.versions.node): number {
  const major = Number.parseInt(version, 10);
  const megabytes = major >= 26 ? 96 : major >= 24 ? 192 : 48;
  return megabytes * 2 ** 20;
}

/** What the process may use in all, in bytes: the container's limit, or what the machine has. */
function memoryLimit(): number {
  const container = process.constrainedMemory?.() ?? 0;
  return container > 0 ? Math.min(container, totalmem()) : totalmem();
}

function describe({ used, limit, of }: MemoryLevel): string {
  const holder = of === "heap" ? "the heap holds" : "the kernel holds";
  return `${holder} ${megabytes(used)} of ${megabytes(limit)} MB`;
}

function advice({ limit, of }: MemoryLevel): string {
  return of === "heap" ? moreMemory(2 * megabytes(limit)) : "This machine, or its container, has no more.";
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
