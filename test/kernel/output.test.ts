/** Output in quantity: all of it arrives, and a client that is slow makes the cell wait instead of the kernel grow. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { root, startTestKernel, type TestKernel } from "../support/kernel.js";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
});
afterAll(() => kernel.close());

/** Runs a cell and returns the length and the hash of what it printed, without keeping it. */
async function digest(code: string): Promise<{ readonly length: number; readonly hash: string }> {
  const hash = createHash("sha256");
  let length = 0;
  const off = kernel.client.on("iopub", ({ header, content }) => {
    if (header.msg_type !== "stream") return;
    length += String(content.text).length;
    hash.update(String(content.text));
    kernel.forget();
  });
  await kernel.run(code);
  off();
  return { length, hash: hash.digest("hex") };
}

describe("100 MB of stdout", () => {
  const megabytes = 100;
  /** Every block differs from the others, so that a lost, doubled or exchanged one changes the hash. */
  const block = (i: number): string => `${i} `.repeat(2 ** 20).slice(0, 2 ** 20);

  test("reach the client whole, in blocks of a megabyte", async () => {
    const expected = createHash("sha256");
    for (let i = 0; i < megabytes; i++) expected.update(block(i));
    const code = `for (let i = 0; i < ${megabytes}; i++) process.stdout.write(\`\${i} \`.repeat(2 ** 20).slice(0, 2 ** 20))`;
    expect(await digest(code)).toEqual({ length: megabytes * 2 ** 20, hash: expected.digest("hex") });
  });

  test("reach the client whole, in a million lines", async () => {
    const lines = 1_000_000;
    const expected = createHash("sha256");
    let length = 0;
    for (let i = 0; i < lines; i++) {
      const line = `${i} ${"x".repeat(97)}\n`;
      length += line.length;
      expected.update(line);
    }
    const code = `for (let i = 0; i < ${lines}; i++) console.log(i + " " + "x".repeat(97))`;
    expect(await digest(code)).toEqual({ length, hash: expected.digest("hex") });
  });
});

test("a long text is cut between characters: no message has half a one, which files in UTF-8 cannot hold", async () => {
  const { messages, stdout } = await kernel.run("process.stdout.write('a' + '😀'.repeat(2 ** 20))");
  expect(stdout).toBe(`a${"😀".repeat(2 ** 20)}`);
  for (const { content } of messages) {
    const text = String(content.text);
    expect(Buffer.from(text).toString() === text).toBe(true);
  }
});

test("a loop that displays waits for the kernel's other threads too: it can be stopped, and nothing is lost", async () => {
  const own = await startTestKernel();
  let [shown, last] = [0, ""];
  own.client.on("iopub", ({ header, content }) => {
    if (header.msg_type !== "display_data") return;
    shown++;
    last = (content.data as Record<string, string>)["text/plain"] as string;
    own.forget();
  });
  const reply = own.client.request("execute_request", {
    code: "import { display } from 'lowbit'; let count = 0; for (;;) display(++count)",
    silent: false,
  });
  await expect.poll(() => shown, { timeout: 120_000 }).toBeGreaterThan(20_000);
  await own.interrupt();
  expect((await reply).content).toMatchObject({ status: "error", ename: "Interrupted" });
  const { text } = await own.run("count");
  expect(shown).toBe(Number(last));
  expect(Number(text) - shown).toBeOneOf([0, 1]);
  await own.close();
}, 150_000);

test.runIf(process.platform === "linux")(
  "a client that stops fetching makes the cell wait; the kernel does not grow, nothing is lost",
  async () => {
    const pid = kernel.kernel.process.pid as number;
    const rss = (): number => Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
    const reader = await startReader(kernel);
    await digest("process.stdout.write('y'.repeat(2 ** 20))"); // what memory it takes to print at all
    const before = rss();
    const total = 600;
    reader.process.kill("SIGSTOP");
    const finished = digest(`for (let i = 0; i < ${total}; i++) process.stdout.write("z".repeat(2 ** 20))`);
    const progress = async (): Promise<number> => {
      await kernel.client.request("kernel_info_request", {}, { channel: "control" });
      return rss();
    };
    let most = 0;
    for (let i = 0; i < 40; i++) {
      most = Math.max(most, await progress());
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    reader.process.kill("SIGCONT");
    expect((await finished).length).toBe(total * 2 ** 20);
    expect(await reader.received(total)).toBe(total * 2 ** 20);
    // 600 MB were printed; what may be under way are the messages of the two clients and the cell's own allowance.
    expect(most - before).toBeLessThan(400 * 2 ** 20);
  },
);

test.runIf(process.platform === "linux")(
  "a client that has stopped fetching does not keep the kernel from ending",
  async () => {
    const own = await startTestKernel();
    const reader = await startReader(own);
    reader.process.kill("SIGSTOP");
    own.client.send("execute_request", { code: "for (;;) process.stdout.write('z'.repeat(2 ** 20))", silent: false });
    await own.until(({ header }) => header.msg_type === "stream");
    await own.client.request("shutdown_request", { restart: false }, { channel: "control" });
    const { code, signal } = await own.kernel.exited;
    expect(code === 0 || signal === "SIGKILL").toBe(true);
    reader.process.kill("SIGKILL");
    own.client.close();
  },
);

/** A client in a process of its own, which counts the characters of `z` that it receives. */
async function startReader(of: TestKernel) {
  const code = `
    const { readConnectionFile } = await import(${JSON.stringify(join(root, "dist/kernel/io/connection.js"))});
    const { connectKernel } = await import(${JSON.stringify(join(root, "dist/kernel/io/client.js"))});
    const client = connectKernel(readConnectionFile(${JSON.stringify(of.kernel.connectionFile)}));
    let length = 0;
    client.on("iopub", ({ content: { text = "" } }) => { if (text[0] !== "z") return; length += text.length; console.log(length); });
    await client.ready(60_000);
    console.log("ready");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  let last = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    last = (last + text).split("\n").slice(-2).join("\n");
  });
  await once(child.stdout, "data");
  const received = async (megabytes: number): Promise<number> => {
    await expect.poll(() => Number(last), { timeout: 120_000 }).toBeGreaterThanOrEqual(megabytes * 2 ** 20);
    child.kill("SIGKILL");
    return Number(last);
  };
  return { process: child, received };
}
