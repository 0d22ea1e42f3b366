/** Every row of the interrupt table: stopped within five seconds, variables kept. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message } from "../../kernel/io/wire.js";
import { startTestKernel, type TestKernel } from "../support/kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
  await kernel.run("let kept = 'before'");
});
afterAll(() => kernel.close());

/** Starts a cell, waits until it prints "started" (first, unless it says where), stops it, returns what came of it. */
async function stop(code: string, ready?: () => Promise<unknown>) {
  const marked = code.includes("started") ? code : `console.log("started");\n${code}`;
  const from = kernel.iopub.length;
  const running = kernel.run(marked, { allow_stdin: true });
  await kernel.until(
    (message) => kernel.iopub.indexOf(message) >= from && String(message.content.text ?? "").includes("started"),
  );
  await ready?.();
  const asked = performance.now();
  await kernel.interrupt();
  const ran = await running;
  return { ...ran, milliseconds: performance.now() - asked };
}

const aMoment = () => new Promise((done) => setTimeout(done, 100));

describe("interrupt (cell by cell)", () => {
  test.each([
    ["`while(true){}`", "while (true) {}"],
    ["printing loop", "while (true) console.log('again')"],
    ["never-settling await", "await new Promise(() => {})"],
    ["`await 0; while(true){}`", "await 0; while (true) {}"],
    ["loop inside setTimeout", "setTimeout(() => { while (true) {} }, 5); await new Promise(() => {})"],
    ["`while(true){try{..}catch{}}`", "while (true) { try { while (true) {} } catch {} }"],
    ["a loop with finally", "try { while (true) {} } finally { while (true) {} }"],
    ["exponential regex", "/^(a+)+$/.test('a'.repeat(45) + 'b')"],
    ["Atomics.wait", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"],
    ["blocked prompt", "prompt('never answered')"],
    ["endless microtasks", "(async () => { for (;;) await 0 })(); await new Promise(() => {})"],
    ["a loop of awaited timers", "for (;;) { await new Promise((r) => setTimeout(r, 5)); }"],
    [
      "a loop in a getter that console.log calls",
      "console.log({ get [Symbol.toStringTag]() { while (true) {} } } as object)",
    ],
  ])("%s: stopped, variables kept", async (_, code) => {
    const { reply, milliseconds } = await stop(code, aMoment);
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(milliseconds).toBeLessThan(5000);
    expect((await kernel.run("kept")).text).toBe("'before'");
  });

  test("kernels on several threads: stopped half-way, variables kept, and the next call is right", async () => {
    await kernel.run(`import { random, sparsity, tensor, wasm } from "lowbit";
      wasm.configure({ threads: 3 });
      const W = random.normal(random.key(1), [1024, 1024]);
      const pattern = { keep: 4, group: 8 };`);
    const { reply } = await stop("while (true) sparsity.transposableMask(W, pattern)", aMoment);
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    const { text } = await kernel.run(`const fast = sparsity.transposableMask(W, pattern);
      wasm.configure({ enabled: false });
      tensor.equal(fast, sparsity.transposableMask(W, pattern))`);
    expect(text).toBe("true");
  });

  test("one long native call (default sort of 4e6 numbers): stopped when the call returns, variables kept", async () => {
    // Filled in one native call too, so that the stop falls in a call and not between two.
    const code =
      "console.log('started'); const many = new Float64Array(4e6).map((_, i) => (i * 7919) % 4000037); Array.from(many).sort(); while (true) {}";
    const running = kernel.run(code);
    await kernel.until(
      ({ parentHeader, content }) => content.text === "started\n" && parentHeader.msg_id !== undefined,
    );
    await kernel.interrupt();
    // Nothing waits for the call: the io thread answers all the while.
    expect(await kernel.client.isAlive(20_000)).toBe(true);
    expect((await kernel.client.request("kernel_info_request", {}, { channel: "control" })).content.status).toBe("ok");
    expect((await running).reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect((await kernel.run("kept")).text).toBe("'before'");
  }, 300_000);

  test("heartbeat / control kernel_info while busy: answered before the cell ends", async () => {
    let ended = false;
    const running = kernel.run("while (true) {}").then((ran) => {
      ended = true;
      return ran;
    });
    await aMoment();
    expect(await kernel.client.isAlive(20_000)).toBe(true);
    expect((await kernel.client.request("kernel_info_request", {}, { channel: "control" })).content.status).toBe("ok");
    expect(ended).toBe(false);
    await kernel.interrupt();
    expect((await running).reply.ename).toBe("Interrupted");
  });

  test("a cell that catches what it can still stops, and its loop of timers is over", async () => {
    const code = "let ticks = 0; for (;;) { await new Promise((r) => setTimeout(r, 2)); ticks++ }";
    await stop(code, aMoment);
    const first = Number((await kernel.run("ticks")).text);
    await aMoment();
    expect(Number((await kernel.run("ticks")).text)).toBe(first);
    expect(first).toBeGreaterThan(0);
  });

  test("what the stopped cell had done stays", async () => {
    await stop("let half = 1; half = 2; while (true) {}");
    expect((await kernel.run("half")).text).toBe("2");
  });

  test("cells that wait behind a stopped one are aborted", async () => {
    let waiting: Promise<Message> | undefined;
    await stop("while (true) {}", async () => {
      waiting = kernel.client.request("execute_request", { code: "kept = 'changed'", silent: false });
      await aMoment();
    });
    expect((await waiting)?.content.status).toBe("aborted");
    expect((await kernel.run("kept")).text).toBe("'before'");
  });
});

describe("a stop while nothing runs", () => {
  test("is harmless, a hundred times", async () => {
    for (let i = 0; i < 100; i++) await kernel.interrupt();
    expect((await kernel.run("kept")).text).toBe("'before'");
  });

  test("ends a runaway timer that a finished cell left behind", async () => {
    await kernel.run("setTimeout(() => { while (true) {} }, 5)");
    await aMoment();
    const next = kernel.run("kept");
    await kernel.interrupt();
    await next;
    expect((await kernel.run("kept")).text).toBe("'before'");
  });

  test("ends the timers that earlier cells left behind", async () => {
    await kernel.run("let beats = 0; setInterval(() => { beats++ }, 2)");
    await kernel.run("1");
    await aMoment();
    await kernel.interrupt();
    const first = Number((await kernel.run("beats")).text);
    await aMoment();
    expect(Number((await kernel.run("beats")).text)).toBe(first);
    expect(first).toBeGreaterThan(0);
  });

  test("ends a runaway interval for good", async () => {
    await kernel.run("setInterval(() => { while (true) {} }, 5)");
    await aMoment();
    await kernel.interrupt();
    await aMoment();
    expect((await kernel.run("kept")).text).toBe("'before'");
  });
});

describe("a stop of code that uses async_hooks, which can end the process of an older Node", () => {
  const setup =
    "import { AsyncLocalStorage, createHook } from 'node:async_hooks'; const storage = new AsyncLocalStorage<number>();";
  const forever = "console.log('started'); while (true) {}";
  test.each([
    ["AsyncLocalStorage, after an await", `await storage.run(1, async () => { await 0; ${forever} })`],
    [
      "AsyncLocalStorage, in a timer",
      `storage.run(1, () => setTimeout(() => { ${forever} }, 1)); await new Promise(() => {})`,
    ],
    ["enterWith", `storage.enterWith(2); await 0; ${forever}`],
    ["createHook", `createHook({ init() {}, before() {}, after() {} }).enable(); await 0; ${forever}`],
    [
      "AsyncLocalStorage, in a callback of a file",
      `storage.run(3, () => require("fs").stat(".", async () => { await 0; ${forever} })); await new Promise(() => {})`,
    ],
  ])(
    "%s",
    async (_, code) => {
      const own = await startTestKernel();
      await own.run(`${setup} let kept = 'before'`);
      for (let i = 0; i < 5; i++) {
        const running = own.run(code);
        await own.until(({ content }) => content.text === "started\n");
        own.forget();
        await own.interrupt();
        const { reply, stderr } = await running;
        expect([reply.ename, stderr]).toEqual(["Interrupted", ""]);
      }
      const still = await own.run(
        "await new Promise((r) => setTimeout(r, 1)); const there = await storage.run(7, async () => { await require('fs').promises.stat('.'); return storage.getStore() }); kept + there",
      );
      expect(still.text).toBe("'before7'");
      await own.close();
    },
    300_000,
  );
});

test("a cell that comes right after a stop is not ended by it", async () => {
  const own = await startTestKernel();
  await own.run(
    "import { AsyncLocalStorage } from 'node:async_hooks'; const storage = new AsyncLocalStorage<number>()",
  );
  for (let i = 0; i < 60; i++) {
    const running = own.run(
      "storage.run(1, () => setTimeout(() => { console.log('started'); while (true) {} }, 1)); await new Promise(() => {})",
    );
    await own.until(({ content }) => content.text === "started\n");
    own.forget();
    own.client.send("interrupt_request", {}, { channel: "control" });
    expect((await running).reply.ename).toBe("Interrupted");
    const next = await own.run(`await new Promise((resolve) => setTimeout(resolve, 5)); ${i}`);
    expect([next.text, next.reply.ename]).toEqual([String(i), undefined]);
    own.forget();
  }
  await own.close();
}, 300_000);

test("fifty stops in a row, in cells and in callbacks of files, and all still works", async () => {
  const inCallback =
    "require('fs').stat('.', () => { console.log('started'); while (true) {} }); await new Promise(() => {})";
  for (let i = 0; i < 50; i++) await stop(i % 2 === 0 ? "while (true) {}" : inCallback);
  const still = await kernel.run(
    "const text = await require('fs').promises.readFile('/dev/null', 'utf8'); await new Promise((r) => setTimeout(r, 1)); kept + text",
  );
  expect(still.text).toBe("'before'");
});

test("no message is lost when stops and comm messages come together", async () => {
  await kernel.run(
    "let heard = 0; const h = (globalThis as any)[Symbol.for('lowbit.host')]; h.registerCommTarget('counter', (comm: any) => { comm.onMessage = () => { heard++ } })",
  );
  kernel.client.send("comm_open", { comm_id: "c1", target_name: "counter", data: {} });
  const handled: string[] = [];
  for (let round = 0; round < 20; round++) {
    const running = kernel.run("while (true) {}");
    await aMoment();
    for (let i = 0; i < 5; i++) handled.push(kernel.client.send("comm_msg", { comm_id: "c1", data: {} }));
    await kernel.interrupt();
    for (let i = 0; i < 5; i++) handled.push(kernel.client.send("comm_msg", { comm_id: "c1", data: {} }));
    await running;
  }
  for (const id of handled) {
    await kernel.until(({ parentHeader, content }) => parentHeader.msg_id === id && content.execution_state === "idle");
  }
  expect((await kernel.run("heard")).text).toBe("200");
});
