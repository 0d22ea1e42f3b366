/** ES modules: what `require` cannot load, files that await, and the order in which all of it runs. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFiles, runCells, runFailing, writeFiles } from "../support/cells.js";
import { emptyFolder, startTestKernel, type TestKernel } from "../support/kernel.js";

const folder = emptyFolder();
let kernel: TestKernel;
const cells = (...sources: readonly string[]) => runCells(kernel, ...sources);
const failing = (source: string) => runFailing(kernel, source);

const awaiting = (name: string, code: string, types: string) =>
  packageFiles(
    name,
    { type: "module", exports: { ".": { types: "./index.d.ts", import: "./index.js" } } },
    { "index.js": code, "index.d.ts": types },
  );

beforeAll(async () => {
  const note = "globalThis.order = [...(globalThis.order ?? []), import.meta.url.split('/').at(-2)];\n";
  writeFiles(folder, {
    ...awaiting("noted", `${note}export const noted = await 1;\n`, "export declare const noted: number;\n"),
    ...awaiting(
      "gate",
      "console.log('waiting');\nexport const gate = await globalThis.gate;\n",
      "export declare const gate: string;\n",
    ),
    ...awaiting("failing", "await 0;\nthrow new Error('failed to load');\n", "export declare const no: 1;\n"),
    "first.ts": "(globalThis as any).order = ['first'];\nexport const first = 1;\n",
    "last.ts":
      "import { noted } from 'noted';\n(globalThis as any).order.push('last');\nexport const last = noted + 1;\n",
    "slow.ts": "export const slow: string = await new Promise<string>((done) => setTimeout(done, 5, 'slow'));\n",
    "over.ts": "import { slow } from './slow';\nexport const over = `${slow}er`;\n",
    "ping.ts":
      "import { pong } from './pong';\nexport const ping = (): string => `ping ${pong()}`;\nexport const ready = await 1;\n",
    "pong.ts": "import { ping } from './ping';\nexport const pong = (): string => typeof ping;\n",
    "thrower.ts": "await 0;\nthrow new Error('in the file');\nexport {};\n",
    "where.ts": "export const meta = import.meta;\nexport const load = () => import('./slow');\n",
    "resource.ts": "\nexport function f() {\n  using x = { [Symbol.dispose]() {} };\n}\n",
  });
  kernel = await startTestKernel({ cwd: folder });
});
afterAll(() => kernel.close());

describe("packages that only import() loads", () => {
  test("run in the order of the imports, between local files", async () => {
    await cells("import { first } from './first'; import { last } from './last'; const both = first + last");
    expect(await cells("[both, (globalThis as any).order]")).toBe("[ 3, [ 'first', 'noted', 'last' ] ]");
  });

  test("are the same module for every import, also from functions that run later", async () => {
    await cells("import * as one from 'noted'; const two = async () => import('noted')");
    expect(await cells("(await two()).noted === one.noted && (await import('noted')) === (await two())")).toBe("true");
  });

  test("that fail are an error of the cell", async () => {
    expect((await failing("import { no } from 'failing'; no")).evalue).toBe("failed to load");
    expect((await failing("await import('failing')")).evalue).toBe("failed to load");
    expect(await cells("1 + 1")).toBe("2");
  });

  test("and are still awaited when the cell is stopped: it does not run later", async () => {
    await cells("let open = (_: string) => {}; (globalThis as any).gate = new Promise<string>((go) => { open = go });");
    const stopped = kernel.run("import { gate } from 'gate'; (globalThis as any).ranLate = true; gate");
    await kernel.until(({ content }) => content.name === "stdout" && String(content.text).includes("waiting"));
    await kernel.interrupt();
    expect((await stopped).reply).toMatchObject({ status: "error", ename: "Interrupted" });
    await cells("open('opened')");
    expect(await cells("import { gate as opened } from 'gate'; [opened, (globalThis as any).ranLate]")).toBe(
      "[ 'opened', undefined ]",
    );
  });
});

describe("local files that await at their top level", () => {
  test("are awaited by static and dynamic import, and through another file", async () => {
    expect(await cells("import { over } from './over'; over")).toBe("'slower'");
    expect(await cells("import { slow } from './slow'; slow")).toBe("'slow'");
    expect(await cells("(await import('./slow')).slow")).toBe("'slow'");
  });

  test("may import each other", async () => {
    expect(await cells("import { ping, ready } from './ping'; ping() + ready")).toBe("'ping function1'");
  });

  test("show their own line when they throw", async () => {
    const { evalue, traceback } = await failing("import './thrower'");
    expect(evalue).toBe("in the file");
    expect(traceback).toMatch(/thrower\.ts:2:7/);
  });

  test("are refused by require, which cannot wait", async () => {
    writeFiles(folder, { "unloaded.ts": "export const u = await 1;\n" });
    const source = "import type { u } from './unloaded';\nrequire('./unloaded')";
    expect((await failing(source)).evalue).toMatch(
      /^require: \.\/unloaded awaits at its top level, expected an import/,
    );
  });
});

test("import.meta of a local file is the file's, and import() resolves from it", async () => {
  expect(await cells("import { meta, load } from './where'; meta.filename === __dirname + '/where.ts'")).toBe("true");
  expect(await cells("meta.url === 'file://' + meta.filename && (await load()).slow")).toBe("'slow'");
});

test("advice for `using` names the line of a local file", async () => {
  const { evalue } = await failing("import { f } from './resource'; f()");
  expect(evalue).toMatch(/^resource\.ts:3:3 - TS\d+: 'using' needs TypeScript 5\.2/);
});

test("an alias of an earlier cell's namespace", async () => {
  await cells("namespace Space { export const size = 5; export namespace Inner { export const deep = 7 } }");
  expect(await cells("import Size = Space.size; import Inner = Space.Inner; [Size, Inner.deep]")).toBe("[ 5, 7 ]");
});

test("export * from a file brings values and types into the notebook", async () => {
  writeFiles(folder, {
    "star.ts": "export const star = 1;\nexport interface Star { rays: number }\nexport default 9;\n",
  });
  await cells("export * from './star';");
  expect(await cells("const sun: Star = { rays: star }; sun")).toBe("{ rays: 1 }");
  await cells("export * from 'node:path'; export * from 'node:os';");
  expect(await cells("[join('a', 'b'), typeof cpus]")).toBe("[ 'a/b', 'function' ]");
});

test("what this Node has as a global has a type, what it has not is an error before the cell runs", async () => {
  for (const name of ["WebSocket", "navigator"]) {
    const there = (await cells(`'${name}' in globalThis`)) === "true";
    const { reply } = await kernel.run(`typeof ${name}`);
    expect(reply.status, name).toBe(there ? "ok" : "error");
  }
});
