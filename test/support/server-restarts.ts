/** Restarting a kernel through the app's server. */
import { readdirSync } from "node:fs";
import { expect } from "vitest";
import { openSession, runCell } from "../app/client.js";
import { startTestServer } from "../app/support.js";
import { built, emptyFolder } from "./kernel.js";
import { isAlive, listsOpenFiles, openFiles } from "./processes.js";

/** Restarts `times` times by the server's route; the server ends up with the processes and files it began with. */
export async function restartByServer(times: number): Promise<void> {
  const { launchKernel } = await built<typeof import("../../kernel/io/launch.js")>("kernel/io/launch.js");
  const pids: number[] = [];
  const connections = emptyFolder();
  const app = await startTestServer({
    launch: async (options) => {
      const launched = await launchKernel({ ...options, connectionFolder: connections });
      pids.push(launched.process.pid as number);
      return launched;
    },
  });
  const { session, kernel, close } = await openSession(app, "n.ipynb");
  const restart = async (): Promise<void> => {
    await kernel.restart();
    const { result, error } = await runCell(kernel, "(globalThis as any).mark = ((globalThis as any).mark ?? 0) + 1");
    expect([result, error]).toEqual(["1", undefined]);
  };
  await runCell(kernel, "1");
  // The first restarts open what is opened once.
  for (let round = 0; round < 3; round++) await restart();
  const before = openFiles().length;
  for (let round = 3; round < times; round++) await restart();
  expect(pids.filter(isAlive)).toEqual([pids.at(-1)]);
  expect(readdirSync(connections)).toHaveLength(1);
  if (listsOpenFiles) await expect.poll(() => openFiles().length, { timeout: 30_000 }).toBeLessThanOrEqual(before + 10);
  await session.shutdown();
  close();
  await app.close();
  expect(pids.filter(isAlive)).toEqual([]);
  expect(readdirSync(connections)).toEqual([]);
}
