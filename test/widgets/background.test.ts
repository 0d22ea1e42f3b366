/** Background work where there is no worker; the worker itself is tried in the browser tests. */
import { describe, expect, test } from "vitest";
import { keepInBackground, runInBackground } from "../../widgets/dom/background.js";
import { answer, createRunner, defineSteppedTask, defineTask, kept, type Report } from "../../widgets/dom/tasks.js";

defineTask("test.double", (input: number) => 2 * input);
defineTask("test.fail", () => {
  throw new Error("too hard");
});
defineSteppedTask("test.steps", function* (input: { steps: number; log: string[]; name: string }) {
  for (let i = 0; i < input.steps; i++) {
    input.log.push(`${input.name} ${i}`);
    // Longer than a turn lasts, so that each step is a turn.
    for (const until = performance.now() + 10; performance.now() < until; );
    yield i / input.steps;
  }
  return { data: new Uint8Array(input.steps) };
});
const { signal } = new AbortController();

test("a task's result and its error come back", async () => {
  await expect(runInBackground("test.double", 21, signal)).resolves.toBe(42);
  await expect(runInBackground("test.fail", 0, signal)).rejects.toThrow("too hard");
  await expect(runInBackground("test.missing", 0, signal)).rejects.toThrow("task test.missing, expected a defined one");
});

test("an aborted task is not run and tells nothing, the next one is", async () => {
  const seen: string[] = [];
  defineTask("test.note", (input: string) => seen.push(input));
  const first = new AbortController();
  let settled = false;
  void runInBackground("test.note", "first", first.signal).finally(() => {
    settled = true;
  });
  first.abort();
  await runInBackground("test.note", "second", signal);
  expect([seen, settled]).toEqual([["second"], false]);
});

describe("a stepped task", () => {
  test("says how far it is, and gives way to others between its steps", async () => {
    const log: string[] = [];
    const progress: number[] = [];
    const task = runInBackground("test.steps", { steps: 4, log, name: "step" }, signal, (share) =>
      progress.push(share),
    );
    void Promise.resolve().then(() => log.push("before"));
    const other = runInBackground("test.double", 4, signal).then((value) => log.push(`other ${value}`));
    await expect(task).resolves.toEqual({ data: new Uint8Array(4) });
    await other;
    expect(log).toEqual(["before", "step 0", "other 8", "step 1", "step 2", "step 3"]);
    expect(progress).toEqual([0, 0.25, 0.5, 0.75]);
  });

  test("ends at its next step when newer input makes it useless, and tells nothing", async () => {
    const log: string[] = [];
    const old = new AbortController();
    const told: unknown[] = [];
    const input = (name: string) => ({ steps: 3, log, name });
    runInBackground("test.steps", input("old"), old.signal, () => old.abort()).then(
      (value) => told.push(value),
      (error) => told.push(error),
    );
    await runInBackground("test.steps", input("new"), signal);
    expect(log.filter((entry) => entry.startsWith("old"))).toEqual(["old 0"]);
    expect(told).toEqual([]);
  });

  test("that was useless before it began does nothing", async () => {
    const log: string[] = [];
    const old = new AbortController();
    old.abort();
    void runInBackground("test.steps", { steps: 3, log, name: "old" }, old.signal);
    await runInBackground("test.double", 1, signal);
    expect(log).toEqual([]);
  });

  test("hands over the memory of the arrays that it returns", async () => {
    const reports: { report: Report; transfer: ArrayBuffer[] }[] = [];
    const done = new Promise<void>((resolve) => {
      const runner = createRunner((report, transfer) => {
        reports.push({ report, transfer });
        if (report.output !== undefined) resolve();
      });
      runner.take({ kind: "run", id: 5, task: "test.steps", input: { steps: 1, log: [], name: "" } });
    });
    await done;
    const { report, transfer } = reports.at(-1) as (typeof reports)[number];
    expect(report.id).toBe(5);
    expect(transfer).toEqual([(report.output as { data: Uint8Array }).data.buffer]);
  });
});

test("a value that is kept is there for tasks until it is released", async () => {
  defineTask("test.kept", (key: number) => kept<number[]>(key).length);
  const { key, release } = keepInBackground([1, 2, 3]);
  await expect(runInBackground("test.kept", key, signal)).resolves.toBe(3);
  release();
  await expect(runInBackground("test.kept", key, signal)).rejects.toThrow(`value ${key}, expected one that is kept`);
});

test("answer is what a worker sends back", () => {
  expect(answer({ id: 3, task: "test.double", input: 4 })).toEqual({ id: 3, output: 8 });
  expect(answer({ id: 4, task: "test.fail", input: 0 })).toEqual({ id: 4, error: "too hard" });
});
