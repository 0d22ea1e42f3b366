/** Clients that are killed half-way, and what the next client finds. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { root, startTestKernel, type TestKernel } from "../support/kernel.js";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
  await kernel.run("let kept = 'before'");
});
afterAll(() => kernel.close());

/** Runs a client in a process of its own, which is killed as soon as `script` prints; `client` is connected there. */
async function killedClient(script: string): Promise<void> {
  const code = `
    const { readConnectionFile } = await import(${JSON.stringify(join(root, "dist/kernel/io/connection.js"))});
    const { connectKernel } = await import(${JSON.stringify(join(root, "dist/kernel/io/client.js"))});
    const client = connectKernel(readConnectionFile(${JSON.stringify(kernel.kernel.connectionFile)}));
    await client.ready(60_000);
    ${script}
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await ended;
}

/** A cell that is sent before the stop has settled is aborted, so it is sent until it runs. */
async function keptIs(text: string): Promise<void> {
  await expect.poll(async () => (await kernel.run("kept")).text, { timeout: 120_000 }).toBe(text);
}

test("killed in the middle of 50 MB of output: the cell goes on to its end", async () => {
  await killedClient(`
    client.on("iopub", (m) => m.header.msg_type === "stream" && process.stdout.write("."));
    client.send("execute_request", { code: "for (let i = 0; i < 50; i++) process.stdout.write('x'.repeat(1 << 20)); kept = 'printed'", silent: false });`);
  expect((await kernel.run("kept")).text).toBe("'printed'");
});

test("killed while its cell asks a question: a stop frees the kernel for the next client", async () => {
  await killedClient(`
    client.on("stdin", () => process.stdout.write("."));
    client.send("execute_request", { code: "prompt('name?')", silent: false, allow_stdin: true });`);
  await kernel.interrupt();
  await keptIs("'printed'");
});

test("killed while its cell is in a loop: the next client can stop it", async () => {
  await killedClient(`
    client.on("iopub", (m) => m.content.text && process.stdout.write("."));
    client.send("execute_request", { code: "console.log('in'); while (true) {}", silent: false });`);
  const info = await kernel.client.request("kernel_info_request", {}, { channel: "control" });
  expect(info.content.status).toBe("ok");
  await kernel.interrupt();
  await keptIs("'printed'");
});

test("killed after it opened a comm: its comm's messages go nowhere, and nothing breaks", async () => {
  await kernel.run(
    "let comms: any[] = []; (globalThis as any)[Symbol.for('lowbit.host')].registerCommTarget('t', (c: any) => { comms.push(c) })",
  );
  await killedClient(`
    client.send("comm_open", { comm_id: "orphan", target_name: "t", data: {} });
    client.on("iopub", (m) => m.content.execution_state === "idle" && process.stdout.write("."));`);
  await expect.poll(async () => (await kernel.run("comms.length")).text, { timeout: 120_000 }).toBe("1");
  const { messages } = await kernel.run("comms[0].send({ hello: 1 })");
  expect(messages.map(({ header }) => header.msg_type)).toEqual(["comm_msg"]);
});

test("killed with a hundred requests in the queue: they run, and then the next client's", async () => {
  await kernel.run("let ran = 0");
  await killedClient(`
    for (let i = 0; i < 100; i++) client.send("execute_request", { code: "ran++", silent: true });
    const reply = await client.request("kernel_info_request", {});
    process.stdout.write(".");`);
  await expect.poll(async () => (await kernel.run("ran")).text, { timeout: 120_000 }).toBe("100");
});
