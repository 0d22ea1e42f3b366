/** Background work where there is no worker; the worker itself is tried in the browser tests. */
import { expect, test } from "vitest";
import { answer, defineTask, runInBackground } from "../../widgets/dom/background.js";

defineTask("test.double", (input: number) => 2 * input);
defineTask("test.fail", () => {
  throw new Error("too hard");
});

test("a task's result and its error come back", async () => {
  const { signal } = new AbortController();
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
  await runInBackground("test.note", "second", new AbortController().signal);
  expect([seen, settled]).toEqual([["second"], false]);
});

test("answer is what a worker sends back", () => {
  expect(answer({ id: 3, task: "test.double", input: 4 })).toEqual({ id: 3, output: 8 });
  expect(answer({ id: 4, task: "test.fail", input: 0 })).toEqual({ id: 4, error: "too hard" });
});
