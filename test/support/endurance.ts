/** Long lives: many cells in one kernel, many kernels one after the other. */
import { expect } from "vitest";
import { startTestKernel, type TestKernel } from "./kernel.js";

/** What a notebook does over and over: declare anew, compute, print, show, fail, await, define types. */
const cells: readonly ((n: number) => string)[] = [
  (n) => `const value = ${n}; value * 2`,
  (n) => `let total = value + ${n}; console.log(total)`,
  (n) => `function twice(x: number): number { return 2 * x + ${n} }; twice(total)`,
  (n) => `class Box { constructor(readonly content = ${n}) {} }; new Box()`,
  (n) => `throw new Error("on purpose ${n}")`,
  (n) => `await new Promise((done) => setTimeout(done, 0)); [${n}, value]`,
  (n) => `interface Shape { kind: "s${n % 7}"; size: number }; const shape: Shape = { kind: "s${n % 7}", size: ${n} }`,
  (n) => `wrong.name${n}`,
  (n) => `Array.from({ length: 20 }, (_, i) => ({ i, n: ${n} }))`,
];

/** The heaps of a kernel's threads in bytes, after a collection. */
export interface Heaps {
  readonly main: number;
  readonly io: number;
  readonly compiler: number;
}

/** What {@link runManyCells} measured: the heaps at each of the marks. */
export type Measured = readonly { readonly cells: number; readonly heaps: Heaps }[];

/** Runs cells and measures the heaps of all threads whenever `marks` names how many there were so far. */
export async function runManyCells(marks: readonly number[]): Promise<Measured> {
  const preload = new URL("./report-heap.cjs", import.meta.url).pathname;
  const kernel = await startTestKernel({ env: { NODE_OPTIONS: `--expose-gc --require=${preload}` } });
  const measured: { cells: number; heaps: Heaps }[] = [];
  try {
    let count = 0;
    for (const mark of marks) {
      for (; count < mark; count++) await kernel.run(cells[count % cells.length]?.(count) as string);
      kernel.forget();
      measured.push({ cells: mark, heaps: await heapsOf(kernel) });
    }
    expect((await kernel.run("1 + 1")).text).toBe("2");
  } finally {
    await kernel.close();
  }
  return measured;
}

/** Every thread of the kernel was given a way to answer on a broadcast channel; a cell asks there. */
async function heapsOf(kernel: TestKernel): Promise<Heaps> {
  const { text } = await kernel.run("JSON.stringify(await (globalThis as any).reportHeaps())");
  return JSON.parse(String(text).slice(1, -1)) as Heaps;
}

/** By how many bytes a cell makes each heap grow, between the first and the last measurement. */
export function growthPerCell(measured: Measured): Heaps {
  const [first, last] = [measured[0], measured.at(-1)] as [Measured[number], Measured[number]];
  const slope = (thread: keyof Heaps): number =>
    (last.heaps[thread] - first.heaps[thread]) / (last.cells - first.cells);
  return { main: slope("main"), io: slope("io"), compiler: slope("compiler") };
}
