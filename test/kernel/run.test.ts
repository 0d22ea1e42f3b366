/** `lowbit run`, as a user calls it. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emptyFolder, root } from "../support/kernel.js";

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function lowbit(...args: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    const command = [join(root, "bin", "lowbit.js"), ...args];
    execFile(process.execPath, command, { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
  });
}

function notebook(
  ...cells: readonly (string | { readonly source: string; readonly tags: readonly string[] })[]
): string {
  const file = join(emptyFolder(), "n.ipynb");
  const content = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "lowbit", display_name: "TypeScript (Lowbit)", language: "typescript" },
      kept: [1],
    },
    cells: cells.map((cell, index) => ({
      id: `c${index}`,
      cell_type: "code",
      source: typeof cell === "string" ? cell : cell.source,
      metadata: typeof cell === "string" ? {} : { tags: cell.tags },
      outputs: [],
      execution_count: null,
    })),
  };
  writeFileSync(file, JSON.stringify(content));
  return file;
}

interface Written {
  readonly metadata: Record<string, unknown>;
  readonly cells: readonly {
    readonly source: string[];
    readonly metadata: object;
    readonly outputs: Record<string, unknown>[];
  }[];
}

const read = (file: string): Written => JSON.parse(readFileSync(file, "utf8"));

describe("outputs", () => {
  test("are written as Jupyter does, and the source stays as it was", async () => {
    const file = notebook(
      "console.log('a'); console.log('b'); 6 * 7",
      "import { display } from 'lowbit'; display(1, { displayId: 'd' })",
      "display(2, { displayId: 'd', update: true })",
    );
    const before = readFileSync(file, "utf8");
    const out = join(emptyFolder(), "out.ipynb");
    expect(await lowbit("run", file, "-o", out)).toMatchObject({ code: 0 });
    const { cells, metadata } = read(out);
    expect(cells[0]?.outputs).toEqual([
      { output_type: "stream", name: "stdout", text: ["a\n", "b\n"] },
      { output_type: "execute_result", data: { "text/plain": ["42"] }, metadata: {}, execution_count: 1 },
    ]);
    expect(cells[1]?.outputs).toMatchObject([{ output_type: "display_data", data: { "text/plain": ["2"] } }]);
    expect(metadata.kept).toEqual([1]);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("widget state is written with its buffers", async () => {
    const file = notebook(
      "import { IntSlider } from 'lowbit/widgets'; new IntSlider({ value: 3, description: 'keep' })",
    );
    const out = join(emptyFolder(), "out.ipynb");
    expect(await lowbit("run", file, "-o", out)).toMatchObject({ code: 0 });
    const saved = (
      read(out).metadata.widgets as Record<string, { state: Record<string, { model_name: string; state: object }> }>
    )["application/vnd.jupyter.widget-state+json"];
    const slider = Object.values(saved?.state ?? {}).find(({ model_name }) => model_name === "IntSliderModel");
    expect(slider?.state).toMatchObject({
      value: 3,
      description: "keep",
      layout: expect.stringMatching(/^IPY_MODEL_/),
    });
  });

  test("printed text beyond a megabyte is counted, and kept when asked for", async () => {
    const file = notebook(
      "for (let i = 0; i < 5; i++) console.log('x'.repeat(2 ** 20 - 1))",
      "import { clearOutput } from 'lowbit'; for (let i = 0; i < 3; i++) { clearOutput(); console.log('y'.repeat(2 ** 19)) }",
      "console.log('z' + '😀'.repeat(2 ** 19))",
    );
    const out = join(emptyFolder(), "out.ipynb");
    const textOf = (output: Record<string, unknown> | undefined) => ((output?.text ?? []) as string[]).join("");
    expect(await lowbit("run", file, "-o", out)).toMatchObject({ code: 0 });
    const [first, second, third] = read(out).cells;
    expect(textOf(first?.outputs[0])).toBe(`${"x".repeat(2 ** 20 - 1)}\n`);
    expect(textOf(third?.outputs[0]) === `z${"😀".repeat(2 ** 19 - 1)}`).toBe(true);
    expect(textOf(first?.outputs[1])).toMatch(/4,194,304 more characters .* --output-limit 0 keeps all/);
    expect(second?.outputs.map((output) => textOf(output).length)).toEqual([2 ** 19 + 1]);
    await lowbit("run", file, "-o", out, "--output-limit", "0");
    expect(read(out).cells[0]?.outputs.map((output) => textOf(output).length)).toEqual([5 * 2 ** 20]);
    await lowbit("run", file, "-o", out, "--output-limit", "4.5");
    expect(read(out).cells[0]?.outputs.map((output) => textOf(output).length)[0]).toBe(4.5 * 2 ** 20);
    expect(await lowbit("run", file, "--output-limit", "much")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("expected a number of megabytes"),
    });
  });

  test("can replace the notebook itself, whole", async () => {
    const file = notebook("'in place'");
    expect(await lowbit("run", file, "-o", file)).toMatchObject({ code: 0 });
    expect(read(file).cells[0]?.outputs).toHaveLength(1);
    expect(readdirSync(join(file, ".."))).toEqual(["n.ipynb"]);
  });
});

describe("failure", () => {
  test("exit code 1, the cell's error, and what ran before is still written", async () => {
    const file = notebook("'first'", "const n: any = null;\nn.field", "'never'");
    const out = join(emptyFolder(), "out.ipynb");
    const { code, stderr } = await lowbit("run", file, "-o", out);
    expect(code).toBe(1);
    expect(stderr).toContain("Cannot read properties of null");
    expect(stderr).toMatch(/cell-2\.ts:2:3/);
    const { cells } = read(out);
    expect(cells.map(({ outputs }) => outputs[0]?.output_type)).toEqual(["execute_result", "error", undefined]);
  });

  test("a kernel that dies says so, with its exit code", async () => {
    const { code, stderr } = await lowbit("run", notebook("process.exit(3)"));
    expect(code).toBe(1);
    expect(stderr).toMatch(/the kernel ended while cell \[1\] ran: exit code 3/);
  });

  test("--timeout stops a cell", async () => {
    const { code, stderr } = await lowbit("run", notebook("while (true) {}"), "--timeout", "1");
    expect(code).toBe(1);
    expect(stderr).toContain("Interrupted");
    expect(stderr).toContain("ran longer than 1 s");
  });

  test("an output folder that is not there is said before anything runs", async () => {
    const { code, stderr } = await lowbit("run", notebook("console.log('ran')"), "-o", "/nowhere/at/all/x.ipynb");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/there is no folder \/nowhere\/at\/all\n$/)]);
  });

  test.each([
    ["nothing there", undefined, /ENOENT/],
    ["not JSON", "{", /JSON/],
    ["an older format", '{ "nbformat": 3, "worksheets": [] }', /nbformat 3, expected 4/],
    ["no cells", '{ "nbformat": 4 }', /no list of cells/],
    [
      "another language",
      '{ "nbformat": 4, "cells": [], "metadata": { "kernelspec": { "language": "python" } } }',
      /written in python/,
    ],
  ])("%s", async (_, content, message) => {
    const file = join(emptyFolder(), "x.ipynb");
    if (content !== undefined) writeFileSync(file, content);
    const { code, stderr } = await lowbit("run", file);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(existsSync(file)).toBe(content !== undefined);
  });
});

describe("parameters", () => {
  const parameters = { source: "const keep = 2;\nlet title = 'none', wide = false;", tags: ["parameters"] };

  test("are injected after their cell, typed as JSON or text", async () => {
    const file = notebook(parameters, "[keep, title, wide]");
    const out = join(emptyFolder(), "out.ipynb");
    const { code, stderr } = await lowbit("run", file, "-p", "keep=4", "-p", "title=a b", "-p", "wide=true", "-o", out);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("warning")]);
    const { cells } = read(out);
    expect(cells[1]?.metadata).toEqual({ tags: ["injected-parameters"] });
    expect(cells[2]?.outputs[0]).toMatchObject({ data: { "text/plain": ["[ 4, 'a b', true ]"] } });
    // Once more: the injected cell is replaced, not added to.
    await lowbit("run", out, "-p", "keep=7", "-o", out);
    expect(read(out).cells).toHaveLength(3);
    expect(read(out).cells[2]?.outputs[0]).toMatchObject({ data: { "text/plain": ["[ 7, 'none', false ]"] } });
  });

  test("one that nobody declares is warned of; one without a name is refused", async () => {
    const { stderr } = await lowbit("run", notebook(parameters, "1"), "-p", "kep=4");
    expect(stderr).toContain('no cell tagged "parameters" declares kep');
    expect(await lowbit("run", notebook("1"), "-p", "=4")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("name=value"),
    });
  });
});

describe("--check", () => {
  const check = (name: string, ok: string) => `import { check } from 'lowbit'; check(${JSON.stringify(name)}, ${ok})`;

  test("passes when all checks hold", async () => {
    const { code, stdout } = await lowbit("run", notebook(check("sums", "1 + 1 === 2")), "--check");
    expect([code, stdout]).toEqual([0, "1 of 1 as expected\n"]);
  });

  test("fails when one does not, though every cell ran", async () => {
    const file = notebook(check("good", "true"), check("bad", "false"));
    expect(await lowbit("run", file)).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await lowbit("run", file, "--check");
    expect([code, stdout]).toEqual([1, "1 of 2 as expected\n"]);
    expect(stderr).toMatch(/check failed: bad/);
  });

  test("fails when the notebook has none", async () => {
    const { code, stderr } = await lowbit("run", notebook("1"), "--check");
    expect(code).toBe(1);
    expect(stderr).toContain("no claim and no check");
  });
});

describe("the command itself", () => {
  test("--version and --help", async () => {
    expect(await lowbit("--version")).toMatchObject({ code: 0, stdout: "0.1.0\n" });
    expect((await lowbit("--help")).stdout).toMatch(/start .*\n.*kernel .*\n.*run /);
  });

  test("an unknown command is refused", async () => {
    expect(await lowbit("fly")).toMatchObject({ code: 1, stderr: expect.stringContaining("unknown command") });
  });
});

test("what an Output widget captures is saved in the widget, and the kernel hears of it", async () => {
  const file = notebook(
    'import { Output } from "lowbit/widgets"; const out = new Output(); out.capture(() => { console.log("inside"); }); console.log("outside"); out',
    "console.log(JSON.stringify(out.outputs))",
  );
  const result = await lowbit("run", file, "-o", `${file}.out`);
  expect([result.code, result.stderr.includes("FAILED")]).toEqual([0, false]);
  const { cells, metadata } = JSON.parse(readFileSync(`${file}.out`, "utf8")) as {
    cells: { outputs: { text?: string | string[] }[] }[];
    metadata: { widgets: Record<string, { state: Record<string, { model_name: string; state: object }> }> };
  };
  const printed = cells.map(({ outputs }) => outputs.flatMap(({ text }) => text ?? []).join(""));
  const inside = { output_type: "stream", name: "stdout", text: "inside\n" };
  expect(printed).toEqual(["outside\n", `${JSON.stringify([inside])}\n`]);
  const { state } = metadata.widgets["application/vnd.jupyter.widget-state+json"] as never as {
    state: Record<string, { model_name: string; state: object }>;
  };
  const saved = Object.values(state).find(({ model_name: name }) => name === "OutputModel");
  expect(saved?.state).toMatchObject({ msg_id: "", outputs: [inside] });
});
