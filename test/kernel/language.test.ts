import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CellError, runCells, runFailing } from "../support/cells.js";
import { emptyFolder, startTestKernel, type TestKernel } from "../support/kernel.js";

const folder = emptyFolder();
let kernel: TestKernel;
beforeAll(async () => {
  writeFileSync(
    join(folder, "local.ts"),
    "export const answer: number = 42;\nexport function twice(x: number) { return 2 * x }\n",
  );
  writeFileSync(join(folder, "data.json"), '{ "rows": [1, 2, 3] }');
  const pkg = join(folder, "node_modules", "exports-only");
  mkdirSync(join(pkg, "lib"), { recursive: true });
  const entry = (name: string) => ({ types: `./lib/${name}.d.ts`, default: `./lib/${name}.js` });
  const exports = { ".": entry("main"), "./sub": entry("sub") };
  writeFileSync(
    join(pkg, "package.json"),
    JSON.stringify({ name: "exports-only", version: "1.0.0", type: "module", exports }),
  );
  for (const [name, value] of Object.entries({ main: "'main'", sub: "'sub'" })) {
    writeFileSync(join(pkg, "lib", `${name}.js`), `export const where = ${value};\n`);
    writeFileSync(join(pkg, "lib", `${name}.d.ts`), "export declare const where: string;\n");
  }
  kernel = await startTestKernel({ cwd: folder });
});
afterAll(() => kernel.close());

const cells = (...sources: readonly string[]): Promise<string | undefined> => runCells(kernel, ...sources);
const failing = (source: string): Promise<CellError> => runFailing(kernel, source);

describe("variables across cells", () => {
  test("a top-level loop over a variable of this and of an earlier cell", async () => {
    expect(await cells("let acc = 0; for (let i = 0; i < 1e7; i++) acc += i; acc")).toBe("49999995000000");
    expect(await cells("for (let i = 0; i < 1e7; i++) acc -= i;\nacc")).toBe("0");
  });

  test("functions and later cells share a variable, both ways", async () => {
    expect(
      await cells("let count = 0; function increment() { return ++count }", "increment(); increment(); count"),
    ).toBe("2");
    expect(await cells("count = 10; increment()")).toBe("11");
  });

  test("a function or class that is written anew is the one that earlier functions call", async () => {
    await cells(
      "function helper() { return 'old' }\nclass Model { kind = 'old' }\nconst call = () => [helper(), new Model().kind]",
    );
    await cells("function helper() { return 'new' }\nclass Model { kind = 'new' }");
    expect(await cells("call()")).toBe("[ 'new', 'new' ]");
  });

  test("functions are hoisted, keep their names, and may call themselves and each other", async () => {
    const source =
      "const six = fact(3);\nfunction fact(n: number): number { return n ? n * fact(n - 1) : 1 }\n[six, fact.name, fact]";
    expect(await cells(source)).toBe("[ 6, 'fact', [Function: fact] ]");
    await cells(
      "async function* count() { yield* [1, 2] }\nfunction even(n: number): boolean { return n === 0 || odd(n - 1) }\nfunction odd(n: number): boolean { return n !== 0 && even(n - 1) }",
    );
    expect(await cells("const got: number[] = []; for await (const n of count()) got.push(n);\n[got, even(10)]")).toBe(
      "[ [ 1, 2 ], true ]",
    );
    expect(await cells("() => 1")).toBe("[Function (anonymous)]");
  });

  test("the shorthand { x } of an earlier cell's variable, read and assigned", async () => {
    expect(await cells("let x = 3; const y = 4", "({ x, y })")).toBe("{ x: 3, y: 4 }");
    expect(await cells("({ x } = { x: 9 }); x")).toBe("9");
    expect(await cells("({ x = 5 } = {} as { x?: number }); x")).toBe("5");
    expect(await cells("const inner = (x: number) => ({ x }); inner(1)")).toBe("{ x: 1 }");
  });

  test("renamed destructuring from a type of an earlier cell", async () => {
    const point = "interface Point { px: number; py: number } const px = 1; const p: Point = { px: 7, py: 8 }";
    expect(await cells(point, "const { px: left, ...rest } = p; [left, rest.py, px]")).toBe("[ 7, 8, 1 ]");
  });

  test("const, let, class and function may be declared again, with another type", async () => {
    await cells("const again = 1", "const again = 'text'");
    expect(await cells("again.toUpperCase()")).toBe("'TEXT'");
    expect(await cells("class Box { a = 1 }", "class Box { b = 2 }", "new Box()")).toBe("Box { b: 2 }");
    expect(await cells("function again(): boolean { return true }", "again()")).toBe("true");
  });

  test("an imported name may be declared again, and a declared one imported", async () => {
    expect(await cells("import { join } from 'node:path'; join('a', 'b')", "const join = 5; join")).toBe("5");
    expect(await cells("import { join } from 'node:path'", "join('c', 'd')")).toBe("'c/d'");
  });

  test("let without a value resets to undefined", async () => {
    expect(
      await cells("let reset: number | undefined = 1", "let reset: number | undefined;\nreset === undefined"),
    ).toBe("true");
  });

  test("types, generics and enums carry over", async () => {
    await cells("type Pair<T> = [T, T]; enum Level { low, high }");
    expect(await cells("const pair: Pair<Level> = [Level.low, Level.high]; pair")).toBe("[ 0, 1 ]");
  });
});

describe("a cell that throws", () => {
  test("keeps the declarations that got a value", async () => {
    const error = await failing(
      "const before = 1; interface Kept { k: string }\nthrow new Error('here');\nconst after = 2;",
    );
    expect(error.evalue).toBe("here");
    expect(await cells("before + 1")).toBe("2");
    expect(await cells("const kept: Kept = { k: 'yes' }; kept.k")).toBe("'yes'");
    expect((await failing("after")).evalue).toContain("Cannot find name 'after'");
  });

  test("leaves the earlier value and type of a name it did not reach", async () => {
    await cells("let label = 'old'");
    await failing("throw new Error('first');\nlet label = 5;");
    expect(await cells("label.length")).toBe("3");
  });

  test("an await that rejects is an error of the cell", async () => {
    expect((await failing("await Promise.reject(new TypeError('late'))")).ename).toBe("TypeError");
  });

  test.each([
    ["throw 'a string'", "'a string'"],
    ["throw null", "null"],
    ["throw { code: 7 }", "{ code: 7 }"],
    ["throw Object.create(null)", "[Object: null prototype] {}"],
    // Newer versions of Node say that it is a proxy.
    ["throw new Proxy({}, { get() { throw 1 } })", inspect(new Proxy({}, {}))],
  ])("%s", async (source, evalue) => {
    expect(await failing(source)).toMatchObject({ ename: "Uncaught", evalue });
  });

  test("an error whose getters throw is still shown", async () => {
    const hostile = "const bad = new Error('x'); Object.defineProperty(bad, 'stack', { get() { throw 1 } }); throw bad";
    expect(await failing(hostile)).toMatchObject({ ename: "Error", evalue: "x" });
  });
});

describe("await", () => {
  test("at top level, in declarations and in loops", async () => {
    expect(await cells("const later = await Promise.resolve(5); later")).toBe("5");
    expect(await cells("let total = 0; for await (const v of [1, 2, 3]) total += v;\ntotal")).toBe("6");
    expect(
      await cells("async function* g() { yield 1; yield 2 }\nfor await (const v of g()) total += v;", "total"),
    ).toBe("9");
  });

  test("await inside a function only does not make the cell wait", async () => {
    expect(await cells("const f = async () => { await 0; return 1 }; typeof f().then")).toBe("'function'");
  });
});

describe("errors show the cell", () => {
  test("line and column of the TypeScript that was typed, a code frame, no kernel frames", async () => {
    const source = [
      "interface Deep { a?: { b: number } }",
      "",
      "// a comment that TypeScript leaves out",
      "function read(value: Deep): number {",
      "  const unused: string = 'x';",
      "  return value.a!.b;",
      "}",
      "",
      "read({})",
    ].join("\n");
    const { ename, traceback } = await failing(source);
    expect(ename).toBe("TypeError");
    expect(traceback).toMatch(/> 6 \| {3}return value\.a!\.b;/);
    expect(traceback).toMatch(/at read \(cell-\d+\.ts:6:19\)/);
    expect(traceback).toMatch(/at cell-\d+\.ts:9:5$/m);
    expect(traceback).not.toMatch(/node:|dist\/kernel|executor/);
  });

  test("a frame leads to the cell that defined the function", async () => {
    await cells("\n\nfunction thrower(): never {\n  throw new Error('from there')\n}");
    const { traceback } = await failing("const one = 1;\nthrower()");
    expect(traceback).toMatch(/> 4 \| {3}throw new Error\('from there'\)/);
    expect(traceback).toMatch(/at cell-\d+\.ts:2:1$/m);
  });

  test("columns in a line that declares a variable", async () => {
    const { traceback } = await failing("const nothing: any = null; const bad = nothing.field;");
    expect(traceback).toMatch(/cell-\d+\.ts:1:48/);
  });

  test("error.stack, read in the cell, is mapped too", async () => {
    expect(await cells("\n\nconst stack = new Error('s').stack!; stack.split('\\n')[1]")).toMatch(
      /at cell-\d+\.ts:3:15'/,
    );
  });

  test("an AggregateError says its reasons, an error its own properties, and a message is not taken for frames", async () => {
    const many = await failing("await Promise.any([Promise.reject(new Error('p1')), Promise.reject(new Error('p2'))])");
    expect(many.traceback).toMatch(/error 1: Error: p1[\s\S]*error 2: Error: p2/);
    const coded = await failing("throw Object.assign(new Error('a\\n  at nowhere (here)'), { code: 'E_X' })");
    expect(coded.traceback).toContain("code: 'E_X'");
    expect(coded.traceback.match(/^\s*at nowhere/gm)).toHaveLength(1);
  });

  test("a type error names its line and stops the cell before it runs", async () => {
    const { ename, evalue, traceback } = await failing("let ran = true;\nconst n: number = 'text';");
    expect(ename).toBe("TypeScriptError");
    expect(evalue).toMatch(/^cell-\d+\.ts:2:7 - TS2322: Type 'string' is not assignable to type 'number'\.$/);
    expect(traceback).toMatch(/> 2 \| const n: number = 'text';\n.*\^/);
    expect((await failing("ran")).evalue).toContain("Cannot find name 'ran'");
  });

  test("a syntax error is a diagnostic, not a crash", async () => {
    expect((await failing("const = 3")).ename).toBe("TypeScriptError");
    expect(await cells("1 + 1")).toBe("2");
  });
});

describe("imports", () => {
  test("local TypeScript with types, and again after it was edited", async () => {
    expect(await cells("import { answer, twice } from './local'; twice(answer)")).toBe("84");
    writeFileSync(
      join(folder, "local.ts"),
      "export const answer: number = 50;\nexport function twice(x: number) { return 2 * x }\n",
    );
    // The compiler notices the change through the file system, so it may take a moment.
    await expect
      .poll(() => cells("import { answer, twice } from './local'; twice(answer)"), { timeout: 10_000 })
      .toBe("100");
  });

  test("JSON, node: modules, and the three forms of import", async () => {
    expect(await cells("import data from './data.json'; data.rows")).toBe("[ 1, 2, 3 ]");
    expect(
      await cells(
        "import fs, { existsSync } from 'node:fs'; import * as all from 'node:fs'; [fs.existsSync === existsSync, all.existsSync === existsSync]",
      ),
    ).toBe("[ true, true ]");
    expect(await cells("const os = await import('node:os'); typeof os.cpus")).toBe("'function'");
  });

  test("a package that has only `exports`, and its subpath", async () => {
    expect(await cells("import { where } from 'exports-only'; where")).toBe("'main'");
    expect(await cells("import { where as sub } from 'exports-only/sub'; sub")).toBe("'sub'");
  });

  test("a module cell", async () => {
    await cells("/** @module shapes */\nexport const sides = 4;");
    expect(await cells("import { sides } from './shapes'; sides")).toBe("4");
  });

  test("the working directory is the notebook's folder", async () => {
    expect(await cells("process.cwd()")).toContain(folder.split("/").at(-1));
    expect(await cells("__dirname === process.cwd()")).toBe("true");
  });

  test("a missing module is named", async () => {
    expect((await failing("import x from './nowhere'")).evalue).toContain("'./nowhere'");
    expect((await failing("require('./nowhere')")).evalue).toContain("./nowhere");
  });
});
