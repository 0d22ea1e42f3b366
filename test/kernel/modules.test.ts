/** Local files that cells import: where they may be, what they keep, what their errors show. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CellError, runCells, runFailing } from "../support/cells.js";
import { emptyFolder, startTestKernel, type TestKernel } from "../support/kernel.js";

const root = emptyFolder();
const folder = join(root, "nb");
let kernel: TestKernel;

/** Writes a file; the path counts from the notebook's folder. */
function write(path: string, ...lines: readonly string[]): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join("\n")}\n`);
}

const cells = (...sources: readonly string[]): Promise<string | undefined> => runCells(kernel, ...sources);
const failing = (source: string): Promise<CellError> => runFailing(kernel, source);

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  write(
    "../lib/util.ts",
    "import { unit } from './deeper/unit';",
    "export const util = (n: number) => `${n} ${unit}`;",
  );
  write("../lib/deeper/unit.ts", "export const unit = 'm';");
  write("../lib/plain.js", "export const plain = 5;");
  write("../lib/data.json", '{ "rows": [1, 2] }');
  write("../lib/wrong.ts", "", "export const wrong: number = 'text';");
  kernel = await startTestKernel({ cwd: folder });
});
afterAll(() => kernel.close());

describe("files above the notebook's folder", () => {
  test("TypeScript, JavaScript and JSON, by relative and by absolute path", async () => {
    expect(await cells("import { util } from '../lib/util'; util(3)")).toBe("'3 m'");
    expect(await cells("import { plain } from '../lib/plain.js'; plain")).toBe("5");
    expect(await cells("import data from '../lib/data.json'; data.rows")).toBe("[ 1, 2 ]");
    expect(await cells(`import { unit } from '${join(root, "lib/deeper/unit")}'; unit`)).toBe("'m'");
  });

  test("may be edited, and imported at any time", async () => {
    write("../lib/edited.ts", "import fs from 'node:fs';", "export default typeof fs.statSync;");
    const source = "const edited = (await import('../lib/edited')).default; edited";
    expect(await cells(source)).toBe("'function'");
    write("../lib/edited.ts", "export default 'anew';");
    await expect.poll(() => cells(source), { timeout: 10_000 }).toBe("'anew'");
  });

  test("may be JSON that is edited: values and types are those of the new text", async () => {
    write("../lib/settings.json", '{ "rows": 1 }');
    expect(await cells("import settings from '../lib/settings.json'; settings.rows")).toBe("1");
    expect(await cells("import same from '../lib/settings.json'; same === settings")).toBe("true");
    write("../lib/settings.json", '{ "rows": [2, 3] }');
    const source = "import settings from '../lib/settings.json'; JSON.stringify(settings.rows)";
    await expect.poll(() => cells(source), { timeout: 10_000 }).toBe("'[2,3]'");
    expect(await cells("(await import('../lib/settings.json')).default.rows")).toBe("[ 2, 3 ]");
    expect(await cells("require('../lib/settings.json').rows")).toBe("[ 2, 3 ]");
  });

  test("are checked, and a fault names the file and its line", async () => {
    expect((await failing("import { wrong } from '../lib/wrong'; wrong")).evalue).toMatch(
      /^\.\.\/lib\/wrong\.ts:2:14 - TS2322: /,
    );
  });

  test("in the folder too, also where the message has several parts", async () => {
    write("parts.ts", "", "", "export const p: { a: { b: number } } = { a: { b: 'text' as string | number } };");
    const { evalue, traceback } = await failing("import { p } from './parts'; p");
    expect(evalue).toMatch(/^parts\.ts:3:47 - TS2322: .*\n.*'string'/);
    expect(traceback).not.toContain("cell-");
  });
});

test("a file that was missing is found once it is there, and no cell fails over such events", async () => {
  expect((await failing("import { late } from './late'; late")).evalue).toContain("'./late'");
  write("late.ts", "export const late = 'here';");
  // The compiler notices the file through the file system, so it takes a moment.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(await cells("import { late } from './late'; late")).toBe("'here'");
});

test("a module cell that was missing is found once it has run", async () => {
  expect((await failing("import { later } from './latecell'; later")).evalue).toContain("'./latecell'");
  await cells("/** @module latecell */\nexport const later = 1;");
  expect(await cells("import { later } from './latecell'; later")).toBe("1");
});

describe("state", () => {
  test("importing another file leaves loaded ones as they are; a change resets a file and its importers", async () => {
    write("counter.ts", "export const state = { count: 0 };");
    write("user.ts", "import { state } from './counter';", "export const seen = () => state.count;");
    write("other.ts", "export const other = 1;");
    await cells("import { state } from './counter'; import { seen } from './user'; state.count = 5; seen()");
    expect(await cells("import { other } from './other'; import { state } from './counter'; state.count + other")).toBe(
      "6",
    );
    write("other.ts", "export const other = 2;");
    const both = "import { other } from './other'; import { state } from './counter'; [other, state.count]";
    await expect.poll(() => cells(both), { timeout: 10_000 }).toBe("[ 2, 5 ]");
    write("counter.ts", "export const state = { count: 7 };");
    await expect.poll(() => cells("import { seen } from './user'; seen()"), { timeout: 10_000 }).toBe("7");
  });

  test("a file that throws while it loads is loaded again by the next import", async () => {
    write("fragile.ts", "if (!('ready' in globalThis)) throw new Error('not yet');", "export const value = 3;");
    expect((await failing("import { value } from './fragile'; value")).evalue).toBe("not yet");
    expect((await failing("import { value } from './fragile'; value")).evalue).toBe("not yet");
    expect(await cells("(globalThis as any).ready = true; import { value } from './fragile'; value")).toBe("3");
  });

  test("a file that is stopped while it loads is loaded again by the next import", async () => {
    write(
      "slow.ts",
      "console.log('loading');",
      "while (!(globalThis as { go?: boolean }).go) {}",
      "export const end = 'end';",
    );
    const stopped = kernel.run("import { end } from './slow'; end");
    await kernel.until(({ content }) => content.name === "stdout" && String(content.text).includes("loading"));
    await kernel.interrupt();
    expect((await stopped).reply.status).toBe("error");
    expect(await cells("(globalThis as any).go = true; import { end } from './slow'; end")).toBe("'end'");
  });

  test("files that import each other", async () => {
    write("ping.ts", "import { pong } from './pong';", "export const ping = (n: number): number => n && pong(n - 1);");
    write("pong.ts", "import { ping } from './ping';", "export const pong = (n: number): number => n && ping(n - 1);");
    expect(await cells("import { ping } from './ping'; ping(4)")).toBe("0");
  });
});

describe("JavaScript", () => {
  test("with and without its ending", async () => {
    write("both.js", "export const k = 1;");
    expect(await cells("import * as u from './both.js'; u.k")).toBe("1");
    expect(await cells("import { k } from './both'; k")).toBe("1");
  });

  test("CommonJS, whole and by name", async () => {
    write("common.js", "module.exports = { size: 4, double: (n) => 2 * n };");
    expect(await cells("import common from './common.js'; common.double(common.size)")).toBe("8");
    expect(await cells("import { size } from './common'; size")).toBe("4");
  });

  test("React's TypeScript", async () => {
    write("view.tsx", "export const view = <T,>(value: T): T => value;");
    expect(await cells("import { view } from './view'; view(6)")).toBe("6");
  });
});

describe("errors in a file", () => {
  test("show its TypeScript, with a frame", async () => {
    write(
      "lib.ts",
      "interface Deep { a?: { b: number } }",
      "",
      "export function read(value: Deep): number {",
      "  return value.a!.b;",
      "}",
    );
    const { traceback } = await failing("import { read } from './lib';\nread({})");
    expect(traceback).toMatch(/> 4 \| {3}return value\.a!\.b;/);
    expect(traceback).toMatch(/at (Object\.)?read \(lib\.ts:4:19\)/);
    expect(traceback).toMatch(/at cell-\d+\.ts:2:\d$/m);
  });

  test("while it loads, and from above the folder", async () => {
    write(
      "../lib/thrower.ts",
      "type Unused = 1;",
      "const a: number = 1;",
      "throw new Error(`at once ${a}`);",
      "export {};",
    );
    const { traceback } = await failing("import '../lib/thrower'");
    expect(traceback).toMatch(/> 3 \| throw new Error/);
    expect(traceback).toMatch(/at .*\.\.\/lib\/thrower\.ts:3:7\)?$/m);
  });

  test("when the current folder is another one, or gone", async () => {
    await cells("const gone = require('node:fs').mkdtempSync('/tmp/gone-'); process.chdir(gone)");
    await cells("require('node:fs').rmdirSync(gone)");
    write("elsewhere.ts", "export const stack = new Error('here').stack ?? '';");
    const way = await cells("import { stack } from './elsewhere'; stack.split('\\n')[1].trim()");
    await cells("process.chdir(__dirname)");
    expect(way).toMatch(/elsewhere\.ts:1:22/);
  });

  test("in a module cell", async () => {
    await cells("/** @module faulty */\nexport const fail = (): never => {\n  throw new Error('inside')\n}");
    const { traceback } = await failing("import { fail } from './faulty'; fail()");
    expect(traceback).toMatch(/> 3 \| {3}throw new Error\('inside'\)/);
  });
});
