/** Messages that no honest client sends. After each the kernel still runs a cell. */
import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createSigner, encode, joinFrames, type Signer } from "../../kernel/io/wire.js";
import { startTestKernel, type TestKernel } from "../support/kernel.js";

let kernel: TestKernel;
let signer: Signer;
const intruder = createSigner("another key");
beforeAll(async () => {
  kernel = await startTestKernel();
  signer = createSigner(kernel.kernel.connection.key);
  await kernel.run("let ran = 0");
});
afterAll(() => kernel.close());
afterEach(async () => {
  expect((await kernel.run("1 + 1")).text).toBe("2");
});

const execute = (code: string) => ({ type: "execute_request", session: "s", content: { code, silent: false } });
const ran = async () => Number((await kernel.run("ran")).text);

describe("what is dropped without an answer", () => {
  test("a wrong signature, and a missing one", async () => {
    kernel.client.sendRaw("shell", encode(intruder, execute("ran++")));
    kernel.client.sendRaw("shell", encode(createSigner(""), execute("ran++")));
    expect(await ran()).toBe(0);
  });

  test("a wrong signature over JSON that cannot be parsed: it is never parsed", async () => {
    const parts = ["{", "}", "[", "nonsense"].map((text) => Buffer.from(text));
    kernel.client.sendRaw("shell", joinFrames(intruder, parts));
    kernel.client.sendRaw("shell", joinFrames(signer, parts));
    expect(await ran()).toBe(0);
  });

  test("a replayed message runs once", async () => {
    const frames = encode(signer, execute("ran++"));
    for (let i = 0; i < 3; i++) kernel.client.sendRaw("shell", frames);
    expect(await ran()).toBe(1);
  });

  test.each([
    ["no delimiter", [Buffer.from("hello")]],
    ["nothing after the delimiter", [Buffer.from("<IDS|MSG>")]],
    ["too few frames", ["<IDS|MSG>", "sig", "{}", "{}"].map((text) => Buffer.from(text))],
    ["an empty frame", [Buffer.alloc(0)]],
    ["a megabyte of noise", [randomBytes(1 << 20)]],
  ])("%s", async (_, frames) => {
    for (const channel of ["shell", "control", "stdin"] as const) kernel.client.sendRaw(channel, frames);
  });

  test.each([
    ["a header that is a list", ["[]", "{}", "{}", "{}"]],
    ["a header without msg_type", ['{"msg_id":"x"}', "{}", "{}", "{}"]],
    ["a msg_id that is a number", ['{"msg_id":1,"msg_type":"kernel_info_request"}', "{}", "{}", "{}"]],
    ["content that is null", ['{"msg_id":"x","msg_type":"execute_request"}', "{}", "{}", "null"]],
    ["a list 100,000 deep", ['{"msg_id":"x","msg_type":"comm_msg"}', "{}", "{}", "[".repeat(100_000)]],
  ])("signed, with %s", async (_, texts) => {
    kernel.client.sendRaw(
      "shell",
      joinFrames(
        signer,
        texts.map((text) => Buffer.from(text)),
      ),
    );
  });
});

describe("what is answered with an error", () => {
  test.each([
    ["execute_request", {}],
    ["execute_request", { code: 5 }],
    ["execute_request", { code: "1", silent: "yes" }],
    ["execute_request", { code: "1", user_expressions: [1] }],
    ["execute_request", { code: "1", user_expressions: { a: 1 } }],
    ["complete_request", { code: "1", cursor_pos: -1 }],
    ["complete_request", { code: "1", cursor_pos: 1e300 }],
    ["inspect_request", { code: null }],
    ["history_request", { hist_access_type: "everything" }],
    ["is_complete_request", {}],
    ["comm_info_request", { target_name: { a: 1 } }],
    ["shutdown_request", { restart: "perhaps" }],
    ["never_heard_of_request", {}],
  ])("%s %j", async (type, content) => {
    const reply = await kernel.client.request(type, content as Record<string, unknown>);
    expect(reply.header.msg_type).toBe(type.replace("_request", "_reply"));
    expect(reply.content).toMatchObject({ status: "error", ename: "ProtocolError" });
  });
});

test("cursor positions beyond the text are taken as its end", async () => {
  const { content } = await kernel.client.request("complete_request", { code: "Math.flo", cursor_pos: 9999 });
  expect(content.matches).toEqual(["floor"]);
});

test("two comm messages with the same id both come to their idle", async () => {
  const idles = () =>
    kernel.iopub.filter((one) => one.parentHeader.msg_id === "twice" && one.content.execution_state === "idle").length;
  for (const commId of ["one", "two"]) {
    const content = { comm_id: commId, data: {} };
    kernel.client.sendRaw("shell", encode(signer, { type: "comm_msg", session: "s", id: "twice", content }));
  }
  await expect.poll(idles, { timeout: 20_000 }).toBe(2);
});

test("JSON that nests too deep to pass between threads is dropped, also as a comm's data", async () => {
  for (const depth of [1_000, 100_000]) {
    const data = `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    const content = `{"comm_id":"c","target_name":"t","data":${data}}`;
    kernel.client.sendRaw("shell", encode(signer, { type: "comm_open", session: "s", content }));
  }
});

test("user code that freezes or replaces what the kernel might use", async () => {
  const hostile = [
    "Object.freeze(Object.prototype); Object.freeze(Array.prototype)",
    "Array.prototype.map = function () { throw new Error('gone') } as any",
    "JSON.stringify = (() => { throw new Error('gone') }) as any",
  ];
  const separate = await startTestKernel();
  for (const code of hostile) await separate.run(code);
  expect((await separate.run("6 * 7")).reply.status).toMatch(/ok|error/);
  expect((await separate.client.request("kernel_info_request")).content.status).toBe("ok");
  await separate.close();
});
