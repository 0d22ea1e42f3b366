import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root, startTestKernel, type TestKernel } from "../support/kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
});
afterAll(() => kernel.close());

describe("kernel_info", () => {
  test("names protocol, language and what is not supported", async () => {
    const { content } = await kernel.client.request("kernel_info_request");
    expect(content).toMatchObject({
      status: "ok",
      protocol_version: "5.4",
      implementation: "lowbit",
      debugger: false,
      supported_features: [],
      language_info: {
        name: "typescript",
        file_extension: ".ts",
        mimetype: "application/typescript",
        pygments_lexer: "typescript",
        nbconvert_exporter: "script",
      },
    });
    expect(content.banner).toMatch(/^Lowbit \d/);
    expect(content.help_links).toContainEqual(expect.objectContaining({ url: expect.stringMatching(/^https:/) }));
  });

  test("the language version is that of the TypeScript which checks cells", async () => {
    const { content } = await kernel.client.request("kernel_info_request");
    const tslab = createRequire(createRequire(join(root, "package.json")).resolve("tslab/package.json"));
    const { version } = tslab("@tslab/typescript-for-tslab") as { version: string };
    expect((content.language_info as { version: string }).version).toBe(version);
  });

  test("is answered on control too", async () => {
    const reply = await kernel.client.request("kernel_info_request", {}, { channel: "control" });
    expect(reply.content.status).toBe("ok");
  });

  test("the kernel announced that it is starting before anything else", async () => {
    const states = kernel.iopub.filter(({ header }) => header.msg_type === "status");
    // A subscriber that joins late may miss it; what it must never see is `starting` after `busy`.
    const starting = states.findIndex(({ content }) => content.execution_state === "starting");
    expect(starting).toBeLessThanOrEqual(0);
  });
});

describe("execute", () => {
  test("publishes busy, execute_input, the result and idle, in this order, under the request's header", async () => {
    const { id, reply } = await kernel.run("6 * 7");
    const all = kernel.iopub.filter(({ parentHeader }) => parentHeader.msg_id === id);
    expect(all.map(({ header, content }) => content.execution_state ?? header.msg_type)).toEqual([
      "busy",
      "execute_input",
      "execute_result",
      "idle",
    ]);
    expect(all[1]?.content).toEqual({ code: "6 * 7", execution_count: reply.execution_count });
    expect(all[2]?.content).toMatchObject({ data: { "text/plain": "42" }, execution_count: reply.execution_count });
    expect(reply).toMatchObject({ status: "ok", payload: [], user_expressions: {} });
  });

  test("iopub messages carry a topic with their type", async () => {
    await kernel.run("1");
    const last = kernel.iopub.at(-1);
    expect(Buffer.from(last?.identities[0] ?? []).toString()).toMatch(/^kernel\.[\w-]+\.status$/);
  });

  test("an error has ename, evalue and traceback, in the message and in the reply", async () => {
    const { reply, messages } = await kernel.run("throw new RangeError('too far')");
    expect(reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "too far" });
    expect(messages.map(({ header }) => header.msg_type)).toEqual(["error"]);
    expect(messages[0]?.content).toEqual({
      ename: reply.ename,
      evalue: reply.evalue,
      traceback: reply.traceback,
    });
  });

  test("silent: no input echo, no result, no count, no history", async () => {
    const before = (await kernel.run("1")).reply.execution_count as number;
    const quiet = await kernel.run("40 + 2", { silent: true });
    expect(quiet.messages).toEqual([]);
    const echoes = kernel.iopub.filter(
      ({ header, parentHeader }) => parentHeader.msg_id === quiet.id && header.msg_type === "execute_input",
    );
    expect(echoes).toEqual([]);
    expect((await kernel.run("2")).reply.execution_count).toBe(before + 1);
    const { content } = await kernel.client.request("history_request", { hist_access_type: "tail", n: 50 });
    expect((content.history as unknown[][]).map((entry) => entry[2])).not.toContain("40 + 2");
  });

  test("store_history false: shown, and not counted", async () => {
    const before = (await kernel.run("1")).reply.execution_count as number;
    const run = await kernel.run("'shown'", { store_history: false });
    expect(run.text).toBe("'shown'");
    expect((await kernel.run("2")).reply.execution_count).toBe(before + 1);
  });

  test("user_expressions are evaluated after the cell, each with its own error", async () => {
    const { reply } = await kernel.run("const base = 20", {
      user_expressions: { sum: "base + 22", bad: "missing.thing", thrown: "(() => { throw new Error('no') })()" },
    });
    expect(reply.user_expressions).toMatchObject({
      sum: { status: "ok", data: { "text/plain": "42" } },
      bad: { status: "error", ename: "TypeScriptError" },
      thrown: { status: "error", ename: "Error", evalue: "no" },
    });
  });

  test("an error aborts the cells that wait, unless stop_on_error is false", async () => {
    const send = (code: string, stop: boolean) =>
      kernel.client.request("execute_request", { code, silent: false, stop_on_error: stop, allow_stdin: false });
    const [first, second] = await Promise.all([send("throw new Error('a')", true), send("1", true)]);
    expect([first.content.status, second.content.status]).toEqual(["error", "aborted"]);
    const [third, fourth] = await Promise.all([send("throw new Error('b')", false), send("1", true)]);
    expect([third.content.status, fourth.content.status]).toEqual(["error", "ok"]);
  });

  test("one stop ends all user_expressions that are left", async () => {
    const loop = "(() => { while (true) {} })()";
    const running = kernel.run("console.log('go')", { user_expressions: { a: loop, b: loop } });
    await kernel.until(({ content }) => content.text === "go\n");
    await new Promise((done) => setTimeout(done, 200));
    await kernel.interrupt();
    const { reply } = await running;
    expect(reply.user_expressions).toMatchObject({ a: { ename: "Interrupted" }, b: { ename: "Interrupted" } });
  });

  test("an empty cell is fine, and does not count", async () => {
    const before = (await kernel.run("1")).reply.execution_count as number;
    expect((await kernel.run("")).reply).toMatchObject({ status: "ok", execution_count: before });
    expect((await kernel.run("// nothing")).reply.status).toBe("ok");
  });
});

describe("the other requests", () => {
  test("complete: matches with the range they replace, in code points", async () => {
    await kernel.run("const widths = [1, 2]");
    const code = "const s = '😀'; widths.fil";
    const { content } = await kernel.client.request("complete_request", { code, cursor_pos: [...code].length });
    expect(content.matches).toEqual(["fill", "filter"]);
    expect([content.cursor_start, content.cursor_end]).toEqual([[...code].length - 3, [...code].length]);
    const { _jupyter_types_experimental: types } = content.metadata as Record<string, { type: string }[]>;
    expect(types?.[0]).toMatchObject({ text: "fill", type: "method" });
  });

  test("inspect: the type and the docstring; not found for white space", async () => {
    await kernel.run("/** How wide it is. */ function width(of: string): number { return of.length }");
    const found = await kernel.client.request("inspect_request", { code: "width('a')", cursor_pos: 3 });
    expect(found.content).toMatchObject({ status: "ok", found: true });
    expect((found.content.data as Record<string, string>)["text/plain"]).toContain(
      "function width(of: string): number",
    );
    const none = await kernel.client.request("inspect_request", { code: "   ", cursor_pos: 1 });
    expect(none.content).toMatchObject({ status: "ok", found: false, data: {} });
  });

  test.each([
    ["1 + 1", "complete", undefined],
    ["for (const x of [1]) {", "incomplete", "  "],
    ["const t = `open", "incomplete", ""],
    ["/* open", "incomplete", ""],
    ["f(1,", "incomplete", undefined],
    ["const = 3", "invalid", undefined],
    ["let x = )", "invalid", undefined],
  ])("is_complete %j is %s", async (code, status, indent) => {
    const { content } = await kernel.client.request("is_complete_request", { code });
    expect(content.status).toBe(status);
    if (indent !== undefined) expect(content.indent).toBe(indent);
  });

  test("connect_request gives the ports", async () => {
    const { content } = await kernel.client.request("connect_request");
    expect(content).toMatchObject({ shell_port: kernel.kernel.connection.shell_port });
  });

  test("an unknown request is answered with an error, so that no client waits", async () => {
    const { content, header } = await kernel.client.request(
      "debug_request",
      { command: "attach" },
      { channel: "control" },
    );
    expect(header.msg_type).toBe("debug_reply");
    expect(content).toMatchObject({ status: "error", ename: "ProtocolError" });
  });

  test("after an answer during a busy cell the last word on iopub is busy", async () => {
    const run = kernel.run("await new Promise((done) => setTimeout(done, 500))");
    const { parentHeader } = await kernel.client.request("complete_request", { code: "Math.", cursor_pos: 5 });
    const idle = await kernel.until(
      (message) => message.parentHeader.msg_id === parentHeader.msg_id && message.content.execution_state === "idle",
    );
    const after = kernel.iopub.slice(kernel.iopub.indexOf(idle) + 1);
    expect(after[0]?.content.execution_state ?? "busy").toBe("busy");
    await run;
  });
});
