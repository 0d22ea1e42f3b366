/** What tslab's own server lacks, row by row of the table that was made by sending it each message. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyFolder, startTestKernel, type TestKernel } from "../support/kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
  await kernel.run(
    "import { clearOutput, display } from 'lowbit'; const host = (globalThis as any)[Symbol.for('lowbit.host')]",
  );
});
afterAll(() => kernel.close());

const ask = async (type: string, content: Record<string, unknown> = {}, channel: "shell" | "control" = "shell") =>
  kernel.client.request(type, content, { channel });
const types = (messages: readonly { readonly header: { readonly msg_type: string } }[]): string[] =>
  messages.map(({ header }) => header.msg_type);

describe("protocol gaps of tslab (facts by row)", () => {
  test("kernel_info_reply: status, protocol, implementation, language version, help_links", async () => {
    const { content } = await ask("kernel_info_request");
    expect(content).toMatchObject({ status: "ok", protocol_version: "5.4", implementation: "lowbit" });
    expect((content.language_info as { version: string }).version).toMatch(/^5\./);
    expect((content.help_links as unknown[]).length).toBeGreaterThan(0);
  });

  test("execute: execute_input, execute_result, error with ename, evalue and traceback, aborted", async () => {
    const { id, stdout } = await kernel.run("6 * 7");
    const own = kernel.iopub.filter(({ parentHeader }) => parentHeader.msg_id === id);
    expect(types(own)).toEqual(["status", "execute_input", "execute_result", "status"]);
    expect(stdout).toBe("");
    const execute = (code: string) => ask("execute_request", { code, silent: false });
    const [failed, waiting] = await Promise.all([execute("null!.x"), execute("1")]);
    expect(Object.keys(failed.content)).toEqual(expect.arrayContaining(["ename", "evalue", "traceback"]));
    expect(waiting.content.status).toBe("aborted");
  });

  test("silent, store_history, user_expressions, stop_on_error, allow_stdin: each is heeded", async () => {
    const quiet = await kernel.run("5", { silent: true });
    expect(types(quiet.messages)).toEqual([]);
    const count = async () => Number((await kernel.run("0")).reply.execution_count);
    const before = await count();
    await kernel.run("5", { store_history: false });
    expect(await count()).toBe(before + 1);
    const { reply } = await kernel.run("1", { user_expressions: { six: "2 * 3" } });
    expect(reply.user_expressions).toMatchObject({ six: { data: { "text/plain": "6" } } });
    const execute = (code: string) => ask("execute_request", { code, silent: false, stop_on_error: false });
    const [, next] = await Promise.all([execute("throw 1"), execute("2")]);
    expect(next.content.status).toBe("ok");
    const asked = await kernel.run("prompt('x')", { allow_stdin: false });
    expect(asked.reply.evalue).toContain("allow_stdin is false");
  });

  test("comm_info_request: comm_info_reply with the open comms", async () => {
    await kernel.run("const comm = host.openComm({ targetName: 'row', id: 'row-1', data: {} }); undefined");
    const { header, content } = await ask("comm_info_request", { target_name: "row" });
    expect(header.msg_type).toBe("comm_info_reply");
    expect(content.comms).toEqual({ "row-1": { target_name: "row" } });
  });

  test("comm_open/msg/close: delivered; comm_close for an unknown target", async () => {
    await kernel.run(
      "const seen: string[] = []; host.registerCommTarget('rows', (c: any, m: any) => { seen.push('open ' + m.data.n); c.onMessage = (m: any) => seen.push('msg ' + m.data.n); c.onClose = (m: any) => seen.push('close ' + m.data.n) })",
    );
    for (const [n, type] of ["comm_open", "comm_msg", "comm_close"].entries()) {
      kernel.client.send(type, { comm_id: "row-2", target_name: "rows", data: { n } });
    }
    kernel.client.send("comm_open", { comm_id: "row-3", target_name: "unheard of", data: {} });
    await kernel.until(({ header, content }) => header.msg_type === "comm_close" && content.comm_id === "row-3");
    expect((await kernel.run("seen.join()")).text).toBe("'open 0,msg 1,close 2'");
  });

  test("control channel: interrupt_request and debug_request are answered", async () => {
    expect((await ask("interrupt_request", {}, "control")).content).toEqual({ status: "ok" });
    expect((await ask("debug_request", { command: "x" }, "control")).content.status).toBe("error");
  });

  test("history_request, connect_request, unknown types: a reply to each", async () => {
    const { content } = await ask("history_request", { hist_access_type: "tail", n: 1 });
    expect(content.history).toHaveLength(1);
    expect((await ask("connect_request")).content.hb_port).toBe(kernel.kernel.connection.hb_port);
    expect((await ask("wish_request")).header.msg_type).toBe("wish_reply");
  });

  test("is_complete: complete, incomplete and invalid; an open template literal is incomplete", async () => {
    const status = async (code: string) => (await ask("is_complete_request", { code })).content.status;
    expect(await Promise.all(["1", "f(", "let = )", "`open ${"].map(status))).toEqual([
      "complete",
      "incomplete",
      "invalid",
      "incomplete",
    ]);
  });

  test("input_request: asked of the client whose cell it is, and its answer is the value", async () => {
    const off = kernel.client.on("stdin", (question) =>
      kernel.client.answer(question, `to ${question.content.prompt}`),
    );
    expect((await kernel.run("prompt('name?')", { allow_stdin: true })).text).toBe("'to name?'");
    off();
  });

  test("update_display_data / display_id: sent with display and update; clear_output has an API", async () => {
    const { messages } = await kernel.run(
      "display(1, { displayId: 'row' }); display(2, { displayId: 'row', update: true }); clearOutput()",
    );
    expect(types(messages)).toEqual(["display_data", "update_display_data", "clear_output"]);
    expect(messages.map(({ content }) => content.transient)).toEqual([
      { display_id: "row" },
      { display_id: "row" },
      undefined,
    ]);
  });

  test("shutdown: the reply repeats what was asked for restart", async () => {
    const other = await startTestKernel();
    const { content } = await other.client.request("shutdown_request", { restart: true }, { channel: "control" });
    expect(content).toEqual({ status: "ok", restart: true });
    await other.kernel.exited;
    other.client.close();
  });

  test("streams: 5000 of 5000 lines of one cell arrive; UTF-8 split over two writes is whole", async () => {
    const { stdout } = await kernel.run("for (let i = 0; i < 5000; i++) console.log(i)");
    expect(stdout.split("\n")).toEqual([...Array.from({ length: 5000 }, (_, i) => String(i)), ""]);
    const split = await kernel.run(
      "const b = Buffer.from('ü'); process.stdout.write(b.subarray(0, 1)); process.stdout.write(b.subarray(1))",
    );
    expect(split.stdout).toBe("ü");
  });

  test("binary buffers: read as bytes, sent as bytes", async () => {
    await kernel.run(
      "host.registerCommTarget('bytes', (c: any) => { c.onMessage = (m: any) => c.send({}, { buffers: m.buffers }) })",
    );
    const bytes = Uint8Array.from([0, 255, 128, 10]);
    kernel.client.send("comm_open", { comm_id: "row-4", target_name: "bytes", data: {} });
    const id = kernel.client.send("comm_msg", { comm_id: "row-4", data: {} }, { buffers: [bytes] });
    const echo = await kernel.until(
      ({ header, parentHeader }) => header.msg_type === "comm_msg" && parentHeader.msg_id === id,
    );
    expect(echo.buffers.map((buffer) => [...buffer])).toEqual([[0, 255, 128, 10]]);
  });

  test("parent header of late output: the cell that started it, not the last cell run", async () => {
    const signal = join(emptyFolder(), "go");
    const first = await kernel.run(
      `const late = setInterval(() => { if (require("fs").existsSync(${JSON.stringify(signal)})) { clearInterval(late); console.log("row late") } }, 5); 1`,
    );
    await kernel.run("'the last cell'");
    writeFileSync(signal, "");
    const printed = await kernel.until(({ content }) => content.text === "row late\n");
    expect(printed.parentHeader.msg_id).toBe(first.id);
  });

  test("headers: a session of the kernel's own; iopub messages have a topic", async () => {
    const reply = await ask("kernel_info_request");
    expect(reply.header.session).not.toBe(kernel.client.session);
    expect(kernel.iopub.every(({ identities }) => /^kernel\.[\w-]+\.\w+$/.test(String(identities[0])))).toBe(true);
  });

  test("concurrency: other requests are answered while a cell runs; an error does not hold up the queue", async () => {
    const running = kernel.run("await new Promise(() => {})");
    await kernel.until(({ content }) => content.code === "await new Promise(() => {})");
    expect((await ask("complete_request", { code: "Math.cb", cursor_pos: 7 })).content.matches).toContain("cbrt");
    await kernel.interrupt();
    await running;
    const failed = kernel.run("throw 1", { stop_on_error: false });
    const next = kernel.run("'next'");
    expect([(await failed).reply.status, (await next).text]).toEqual(["error", "'next'"]);
  });

  test("heartbeat, control during a busy sync cell: answered before the cell ends", async () => {
    const running = kernel.run("while (true) { /* busy */ }");
    await kernel.until(({ content }) => content.code === "while (true) { /* busy */ }");
    expect(await kernel.client.isAlive(20_000)).toBe(true);
    expect((await ask("kernel_info_request", {}, "control")).content.status).toBe("ok");
    await kernel.interrupt();
    expect((await running).reply.ename).toBe("Interrupted");
  });
});
