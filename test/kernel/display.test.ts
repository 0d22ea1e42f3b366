import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestKernel, type TestKernel } from "../support/kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
  await kernel.run("import { clearOutput, display, html, md, tex } from 'lowbit'");
});
afterAll(() => kernel.close());

const result = async (code: string) => {
  const { result: bundle, reply } = await kernel.run(code);
  expect(reply.status, JSON.stringify(reply)).toBe("ok");
  return bundle;
};

describe("results, richest representation first", () => {
  test("Symbol.for('Jupyter.display') before everything, also a promise", async () => {
    const own = "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>own</b>', 'text/plain': 'own' }) })";
    expect(await result(own)).toEqual({ "text/html": "<b>own</b>", "text/plain": "own" });
    const late = "({ [Symbol.for('Jupyter.display')]: async () => ({ 'text/plain': 'late' }) })";
    expect(await result(late)).toEqual({ "text/plain": "late" });
  });

  test("a display that gives no bundle, or throws, is an error of the cell", async () => {
    const { reply } = await kernel.run("({ [Symbol.for('Jupyter.display')]: () => 5 })");
    expect(reply).toMatchObject({
      status: "error",
      evalue: expect.stringContaining("expected an object by MIME type"),
    });
  });

  test("SVG text, and elements by their outerHTML", async () => {
    expect(await result("'<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>'")).toHaveProperty(["image/svg+xml"]);
    expect(await result("'<svg is not closed'")).toEqual({ "text/plain": "'<svg is not closed'" });
    expect(await result("({ nodeType: 1, tagName: 'P', outerHTML: '<p>x</p>' })")).toHaveProperty(
      ["text/html"],
      "<p>x</p>",
    );
  });

  test("PNG and JPEG bytes", async () => {
    const png = "new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2])";
    expect(await result(png)).toEqual({
      "image/png": Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2]).toString("base64"),
      "text/plain": "<image/png, 10 bytes>",
    });
    expect(await result("new Uint8Array([0xff, 0xd8, 0xff, 0xe0])")).toHaveProperty(["image/jpeg"]);
  });

  test.each([
    ["new Float32Array([1.5, -2, 3])", "float32 [3] min -2 max 3\n[1.5, -2, 3]"],
    ["new Int8Array(0)", "int8 [0] empty\n[]"],
    ["new Float64Array([NaN, NaN])", "float64 [2] all NaN\n[NaN, NaN]"],
    ["new Float64Array([NaN, 2])", "float64 [2] min 2 max 2, 1 NaN\n[NaN, 2]"],
    ["new BigInt64Array([1n, -5n])", "bigint64 [2] min -5 max 1\n[1, -5]"],
    ["new Uint8ClampedArray([300, 1])", "uint8 [2] min 1 max 255\n[255, 1]"],
    [
      "new Uint16Array(20).map((_, i) => i)",
      "uint16 [20] min 0 max 19\n[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … 8 more]",
    ],
  ])("typed array %s", async (code, text) => {
    expect(await result(code)).toEqual({ "text/plain": text });
  });

  test("a tensor: dtype, shape, range and its matrix", async () => {
    const tensor = "({ data: new Float32Array([1, -20, 3, 4, 5.25, 6]), shape: [2, 3], dtype: 'float32' })";
    expect(await result(tensor)).toEqual({ "text/plain": "float32 [2, 3] min -20 max 6\n1   -20  3\n4  5.25  6" });
    const large = "({ data: new Uint8Array(20 * 30), shape: [20, 30], dtype: 'bool' })";
    expect(String((await result(large))?.["text/plain"]).split("\n")).toHaveLength(1 + 4 + 1 + 4);
    const wrong = "({ data: new Float32Array(5), shape: [2, 3], dtype: 'float32' })";
    expect((await result(wrong))?.["text/plain"]).toContain("Float32Array(5)");
  });

  test("an array of records is a table, escaped", async () => {
    const bundle = await result("[{ name: '<b>', bits: 2 }, { bits: 4.123456789, extra: null }]");
    expect(bundle?.["text/html"]).toContain("&lt;b&gt;");
    expect(bundle?.["text/html"]).not.toContain("<b>");
    expect(bundle?.["text/plain"]).toBe("name  bits     extra\n<b>   2\n      4.12346  null");
    const many = await result("Array.from({ length: 60 }, (_, i) => ({ i }))");
    expect(many?.["text/plain"]).toMatch(/\(10 more rows\)$/);
    expect(await result("[{}, {}]")).toEqual({ "text/plain": "[ {}, {} ]" });
  });

  test("a getter that throws, a revoked proxy, a Buffer, text that is no text", async () => {
    expect((await result("new (class Q { get data() { throw new Error('x') } })()"))?.["text/plain"]).toBe("Q {}");
    expect(await result("const gone = Proxy.revocable({}, {}); gone.revoke(); gone.proxy")).toHaveProperty([
      "text/plain",
    ]);
    expect(await result("Buffer.from('abc')")).toEqual({ "text/plain": "uint8 [3] min 97 max 99\n[97, 98, 99]" });
    expect(await result("({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 1n }) })")).toEqual({
      "text/plain": "1",
    });
  });

  test("anything else as Node shows it; undefined is nothing; null is something", async () => {
    expect(await result("new Map([['a', 1]])")).toEqual({ "text/plain": "Map(1) { 'a' => 1 }" });
    expect(await result("null")).toEqual({ "text/plain": "null" });
    expect(await result("undefined")).toBeUndefined();
    expect(await result("const silent = 1")).toBeUndefined();
    expect(await result("({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } })")).toEqual({
      "text/plain": "[value that cannot be shown: no]",
    });
  });
});

describe("display and its helpers", () => {
  const outputs = async (code: string) =>
    (await kernel.run(code)).messages.map(({ header, content }) => [header.msg_type, content.data ?? content]);

  test("display shows now; html escapes what is filled in; md and tex", async () => {
    expect(
      await outputs("display(html`<i>${'<x>'}</i>`); display(md`**b**`); display(tex`\\frac{a}{b}`); display(7)"),
    ).toEqual([
      ["display_data", { "text/html": "<i>&lt;x&gt;</i>", "text/plain": "<i>&lt;x&gt;</i>" }],
      ["display_data", { "text/markdown": "**b**", "text/plain": "**b**" }],
      ["display_data", { "text/latex": "$$\\frac{a}{b}$$", "text/plain": "\\frac{a}{b}" }],
      ["display_data", { "text/plain": "7" }],
    ]);
  });

  test("an output with an id is replaced", async () => {
    const { messages } = await kernel.run(
      "display(1, { displayId: 'd' }); display(2, { displayId: 'd', update: true })",
    );
    expect(messages.map(({ header, content }) => [header.msg_type, content.transient])).toEqual([
      ["display_data", { display_id: "d" }],
      ["update_display_data", { display_id: "d" }],
    ]);
    const { reply } = await kernel.run("display(1, { update: true })");
    expect(reply).toMatchObject({ status: "error", ename: "TypeError" });
  });

  test("a handle replaces its own output, also from a later cell", async () => {
    const first = await kernel.run(
      "const step = display('epoch 0', { displayId: true }), other = display(0, { displayId: true })",
    );
    const later = await kernel.run("step.update('epoch 1'); step.id !== other.id");
    const [shown] = first.messages as [(typeof first.messages)[0]];
    const { display_id: id } = shown.content.transient as { display_id: string };
    expect(id).toMatch(/^[\da-f-]{36}$/);
    expect(later.text).toBe("true");
    expect(later.messages[0]).toMatchObject({
      header: { msg_type: "update_display_data" },
      content: { transient: { display_id: id }, data: { "text/plain": "'epoch 1'" } },
    });
    // At the end of a cell, a display without a handle is no result.
    expect((await kernel.run("display('shown once')")).result).toBeUndefined();
  });

  test("raw bundles and metadata; a bigint in a bundle", async () => {
    const { messages } = await kernel.run(
      "display({ 'application/json': { n: 5n, big: 2n ** 70n } as any }, { raw: true, metadata: { 'application/json': { expanded: true } } })",
    );
    expect(messages[0]?.content).toEqual({
      data: { "application/json": { n: 5, big: "1180591620717411303424" } },
      metadata: { "application/json": { expanded: true } },
      transient: {},
    });
  });

  test("clearOutput, now or with the next output", async () => {
    expect(await outputs("clearOutput(); clearOutput({ wait: true })")).toEqual([
      ["clear_output", { wait: false }],
      ["clear_output", { wait: true }],
    ]);
  });

  test("display of tslab keeps working", async () => {
    expect(
      await outputs(
        "import * as tslab from 'tslab'; tslab.display.html('<u>t</u>'); const d = tslab.newDisplay(); d.text('1'); d.text('2')",
      ),
    ).toEqual([
      ["display_data", { "text/html": "<u>t</u>" }],
      ["display_data", { "text/plain": "1" }],
      ["update_display_data", { "text/plain": "2" }],
    ]);
  });
});

describe("what is printed", () => {
  test("5,000 of 5,000 lines arrive, in order, in few messages", async () => {
    const { stdout, messages } = await kernel.run("for (let i = 0; i < 5000; i++) console.log(i)");
    expect(stdout).toBe(`${Array.from({ length: 5000 }, (_, i) => i).join("\n")}\n`);
    expect(messages.length).toBeLessThan(500);
  });

  test("stdout and stderr keep their order; a character split over two writes survives", async () => {
    const { messages } = await kernel.run("console.log('a'); console.error('b'); console.log('c')");
    expect(messages.map(({ content }) => [content.name, content.text])).toEqual([
      ["stdout", "a\n"],
      ["stderr", "b\n"],
      ["stdout", "c\n"],
    ]);
    const { stdout } = await kernel.run(
      "const e = Buffer.from('€😀'); for (const byte of e) process.stdout.write(Buffer.from([byte]))",
    );
    expect(stdout).toBe("€😀");
  });

  test("late output goes to the cell that started it", async () => {
    const first = await kernel.run("setTimeout(() => console.log('late'), 150); setImmediate(() => 0); 1");
    const second = await kernel.run("console.log('second'); await new Promise((done) => setTimeout(done, 400))");
    const late = await kernel.until(({ content }) => content.text === "late\n");
    expect(late.parentHeader.msg_id).toBe(first.id);
    expect(second.stdout).toBe("second\n");
  });

  test("a loop that nobody awaits prints under its own cell while another cell waits", async () => {
    const loop =
      "(async () => { for (let i = 0; i < 4; i++) { await new Promise((r) => setTimeout(r, 40)); console.log('A' + i) } })(); 1";
    const first = await kernel.run(loop);
    const second = await kernel.run("await new Promise((done) => setTimeout(done, 400)); console.log('B')");
    expect(second.stdout).toBe("B\n");
    const own = kernel.iopub.filter(
      ({ parentHeader, header }) => parentHeader.msg_id === first.id && header.msg_type === "stream",
    );
    expect(own.map(({ content }) => content.text).join("")).toBe("A0\nA1\nA2\nA3\n");
  });

  test("a late error is printed where it belongs, and the kernel lives", async () => {
    const first = await kernel.run("setTimeout(() => { throw new Error('late trouble') }, 50); 1");
    await kernel.run("await new Promise((done) => setTimeout(done, 200))");
    const printed = await kernel.until(({ content }) => String(content.text ?? "").includes("late trouble"));
    expect(printed.parentHeader.msg_id).toBe(first.id);
    await kernel.run("Promise.reject(new Error('nobody catches')); 1");
    await kernel.until(({ content }) => String(content.text ?? "").includes("Uncaught (in promise)"));
    expect((await kernel.run("2")).text).toBe("2");
  });
});
