/** Widgets in the real kernel: what Output captures, what interact shows, and what is collected. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message } from "../../kernel/io/wire.js";
import { emptyFolder, startTestKernel, type TestKernel } from "../support/kernel.js";

let kernel: TestKernel;
const cwd = emptyFolder();
writeFileSync(
  join(cwd, "area.ts"),
  "export function area({ width, height }: { width: number; height: number }): number { return width * height; }\n" +
    "export function follow({ from, to }: { from: { value: number }; to: { value: string } }): void { to.value = `${from.value}`; }\n",
);

beforeAll(async () => {
  kernel = await startTestKernel({ cwd });
  await kernel.run(
    `
    import { countOpen, effect, findWidget, fixed, interact, interactive, IntSlider, IntText, jslink, Label, Output, VBox } from "lowbit/widgets";
    import { clearOutput, display } from "lowbit";
    import v8 from "node:v8"; import vm from "node:vm";
    v8.setFlagsFromString("--expose-gc");
    const gc: () => void = vm.runInNewContext("gc");
  `,
  );
});
afterAll(() => kernel.close());

/** What a message is, in a word or two. */
function brief({ header, content }: Message): string {
  const { state, method } = (content.data ?? {}) as { state?: Record<string, unknown>; method?: string };
  if (header.msg_type === "comm_open") return `open ${state?._model_name}`;
  if (header.msg_type === "comm_msg") return `${method} ${JSON.stringify(state)}`;
  if (header.msg_type === "stream") return `print ${String(content.text).trim()}`;
  return header.msg_type;
}

const outputsIn = (messages: readonly Message[]): unknown[] =>
  messages.flatMap(({ content }) => {
    const { state } = (content.data ?? {}) as { state?: { outputs?: unknown[] } };
    return state?.outputs ? [state.outputs] : [];
  });

describe("Output", () => {
  test("what a function puts out is caught by the front end: msg_id before it, empty after it", async () => {
    await kernel.run("const out = new Output(); undefined");
    const { id, messages } = await kernel.run(
      "out.capture(() => { console.log('in'); display('shown'); clearOutput(); }); console.log('outside')",
    );
    expect(messages.map(brief)).toEqual([
      `update {"msg_id":"${id}"}`,
      "print in",
      "display_data",
      "clear_output",
      'update {"msg_id":""}',
      "print outside",
    ]);
  });

  test("an error is shown in it and thrown", async () => {
    const { id, messages, stdout } = await kernel.run(
      "try { out.capture(() => { throw new RangeError('no such bit'); }); } catch (error) { console.log('caught', (error as Error).message) }",
    );
    expect(messages.map(brief)).toEqual([
      `update {"msg_id":"${id}"}`,
      "error",
      'update {"msg_id":""}',
      "print caught no such bit",
    ]);
    expect(messages[1]?.content).toMatchObject({ ename: "RangeError", evalue: "no such bit" });
    expect(stdout).toBe("caught no such bit\n");
  });

  test("an async function: what it prints after its awaits arrives as state, and nothing in the cell", async () => {
    const { messages, stdout, text } = await kernel.run(`
      const late = new Output();
      await late.capture(async () => {
        await new Promise((done) => setTimeout(done, 1));
        console.log("after"); display("seen");
        await null;
        console.log("end");
        return 7;
      })`);
    expect([stdout, text]).toEqual(["", "7"]);
    expect(messages.filter(({ header }) => header.msg_type === "display_data")).toEqual([]);
    expect(outputsIn(messages).at(-1)).toEqual([
      { output_type: "stream", name: "stdout", text: "after\n" },
      { output_type: "display_data", data: { "text/plain": "'seen'" }, metadata: {} },
      { output_type: "stream", name: "stdout", text: "end\n" },
    ]);
    const { text: kept } = await kernel.run("late.outputs.length");
    expect(kept).toBe("3");
  });

  test("an async function that fails shows its error and rejects; what comes after is the cell's again", async () => {
    const { messages, stdout } = await kernel.run(`
      const failing = new Output();
      await failing.capture(async () => { await null; throw new TypeError("late"); }).catch(() => undefined);
      console.log("the cell's")`);
    expect(outputsIn(messages).at(-1)).toMatchObject([{ output_type: "error", ename: "TypeError", evalue: "late" }]);
    expect(stdout).toBe("the cell's\n");
  });

  test("captures may be nested: the inner one takes what is put out in it", async () => {
    const { id, messages } = await kernel.run(`
      const inner = new Output();
      out.capture(() => { console.log("a"); inner.capture(() => console.log("b")); console.log("c"); })`);
    const mine = messages.map(brief).filter((text) => !text.startsWith("open"));
    const own = `update {"msg_id":"${id}"}`;
    expect(mine).toEqual([own, "print a", own, "print b", 'update {"msg_id":""}', "print c", 'update {"msg_id":""}']);
  });

  test.runIf(Number(process.versions.node.split(".")[0]) >= 24)("captures that overlap are kept apart", async () => {
    const { stdout } = await kernel.run(`
      const [first, second] = [new Output(), new Output()];
      const turn = () => new Promise((done) => setTimeout(done, 1));
      const both = Promise.all([
        first.capture(async () => { await turn(); console.log("1"); await turn(); console.log("2"); }),
        second.capture(async () => { await turn(); console.log("A"); await turn(); console.log("B"); }),
      ]);
      await turn(); console.log("between"); await both;
      console.log(JSON.stringify([first.outputs, second.outputs].map((list) => list.map(({ text }) => text).join(""))))`);
    expect(stdout).toBe('between\n["1\\n2\\n","A\\nB\\n"]\n');
  });
});

describe("interact", () => {
  test("shows the controls and runs; a moved slider runs it again in the answer to the move", async () => {
    const { messages } = await kernel.run("interact(({ x }) => x * 2, { x: [0, 10] })");
    const slider = messages.find((message) => brief(message) === "open IntSliderModel")?.content.comm_id;
    const shown = messages
      .filter(({ header }) => header.msg_type === "display_data")
      .map(({ content }) => content.data);
    expect(shown).toEqual([
      { "text/plain": "10" },
      expect.objectContaining({ "application/vnd.jupyter.widget-view+json": expect.anything() }),
    ]);
    const update = { method: "update", state: { value: 7 }, buffer_paths: [] };
    const id = kernel.client.send("comm_msg", { comm_id: slider as string, data: update });
    await kernel.until(({ parentHeader, content }) => parentHeader.msg_id === id && content.execution_state === "idle");
    const answer = kernel.iopub.filter(({ parentHeader }) => parentHeader.msg_id === id).map(brief);
    expect(answer).toEqual([
      "status",
      'echo_update {"value":7}',
      `update {"msg_id":"${id}"}`,
      "clear_output",
      "display_data",
      'update {"msg_id":""}',
      "status",
    ]);
  });

  test("an async function: its controls stand in the cell, before and after an await", async () => {
    for (const before of ["", "await null;"]) {
      const { messages, stdout } = await kernel.run(`
        ${before}
        let open: () => void = () => undefined;
        interact(async ({ x }) => { await new Promise<void>((done) => { open = done; }); return x * 2; }, { x: [0, 10] });
        console.log("the cell's"); undefined`);
      expect(messages.map(brief).filter((text) => /^(print|display)/.test(text))).toEqual([
        "display_data",
        "print the cell's",
      ]);
      expect(stdout).toBe("the cell's\n");
      const next = await kernel.run("display('next'); console.log('to the next cell'); undefined");
      expect(next.messages.map(brief)).toEqual(["display_data", "print to the next cell"]);
      await kernel.run("open(); await null; undefined");
    }
  });

  test("an older run's late output never overwrites a newer one", async () => {
    const { stdout } = await kernel.run(`
      const gates = new Map<number, () => void>();
      const slow = interactive(async ({ x }) => {
        await new Promise<void>((open) => gates.set(x, open));
        console.log("result of", x);
      }, { x: [0, 4] });
      slow.controls.x.set("value" as never, 3 as never);
      gates.get(3)?.(); await new Promise((done) => setTimeout(done, 1));
      gates.get(2)?.(); await new Promise((done) => setTimeout(done, 1));
      console.log(JSON.stringify(slow.output.outputs.map(({ text }) => text)))`);
    expect(stdout).toBe('["result of 3\\n"]\n');
  });

  test("an error is shown in the output and the cell goes on", async () => {
    const { reply, messages } = await kernel.run("interact(() => { throw new Error('not defined at 0'); }, { x: 0 })");
    expect(reply.status).toBe("ok");
    expect(messages.find(({ header }) => header.msg_type === "error")?.content.evalue).toBe("not defined at 0");
  });

  test("a function that a module exports is recorded with its controls, a closure is not", async () => {
    const { messages, reply, text } = await kernel.run(`
      import { area } from "./area";
      const box = interactive(area, { width: [0, 10], height: fixed(3) });
      interactive(({ x }) => x, { x: 1 });
      [box.controls.width.id, box.output.id].join(" ")`);
    expect(reply).toMatchObject({ status: "ok" });
    const [width, output] = String(text).replaceAll("'", "").split(" ");
    expect(bindings(messages)).toEqual([
      expect.objectContaining({
        kind: "interact",
        module: "./area.ts",
        name: "area",
        inputs: { width: `IPY_MODEL_${width}` },
        output: `IPY_MODEL_${output}`,
        manual: false,
        fixed: { height: 3 },
        _view_name: null,
      }),
    ]);
  });

  test("an effect of a module's function is recorded too, and one of a package", async () => {
    const { messages, reply, text } = await kernel.run(`
      import { follow } from "./area";
      import { sum } from "lowbit/tensor";
      const [from, to] = [new IntSlider({ value: 4 }), new Label()];
      effect(follow, { from, to });
      interactive(sum as never, { axis: 1 });
      to.value`);
    expect(reply).toMatchObject({ status: "ok" });
    expect(text).toBe("'4'");
    const [first, second] = bindings(messages);
    expect(first).toMatchObject({ kind: "effect", module: "./area.ts", name: "follow", output: null });
    expect(Object.keys(first?.inputs as object)).toEqual(["from", "to"]);
    expect(second).toMatchObject({ kind: "interact", module: "lowbit/tensor", name: "sum" });
  });
});

/** The states of the bindings that were opened. */
function bindings(messages: readonly Message[]): Record<string, unknown>[] {
  const opened = messages.filter((message) => brief(message) === "open BindingModel");
  return opened.map(({ content }) => (content.data as { state: Record<string, unknown> }).state);
}

describe("what is collected", () => {
  /** Runs a cell as JupyterLab does, which tells its id. */
  const runCell = async (cellId: string, code: string): Promise<void> => {
    const content = { code, silent: false, store_history: true, allow_stdin: false };
    const id = kernel.client.send("execute_request", content, { metadata: { cellId, deletedCells: [] } });
    await kernel.until(({ parentHeader, content: { execution_state } }) => {
      return parentHeader.msg_id === id && execution_state === "idle";
    });
  };
  /** Collects garbage until `done` holds; what is registered for finalization goes a turn later. */
  const collect = async (done: string): Promise<void> => {
    const { text } = await kernel.run(`
      let rounds = 0;
      while (!(${done}) && rounds++ < 50) {
        // Whoever asks for a widget keeps it until the turn of the event loop is over.
        await new Promise((go) => setTimeout(go, 5)); gc(); await new Promise((go) => setTimeout(go, 5));
      }
      rounds < 50`);
    expect(text).toBe("true");
  };
  const closed = () =>
    new Set(
      kernel.iopub.filter(({ header }) => header.msg_type === "comm_close").map(({ content }) => content.comm_id),
    );
  const openedIn = (model: string): string[] =>
    kernel.iopub.filter((message) => brief(message) === `open ${model}`).map(({ content }) => String(content.comm_id));

  test("a widget that was shown only in an output that was replaced is closed; one shown elsewhere is not", async () => {
    kernel.forget();
    await runCell("a", "new IntSlider({ description: 'replaced' })");
    await runCell("b", "const shared = new IntSlider({ description: 'held by a variable' }); shared");
    await runCell("c", "display(new VBox([new IntSlider({ description: 'child' })]), { displayId: 'box' })");
    await runCell("d", "new IntSlider({ description: 'shown' })");
    const [replaced, held, child, shown] = openedIn("IntSliderModel") as [string, string, string, string];
    await runCell("a", "1 + 1");
    await runCell("b", "2");
    await collect(`findWidget("${replaced}") === undefined`);
    await kernel.until(({ header, content }) => header.msg_type === "comm_close" && content.comm_id === replaced);
    expect([held, child, shown].filter((id) => closed().has(id))).toEqual([]);
    await kernel.run("display('no box', { displayId: 'box', update: true })");
    await collect(`findWidget("${child}") === undefined`);
    await kernel.until(({ header, content }) => header.msg_type === "comm_close" && content.comm_id === child);
    expect([held, shown].filter((id) => closed().has(id))).toEqual([]);
  });

  test("a slider that a jslink or an observer ties to a shown one lives, and goes with it", async () => {
    kernel.forget();
    await runCell("linked", "jslink([new IntSlider(), 'value'], [new IntText(), 'value']); undefined");
    const [unseen] = openedIn("LinkModel") as [string];
    await collect(`findWidget("${unseen}") === undefined`);
    await runCell(
      "seen",
      "{ const text = new IntText(); jslink([new IntSlider(), 'value'], [text, 'value']); display(text); }",
    );
    const link = openedIn("LinkModel").at(-1) as string;
    const slider = openedIn("IntSliderModel").at(-1) as string;
    await collect("true");
    await kernel.run(
      "await new Promise((go) => setTimeout(go, 5)); gc(); await new Promise((go) => setTimeout(go, 5)); gc()",
    );
    expect(
      (await kernel.run(`[findWidget("${link}"), findWidget("${slider}")].every((one) => one !== undefined)`)).text,
    ).toBe("true");
    await runCell("seen", "clearOutput()");
    await collect(`findWidget("${slider}") === undefined && findWidget("${link}") === undefined`);
  });

  test("1,000 widgets opened and closed and 200 runs of a cell leave nothing behind", {
    timeout: 120_000,
  }, async () => {
    const cell = "const probe = 1; { const seen = new IntSlider(); effect(() => void seen.value); display(seen); }";
    await runCell("loop", cell);
    await collect("countOpen() > 0");
    const measure = async (): Promise<{ open: number; heap: number }> => {
      const { text } = await kernel.run(`
        for (let i = 0; i < 8; i++) { gc(); await new Promise((go) => setTimeout(go, 5)); }
        JSON.stringify({ open: countOpen(), heap: process.memoryUsage().heapUsed })`);
      return JSON.parse(String(text).slice(1, -1));
    };
    const before = await measure();
    await kernel.run("for (let i = 0; i < 1000; i++) new IntSlider().close();");
    for (let i = 0; i < 200; i++) await runCell("loop", cell);
    await collect(`countOpen() <= ${before.open}`);
    const after = await measure();
    expect(after.open).toBeLessThanOrEqual(before.open);
    // 1,200 sliders with layout and style that were not collected would be more than 10 MB.
    expect((after.heap - before.heap) / 2 ** 20).toBeLessThan(6);
    const info = await kernel.client.request("comm_info_request", { target_name: "jupyter.widget" });
    expect(Object.keys(info.content.comms as object).length).toBeLessThanOrEqual(before.open);
  });
});
