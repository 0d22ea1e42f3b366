/** `progress(iterable)`: a loop that shows how far it is. */
import { type HostCell, host } from "../../../src/display.js";
import { ValueError } from "../../../src/errors.js";
import { describe } from "../report.js";
import { Board, type Outlet } from "./board.js";
import { Meter } from "./meter.js";
import { notebookOutlet, silentOutlet, streamOutlet, type TextStream } from "./outlets.js";

/** Options of {@link progress}. */
export interface ProgressOptions {
  /** How many items there are. Default: the `length` or `size` of the iterable; without one no share is shown. */
  readonly total?: number;
  /** Said before the numbers. Default: nothing. */
  readonly label?: string;
}

/** Items that can be gone through with `for … of` and with `for await … of`; each time is a new bar. */
export interface ProgressItems<Item> extends Iterable<Item>, AsyncIterable<Awaited<Item>> {}

/** Where bars go and what time it is; replaced in tests. */
export interface ProgressPlace {
  readonly board: () => Board;
  readonly now: () => number;
}

const clock = (globalThis as unknown as { performance: { now(): number } }).performance;
const now = (): number => clock.now();
const boards = new WeakMap<HostCell, Board>();
const processBoard: Board = new Board(processOutlet, now);
const here: ProgressPlace = { board: currentBoard, now };

/**
 * Returns the items of `iterable`, one by one, and shows how many are done, how fast, and how long the rest will take:
 * as a bar in a notebook, as one line of stderr in a terminal, as a rare line elsewhere. A bar ends as "done", or as
 * "stopped" when the loop is left with `break`, by an error, or by interrupting the cell. Bars of nested loops are
 * shown together. An item counts when the loop asks for the next one. As anywhere, `for await` over an ordinary
 * iterable waits for items that are promises.
 * @throws ValueError when it cannot be iterated, for a total that is no whole number from 0, or a label that is no text
 * @example for (const epoch of progress([1, 2, 3], { label: "epochs" })) await train(epoch);
 * @example for await (const batch of progress(batches(), { total: 100 })) step(batch);
 */
export function progress<Item>(iterable: Iterable<Item>, options?: ProgressOptions): ProgressItems<Item>;
export function progress<Item>(iterable: AsyncIterable<Item>, options?: ProgressOptions): AsyncIterable<Item>;
export function progress<Item>(
  iterable: Iterable<Item> | AsyncIterable<Item>,
  options: ProgressOptions = {},
): ProgressItems<Item> | AsyncIterable<Item> {
  return progressAt(here, iterable, options);
}

/** {@link progress} with a place of its own. */
export function progressAt<Item>(
  place: ProgressPlace,
  iterable: Iterable<Item> | AsyncIterable<Item>,
  options: ProgressOptions,
): ProgressItems<Item> | AsyncIterable<Item> {
  const label = checkLabel(options.label ?? "");
  const total = checkTotal(options.total ?? lengthOf(iterable));
  const start = (): Bar => new Bar(place, label, total);
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = Object(iterable) as Partial<ProgressItems<Item>>;
  if (typeof sync !== "function" && typeof async !== "function") {
    throw new ValueError(`progress: ${describe(iterable)}, expected an iterable or an async iterable`);
  }
  return {
    ...(typeof sync === "function" && { [Symbol.iterator]: () => follow(start(), sync.call(iterable)) }),
    [Symbol.asyncIterator]: () =>
      followAsync(start(), typeof async === "function" ? async.call(iterable) : awaited(iterable as Iterable<Item>)),
  } as ProgressItems<Item>;
}

/** One time through the items. */
class Bar {
  readonly #board: Board;
  readonly #meter: Meter;
  readonly #now: () => number;
  #begun = false;

  constructor({ board, now }: ProgressPlace, label: string, total: number | undefined) {
    this.#board = board();
    this.#meter = new Meter(label, total, now());
    this.#now = now;
    this.#board.add(this.#meter);
  }

  /** The loop asks for an item: it is done with the one before. */
  next(): void {
    const now = this.#now();
    if (this.#begun) this.#meter.advance(now);
    this.#begun = true;
    this.#board.drawSometimes(now);
  }

  end(state: "done" | "stopped"): void {
    this.#board.end(this.#meter, state);
  }
}

function follow<Item>(bar: Bar, items: Iterator<Item>): Iterator<Item> {
  return {
    next() {
      bar.next();
      return ending(bar, () => items.next());
    },
    return(value?: unknown) {
      bar.end("stopped");
      return items.return?.(value) ?? { done: true, value };
    },
  };
}

function ending<Item>(bar: Bar, next: () => IteratorResult<Item>): IteratorResult<Item> {
  let result: IteratorResult<Item> | undefined;
  try {
    result = next();
    return result;
  } finally {
    if (result === undefined) bar.end("stopped");
    else if (result.done) bar.end("done");
  }
}

/** The items of an ordinary iterable as `for await` gives them. */
async function* awaited<Item>(items: Iterable<Item>): AsyncGenerator<Awaited<Item>> {
  for await (const item of items) yield item;
}

function followAsync<Item>(bar: Bar, items: AsyncIterator<Item>): AsyncIterator<Item> {
  return {
    async next() {
      bar.next();
      try {
        const result = await items.next();
        if (result.done) bar.end("done");
        return result;
      } catch (error) {
        bar.end("stopped");
        throw error;
      }
    },
    async return(value?: unknown) {
      bar.end("stopped");
      return (await items.return?.(value)) ?? { done: true, value };
    },
  };
}

function lengthOf(iterable: unknown): number | undefined {
  const { length, size } = Object(iterable) as { length?: unknown; size?: unknown };
  // A text's length counts halves of characters, its iteration whole ones.
  if (typeof iterable === "string") return [...iterable].length;
  if (typeof length === "number") return length;
  return typeof size === "number" ? size : undefined;
}

/** A label is part of one line: line breaks and what would steer a terminal become spaces. */
function checkLabel(label: unknown): string {
  if (typeof label === "string") return label.replace(/[\s\p{Cc}]+/gu, " ");
  throw new ValueError(`progress: label = ${describe(label)}, expected a text`);
}

function checkTotal(total: number | undefined): number | undefined {
  if (total === undefined || (Number.isSafeInteger(total) && total >= 0)) return total;
  throw new ValueError(`progress: total = ${describe(total)}, expected a whole number from 0`);
}

/** The board of the cell that is running, or of the process where there is no kernel. */
function currentBoard(): Board {
  const cell = host().cell?.();
  if (cell === undefined) return processBoard;
  const known = boards.get(cell);
  if (known !== undefined) return known;
  const board = new Board(() => notebookOutlet(cell.watched), now);
  boards.set(cell, board);
  cell.onStop(() => board.stop());
  return board;
}

function processOutlet(): Outlet {
  const { process } = globalThis as unknown as { process?: { stderr?: TextStream } };
  return process?.stderr === undefined ? silentOutlet() : streamOutlet(process.stderr);
}
