/** One fuzz test, short in `npm test` and long in `npm run test:slow`. */
import { expect } from "vitest";
import { startTestKernel, type TestKernel } from "../kernel.js";
import { runCampaign } from "./campaign.js";

/** What a kernel may have grown by after any number of messages, in bytes; signatures seen are 65,536, then no more. */
const mayGrow = 512 * 2 ** 20;

/** A kernel with live widgets takes `count` messages; afterwards all is as it should be. */
export async function fuzzKernel(count: number, seed: number): Promise<void> {
  const kernel = await startTestKernel();
  try {
    const live = await openWidgets(kernel);
    const before = await memory(kernel);
    const { sent, wrong } = await runCampaign(kernel, { count, seed, live });
    expect(wrong).toEqual([]);
    // The dice are fair: if one of these were rare, the test would test something else than it says.
    expect(Math.min(...Object.values(sent)) / count).toBeGreaterThan(0.1);
    const after = await kernel.run(
      "[({} as any).polluted, ([] as any).polluted, (globalThis as any).intruded, kept, new IntSlider({ value: 5 }).value]",
    );
    expect(after.text).toBe("[ undefined, undefined, undefined, 'kept', 5 ]");
    expect((await memory(kernel)) - before).toBeLessThan(mayGrow);
    expect(kernel.kernel.process.exitCode).toBeNull();
  } finally {
    await kernel.close();
  }
}

async function openWidgets(kernel: TestKernel): Promise<string[]> {
  await kernel.run(
    "import { IntSlider, Text } from 'lowbit/widgets'; const kept = 'kept'; const slider = new IntSlider({ value: 3 }); const text = new Text({ value: 'a' })",
  );
  const { content } = await kernel.client.request("comm_info_request", { target_name: "jupyter.widget" });
  const ids = Object.keys(content.comms as object);
  expect(ids.length).toBeGreaterThan(2);
  return ids;
}

async function memory(kernel: TestKernel): Promise<number> {
  const { text } = await kernel.run("process.memoryUsage().rss");
  return Number(text);
}
