/** What tslab's language does well is kept, and each of its defects is mended: one test for each row that was found. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFiles, runCells, runFailing, writeFiles } from "../support/cells.js";
import { emptyFolder, startTestKernel, type TestKernel } from "../support/kernel.js";

const folder = emptyFolder();
let kernel: TestKernel;
const cells = (...sources: readonly string[]) => runCells(kernel, ...sources);
const failing = (source: string) => runFailing(kernel, source);

const esm = (condition: string) => ({
  type: "module",
  exports: { ".": { types: "./index.d.ts", [condition]: "./index.js" } },
});
const types = { "index.d.ts": "export declare const where: string;\n" };

beforeAll(async () => {
  writeFiles(folder, {
    ...packageFiles(
      "plain-cjs",
      { main: "index.js", types: "index.d.ts" },
      {
        "index.js": "exports.double = (n) => 2 * n;\n",
        "index.d.ts": "export declare function double(n: number): number;\n",
      },
    ),
    ...packageFiles("esm-only", esm("default"), { ...types, "index.js": "export const where = 'esm';\n" }),
    ...packageFiles("import-only", esm("import"), { ...types, "index.js": "export const where = 'import';\n" }),
    ...packageFiles("awaiting", esm("default"), {
      ...types,
      "index.js": "export const where = await Promise.resolve('awaited');\n",
    }),
    ...packageFiles(
      "exports-only",
      {
        exports: {
          ".": { types: "./lib/main.d.ts", default: "./lib/main.js" },
          "./sub": { types: "./lib/sub.d.ts", default: "./lib/sub.js" },
        },
      },
      {
        "lib/main.js": "exports.where = 'main';\n",
        "lib/main.d.ts": types["index.d.ts"],
        "lib/sub.js": "exports.where = 'sub';\n",
        "lib/sub.d.ts": types["index.d.ts"],
      },
    ),
    "data.json": '{ "rows": [1, 2, 3] }',
    "local.ts": "export const local: number = 1;\n",
    "other.ts": "export const other: string = 'o';\n",
    "broken.ts": "interface Deep { a?: { b: number } }\n\nexport const read = (value: Deep): number => value.a!.b;\n",
  });
  kernel = await startTestKernel({ cwd: folder });
});
afterAll(() => kernel.close());

describe("language that works in tslab, kept (item by item)", () => {
  test("top-level await", async () => {
    expect(await cells("const later: number = await Promise.resolve(5); later")).toBe("5");
  });

  test("npm CJS with types", async () => {
    expect(await cells("import { double } from 'plain-cjs'; double(4)")).toBe("8");
    expect((await failing("import { double as wrong } from 'plain-cjs'; wrong('4')")).evalue).toContain("TS2345");
  });

  test("`node:` imports", async () => {
    expect(await cells("import { basename } from 'node:path'; basename('/a/b')")).toBe("'b'");
  });

  test("JSON import", async () => {
    expect(await cells("import data from './data.json'; data.rows.map((row) => row + 1)")).toBe("[ 2, 3, 4 ]");
  });

  test("ESM-only packages by static import", async () => {
    expect(await cells("import { where } from 'esm-only'; where")).toBe("'esm'");
  });

  test("local `./x` and `./x.js` TS files with types (live reload of an edited file)", async () => {
    expect(
      await cells("import { local } from './local'; import { other } from './other.js'; other.repeat(local)"),
    ).toBe("'o'");
    expect((await failing("import { local as wrong } from './local'; wrong.repeat(2)")).evalue).toContain("TS2339");
    writeFiles(folder, { "local.ts": "export const local: number = 3;\n" });
    // The compiler hears of the change from the file system.
    await expect.poll(() => cells("import { local } from './local'; local"), { timeout: 30_000 }).toBe("3");
  });

  test("`/** @module */` cells", async () => {
    await cells("/** @module shapes */\nexport const sides: number = 4;");
    expect(await cells("import { sides } from './shapes'; sides.toFixed(1)")).toBe("'4.0'");
  });

  test("redeclare const/let/class with a new type", async () => {
    await cells("const c = 1; let l = 1; class K { old = 1 }", "const c = 'c'; let l = 'l'; class K { anew = 2 }");
    expect(await cells("[c.toUpperCase(), l.toUpperCase(), new K().anew]")).toBe("[ 'C', 'L', 2 ]");
    expect((await failing("new K().old")).evalue).toContain("TS2339");
  });

  test("types/interfaces/enums/generics across cells", async () => {
    await cells(
      "type Pair<T> = [T, T]; interface Named { name: string } enum Level { low, high }\nfunction first<T>(pair: Pair<T>): T { return pair[0] }",
    );
    expect(await cells("const named: Named = { name: Level[first<Level>([Level.high, 0])] }; named.name")).toBe(
      "'high'",
    );
    expect((await failing("const bad: Pair<Named> = [1, 2]")).evalue).toContain("TS2322");
  });

  test("legacy decorators", async () => {
    const source = [
      "function loud(target: object, key: string, descriptor: PropertyDescriptor) {",
      "  const plain = descriptor.value;",
      "  return { ...descriptor, value: () => plain().toUpperCase() };",
      "}",
      "class Legacy { @loud say() { return 'hello' } }",
      "new Legacy().say()",
    ];
    expect(await cells(source.join("\n"))).toBe("'HELLO'");
  });

  test.each([
    ["satisfies", "const palette = { red: [255, 0] } satisfies Record<string, number[]>; palette.red.length", "2"],
    [
      "const type params",
      "function keep<const T>(value: T): T { return value }\nconst kept: readonly ['a', 1] = keep(['a', 1]); kept",
      "[ 'a', 1 ]",
    ],
    ["accessor", "class Auto { accessor q = 4 }\nnew Auto().q", "4"],
    ["private fields", "class Own { #p = 1; get p() { return this.#p } }\nnew Own().p", "1"],
    ["regex v flag", "/^[\\p{L}--[a-z]]$/v.test('A')", "true"],
    ["fetch types", "const got: Response = await fetch('data:text/plain,hi'); await got.text()", "'hi'"],
  ])("%s", async (_, source, text) => {
    expect(await cells(source)).toBe(text);
  });
});

describe("language defects of tslab, mended (row by row)", () => {
  test("every top-level variable write and every earlier-cell variable read/write goes through a `Proxy`", async () => {
    expect(await cells("import { types } from 'node:util'; types.isProxy(exports)")).toBe("false");
    expect(await cells("let sum = 0; for (let i = 0; i < 1e6; i++) sum += i; sum")).toBe("499999500000");
    expect(await cells("for (let i = 0; i < 1e6; i++) sum -= i;\nsum")).toBe("0");
  });

  test("`{x}` with x from an earlier cell", async () => {
    expect(await cells("let x = 3", "({ x })")).toBe("{ x: 3 }");
    expect(await cells("({ x } = { x: 9 });", "x")).toBe("9");
  });

  test("top-level `for await` (no other await)", async () => {
    const source = "const seen: number[] = [];\nfor await (const n of [Promise.resolve(1), 2]) seen.push(n);";
    expect(await cells(source, "seen")).toBe("[ 1, 2 ]");
  });

  test("packages whose types/entry are only in `exports`, and all subpath exports (`pkg/sub`)", async () => {
    expect(await cells("import { where } from 'exports-only'; where")).toBe("'main'");
    expect(await cells("import { where as sub } from 'exports-only/sub'; sub")).toBe("'sub'");
    expect((await failing("import { where as n } from 'exports-only'; n.toFixed()")).evalue).toContain("TS2551");
  });

  test('ESM whose exports have only an "import" condition; ESM with top-level await', async () => {
    expect(await cells("import { where as only } from 'import-only'; only")).toBe("'import'");
    expect(await cells("const imported = await import('import-only'); imported.where")).toBe("'import'");
    expect(await cells("import { where as awaited } from 'awaiting'; awaited.length")).toBe("7");
    expect(await cells("(await import('awaiting')).where")).toBe("'awaited'");
  });

  test("throwing cell", async () => {
    expect((await failing("const before: number = 1;\nthrow new Error('here');")).evalue).toBe("here");
    expect(await cells("before.toFixed(1)")).toBe("'1.0'");
  });

  test("no source maps", async () => {
    const { traceback } = await failing("interface Gone { a: 1 }\n\nimport { read } from './broken';\nread({})");
    expect(traceback).toMatch(/at .*read \(broken\.ts:3:\d+\)/);
    expect(traceback).toMatch(/at cell-\d+\.ts:4:\d+$/m);
    expect(traceback).not.toMatch(/evalmachine|node:|dist\/kernel/);
  });

  describe("TC39 decorators, `using`, lib es2023 (findLast), `toSorted`, `.ts` import ending, `import.meta`, `export` keyword", () => {
    test("TC39 decorators", async () => {
      const source = [
        "function named<T, A extends unknown[], R>(method: (this: T, ...args: A) => R, context: ClassMethodDecoratorContext) {",
        "  return function (this: T, ...args: A) { return [context.name, context.kind, method.apply(this, args)] };",
        "}",
        "class Modern { n = 4; @(named as any) read() { return this.n } }",
        "new Modern().read()",
      ];
      expect(await cells(source.join("\n"))).toBe("[ 'read', 'method', 4 ]");
      const field = "class Twice { @((_: undefined, c: ClassFieldDecoratorContext) => (n: number) => 2 * n) f = 21 }";
      expect(await cells(`${field}\nnew Twice().f`)).toBe("42");
    });

    test.each([
      ["using handle = open();", "'using' needs TypeScript 5.2", "finally { handle[Symbol.dispose]() }"],
      ["{\n  await using file = open();\n}", "'await using' needs", "finally { await file[Symbol.asyncDispose]() }"],
    ])("`using`: what to write instead of %s", async (source, what, instead) => {
      const { ename, evalue, traceback } = await failing(source);
      expect(ename).toBe("TypeScriptError");
      expect(evalue).toContain(what);
      expect(evalue).toContain(instead);
      expect(traceback.match(/ - TS\d+/g)).toHaveLength(1);
    });

    test("`using`: what the advice says works, and the word stays a name", async () => {
      const source =
        "const ends: string[] = [];\nconst r = { [Symbol.dispose]() { ends.push('end') } };\ntry { ends.push('in') } finally { r[Symbol.dispose]() }\nends";
      expect(await cells(source)).toBe("[ 'in', 'end' ]");
      expect(await cells("const using = 5; using")).toBe("5");
    });

    test("lib es2023 (findLast)", async () => {
      expect(await cells("[[1, 2, 3].findLast((n) => n < 3), new Int8Array([1, 2]).findLastIndex((n) => n > 0)]")).toBe(
        "[ 2, 1 ]",
      );
    });

    test("`toSorted`", async () => {
      expect(await cells("const sorted: number[] = [3, 1].toSorted((a, b) => a - b); sorted")).toBe("[ 1, 3 ]");
      const copies = "const f: Float32Array = new Float32Array([3, 1]).toSorted().toReversed().with(0, 9); [...f]";
      expect(await cells(copies)).toBe("[ 9, 1 ]");
      expect(await cells("[1, 2, 3].toSpliced(1, 1).with(0, 7).toReversed()")).toBe("[ 3, 7 ]");
    });

    test("`.ts` import ending", async () => {
      expect(await cells("import { other as ending } from './other.ts'; ending")).toBe("'o'");
    });

    test("`import.meta`", async () => {
      expect(await cells("import.meta.url === 'file://' + import.meta.filename")).toBe("true");
      expect(await cells("import.meta.dirname === __dirname && import.meta.resolve('node:fs')")).toBe("'node:fs'");
      expect((await failing("const n: number = import.meta.url")).evalue).toContain("TS2322");
    });

    test("`export` keyword", async () => {
      await cells("export const exported = 4; export default class Main { m = exported }");
      expect(await cells("new Main().m + exported")).toBe("8");
    });
  });

  test("undefined/null results hidden, Promise result not awaited", async () => {
    expect(await cells("undefined")).toBeUndefined();
    expect(await cells("null")).toBe("null");
    expect(await cells("Promise.resolve(5)")).toBe("Promise { 5 }");
    expect(await cells("await Promise.resolve(5)")).toBe("5");
  });
});
