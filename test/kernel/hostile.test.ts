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

test("2,000 random frames from a fixed seed", async () => {
  let state = 20_211;
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const types = ["execute_request", "comm_open", "comm_msg", "comm_close", "complete_request", "inspect_request", "x"];
  const values = [null, true, 0, -1, 1e308, "", "x", "__proto__", [], {}, [[[]]], { a: { b: 1 } }, { __proto__: null }];
  const fields = [
    "code",
    "comm_id",
    "data",
    "target_name",
    "cursor_pos",
    "silent",
    "__proto__",
    "method",
    "buffer_paths",
  ];
  for (let i = 0; i < 2000; i++) {
    const content: Record<string, unknown> = {};
    for (let j = next(5); j > 0; j--) content[fields[next(fields.length)] as string] = values[next(values.length)];
    // Nothing random may run: code is a number, a list or an empty text.
    if (content.code === "x" || content.code === "__proto__") delete content.code;
    const type = types[next(types.length)] as string;
    const frames = encode(signer, { type, session: "fuzz", content, buffers: next(3) ? [] : [randomBytes(next(50))] });
    if (next(4) === 0) frames.splice(next(frames.length), 1);
    if (next(8) === 0) frames[next(frames.length)] = randomBytes(next(40));
    kernel.client.sendRaw(next(5) ? "shell" : "control", frames);
  }
  expect((await kernel.run("'still here'")).text).toBe("'still here'");
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
