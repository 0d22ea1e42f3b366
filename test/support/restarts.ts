/** Restarting a kernel again and again, as jupyter_client does: the same connection file, one process after the other. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { built, emptyFolder } from "./kernel.js";
import { isAlive } from "./processes.js";

/** Restarts `times` times by `shutdown_request` and a new process; each runs a cell and sees none of the last one's. */
export async function restartByHand(times: number): Promise<void> {
  const { createConnection } = await built<typeof import("../../kernel/io/connection.js")>("kernel/io/connection.js");
  const { connectKernel } = await built<typeof import("../../kernel/io/client.js")>("kernel/io/client.js");
  const { kernelArgv } = await built<typeof import("../../kernel/io/launch.js")>("kernel/io/launch.js");
  const { file, info } = await createConnection(emptyFolder());
  const temporary = emptyFolder();
  const cwd = emptyFolder();
  const env = { ...process.env, TMPDIR: temporary, LOWBIT_HISTORY: join(emptyFolder(), "h") };
  const pids: number[] = [];
  const [command, ...args] = kernelArgv(file);
  for (let round = 0; round <= times; round++) {
    const child = spawn(command as string, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
    const ended = once(child, "close");
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    pids.push(child.pid as number);
    // A client of its own for every process: one that reconnects by itself might still hold messages of the last.
    const client = connectKernel(info);
    await client.ready(120_000);
    const reply = await client.request("execute_request", {
      code: `const mark = (globalThis as any).mark; (globalThis as any).mark = ${round}; if (mark !== undefined) throw mark`,
      silent: false,
    });
    expect(reply.content).toMatchObject({ status: "ok", execution_count: 1 });
    const restart = round < times;
    const goodbye = await client.request("shutdown_request", { restart }, { channel: "control" });
    expect(goodbye.content).toEqual({ status: "ok", restart });
    expect(await ended).toEqual([0, null]);
    expect(stderr).toBe("");
    client.close();
  }
  expect(pids.filter(isAlive)).toEqual([]);
  expect([readdirSync(temporary), readdirSync(cwd), readdirSync(dirname(file)).length]).toEqual([[], [], 1]);
}
