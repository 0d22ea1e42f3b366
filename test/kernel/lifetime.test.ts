import { spawn } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ConnectionInfo } from "../../kernel/io/connection.js";
import { built, emptyFolder, root, startTestKernel } from "../support/kernel.js";

const main = join(root, "dist", "kernel", "main.js");

describe("the end of a kernel", () => {
  test.each([false, true])("shutdown (restart: %s) is answered on both sockets; exit code 0", async (restart) => {
    const { client, kernel, until } = await startTestKernel();
    const reply = await client.request("shutdown_request", { restart }, { channel: "control" });
    expect(reply.content).toEqual({ status: "ok", restart });
    await until(({ header }) => header.msg_type === "shutdown_reply");
    const exit = await kernel.exited;
    expect(exit).toMatchObject({ code: 0, signal: null, stderr: "" });
    client.close();
  });

  test("shutdown while a cell is in a loop", async () => {
    const kernel = await startTestKernel();
    kernel.client.send("execute_request", { code: "while (true) {}", silent: false });
    await kernel.until(({ header }) => header.msg_type === "execute_input");
    await kernel.client.request("shutdown_request", { restart: false }, { channel: "control" });
    expect(await kernel.kernel.exited).toMatchObject({ code: 0 });
    kernel.client.close();
  });

  test("shutdown runs the user's exit handlers", async () => {
    const kernel = await startTestKernel();
    const file = join(emptyFolder(), "left");
    await kernel.run(`process.on("exit", () => require("fs").writeFileSync(${JSON.stringify(file)}, "x"))`);
    await kernel.client.request("shutdown_request", { restart: false }, { channel: "control" });
    await kernel.kernel.exited;
    expect(existsSync(file)).toBe(true);
    kernel.client.close();
  });

  test("SIGTERM ends it in a loop; SIGINT alone does not", async () => {
    const kernel = await startTestKernel();
    kernel.kernel.process.kill("SIGINT");
    expect((await kernel.run("1 + 1")).text).toBe("2");
    kernel.client.send("execute_request", { code: "while (true) {}", silent: false });
    await kernel.until(({ header, content }) => header.msg_type === "execute_input" && content.code !== "1 + 1");
    kernel.kernel.process.kill("SIGTERM");
    expect((await kernel.kernel.exited).signal).toBe("SIGTERM");
    kernel.client.close();
  });

  test("process.exit() in a cell ends the process with its code", async () => {
    const kernel = await startTestKernel();
    kernel.client.send("execute_request", { code: "process.exit(7)", silent: false });
    expect(await kernel.kernel.exited).toMatchObject({ code: 7 });
    kernel.client.close();
  });

  test("the death of the parent ends it, also in a loop", async () => {
    // A parent of its own that starts a kernel, tells its process id, and is killed.
    const script = `
      const { launchKernel } = await import(${JSON.stringify(join(root, "dist/kernel/io/launch.js"))});
      const { connectKernel } = await import(${JSON.stringify(join(root, "dist/kernel/io/client.js"))});
      const kernel = await launchKernel({ cwd: process.cwd() });
      const client = connectKernel(kernel.connection);
      await client.ready();
      client.send("execute_request", { code: "while (true) {}", silent: false });
      client.on("iopub", (m) => m.header.msg_type === "execute_input" && console.log(kernel.process.pid));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = Number(
      await new Promise((resolve) => parent.stdout.once("data", (text) => resolve(String(text).trim()))),
    );
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("protocol gaps of tslab (facts by row): transports", () => {
  async function runOver(info: Partial<ConnectionInfo>): Promise<string> {
    const { connectKernel } = await built<typeof import("../../kernel/io/client.js")>("kernel/io/client.js");
    const folder = emptyFolder();
    const ports = await freePorts(5);
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports as [
      number,
      number,
      number,
      number,
      number,
    ];
    const connection: ConnectionInfo = {
      transport: "tcp",
      ip: "127.0.0.1",
      key: "",
      signature_scheme: "hmac-sha256",
      shell_port,
      iopub_port,
      stdin_port,
      control_port,
      hb_port,
      ...info,
    };
    const file = join(folder, "connection.json");
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    // Started by hand, without the launcher's flags: the command adds them.
    const child = spawn(process.execPath, [main, "kernel", "-f", file], { cwd: folder, stdio: "ignore" });
    const client = connectKernel(connection);
    await client.ready();
    const result = new Promise<string>((resolve) => {
      client.on("iopub", ({ header, content }) => {
        if (header.msg_type === "execute_result")
          resolve((content.data as Record<string, string>)["text/plain"] as string);
      });
    });
    client.send("execute_request", { code: "6 * 7", silent: false });
    const text = await result;
    expect(await client.isAlive(5000)).toBe(true);
    await client.request("shutdown_request", { restart: false }, { channel: "control" });
    await new Promise((resolve) => child.once("exit", resolve));
    client.close();
    return text;
  }

  test("tcp, signed and unsigned", async () => {
    expect(await runOver({ key: "secret" })).toBe("42");
    expect(await runOver({ key: "" })).toBe("42");
  });

  test("another hash", async () => {
    expect(await runOver({ key: "secret", signature_scheme: "hmac-sha512" })).toBe("42");
  });

  test("ipc", async () => {
    const ip = join(emptyFolder(), "k");
    const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
    expect(await runOver({ transport: "ipc", ip, key: "secret", ...ports })).toBe("42");
  });

  test("the connection file is private, and removed with the kernel", async () => {
    const kernel = await startTestKernel();
    const { connectionFile } = kernel.kernel;
    expect(statSync(connectionFile).mode & 0o777).toBe(0o600);
    await kernel.close();
    expect(existsSync(connectionFile)).toBe(false);
  });

  test("a connection file that is wrong is named, with the field", async () => {
    const file = join(emptyFolder(), "bad.json");
    writeFileSync(file, JSON.stringify({ transport: "carrier pigeon" }));
    const child = spawn(process.execPath, [main, "kernel", "-f", file], { stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(code).toBe(1);
    expect(stderr).toMatch(/bad\.json: transport/);
  });
});

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
