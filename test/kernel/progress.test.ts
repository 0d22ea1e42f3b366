/** Progress bars in a real kernel: one output that is kept up to date, and how it ends. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message } from "../../kernel/io/wire.js";
import { emptyFolder, root, startTestKernel, type TestKernel } from "../support/kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
  await kernel.run("import { progress } from 'lowbit/widgets'");
});
afterAll(() => kernel.close());

const text = ({ content }: Message): string =>
  (content.data as Record<string, string> | undefined)?.["text/plain"] ?? "";
const types = (messages: readonly Message[]): unknown[] => messages.map(({ header }) => header.msg_type);
const ids = (messages: readonly Message[]): Set<unknown> =>
  new Set(messages.map(({ content }) => (content.transient as { display_id?: string } | undefined)?.display_id));

test("a loop shows one output, updates it, and ends it as done", async () => {
  const code = "let sum = 0; for (const i of progress([1, 2, 3], { label: 'adding' })) sum += i; sum";
  const { messages, text: result } = await kernel.run(code, { allow_stdin: true });
  const bars = messages.filter(({ header }) => header.msg_type !== "execute_result");
  expect(result).toBe("6");
  expect(types(bars)[0]).toBe("display_data");
  expect(new Set(types(bars.slice(1)))).toEqual(new Set(["update_display_data"]));
  expect(ids(bars).size).toBe(1);
  expect(text(bars[0] as Message)).toMatch(/^\[-+\] adding: 0\/3/);
  expect(text(bars.at(-1) as Message)).toMatch(/^\[#+\] adding: 3\/3, done in /);
});

test("a loop of a million items sends no flood, and none at all between start and end when nobody looks on", async () => {
  const code = "for (const i of progress(new Uint8Array(1e6))) {}";
  const { messages } = await kernel.run(code, { allow_stdin: false });
  // Ten seconds between two updates then: this loop takes a fraction of one, on a busy machine a few of them.
  expect(types(messages)[0]).toBe("display_data");
  expect(messages.length).toBeLessThan(20);
  expect(text(messages.at(-1) as Message)).toContain("1000000/1000000, done in");
});

test("stopping the cell ends the bar as stopped, in a loop that never gives the thread free", async () => {
  const code =
    "for (const i of progress([1, 2, 3], { label: 'endless' })) { if (i === 2) { console.log('stuck'); for (;;); } }";
  const running = kernel.run(code, { allow_stdin: true });
  await kernel.until(({ content }) => content.name === "stdout" && String(content.text).includes("stuck"));
  await kernel.interrupt();
  const { reply, messages } = await running;
  expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
  const bars = messages.filter(({ header }) => String(header.msg_type).endsWith("display_data"));
  expect(text(bars.at(-1) as Message)).toMatch(/endless: 1\/3 \(33\.3 %\), stopped after /);
  // The next cell has a bar of its own.
  const next = await kernel.run("for (const i of progress([1], { label: 'next' })) {}");
  expect(text(next.messages.at(-1) as Message)).toMatch(/next: 1\/1, done in [^|]+$/);
  expect(ids(next.messages)).not.toEqual(ids(bars));
});

test("a bar in a loop that goes on after its cell belongs to that cell", async () => {
  const code =
    "void (async () => { for await (const i of progress([1, 2], { label: 'behind' })) await (globalThis as any).gate; })(); " +
    "(globalThis as any).gate = new Promise((open) => ((globalThis as any).open = open)); 'begun'";
  const first = await kernel.run(code, { allow_stdin: true });
  expect(first.text).toBe("'begun'");
  await kernel.run("(globalThis as any).open()", { allow_stdin: true });
  const last = await kernel.until((message) => text(message).includes("behind: 2/2, done"));
  expect(ids([last])).toEqual(ids(first.messages.filter(({ header }) => header.msg_type === "display_data")));
});

test("lowbit run writes the last state into the notebook", async () => {
  const folder = emptyFolder();
  const cells = [
    {
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source: "import { progress } from 'lowbit/widgets'",
    },
    {
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source: "for (const i of progress([1, 2])) {}",
    },
  ];
  const file = join(folder, "loop.ipynb");
  writeFileSync(file, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  const output = join(folder, "out.ipynb");
  const { status, stderr } = spawnSync(process.execPath, ["bin/lowbit.js", "run", file, "--output", output], {
    cwd: root,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, expect.stringContaining("[2/2] ok")]);
  const saved = JSON.parse(readFileSync(output, "utf8")) as {
    cells: { outputs: { data: Record<string, string | string[]> }[] }[];
  };
  const data = saved.cells[1]?.outputs.map((one) => one.data) ?? [];
  expect(data).toHaveLength(1);
  expect([data[0]?.["text/plain"]].flat().join("")).toMatch(/2\/2, done in/);
  expect([data[0]?.["text/html"]].flat().join("")).toContain('data-state="done"');
});
