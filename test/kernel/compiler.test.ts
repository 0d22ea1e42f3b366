/** The compiler by itself: what it makes of a cell, without a kernel around it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { CellCompiler, CompiledCell, CompileResult } from "../../kernel/session/compiler/types.js";
import { built, emptyFolder } from "../support/kernel.js";

const { createTslabCompiler } = await built<typeof import("../../kernel/session/compiler/tslab.js")>(
  "kernel/session/compiler/tslab.js",
);
const folder = emptyFolder();
const compiler: CellCompiler = createTslabCompiler(folder, new Set());
afterAll(() => compiler.close());

function compile(source: string, commit = true): CompiledCell {
  const result: CompileResult = compiler.compile(source, "cell-1.ts");
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  if (commit) compiler.commit(result.id);
  return result.cell;
}

const diagnostics = (source: string) => {
  const result = compiler.compile(source, "cell-1.ts");
  return result.ok ? [] : result.diagnostics;
};

describe("top-level variables", () => {
  test("are properties of exports, also inside functions, and nothing is wiped first", () => {
    const { code, names } = compile("let n = 1; const f = () => n++;");
    expect(code).toContain("exports.n = 1;");
    expect(code).toContain("() => exports.n++");
    expect(code).not.toContain("void 0");
    expect(names).toEqual(["n", "f"]);
  });

  test("only a variable without a value is reset", () => {
    expect(compile("let a = 1, b: number | undefined;").code).toMatch(/exports\.b = void 0;/);
  });

  test("an imported name is defined so that it can be declared again", () => {
    expect(compile("import { join } from 'node:path'; join('a')").code).toContain('__define(exports, "join"');
  });
});

describe("what is reported of a cell", () => {
  test("the name that holds the last expression, also when the cell uses that name itself", () => {
    expect(compile("1 + 1").resultName).toBe("tsLastExpr");
    expect(compile("const tsLastExpr = 1; tsLastExpr").resultName).toBe("tsLastExpr0");
    expect(compile("const x = 1").resultName).toBeUndefined();
  });

  test.each([
    ["await 0", true],
    ["for await (const x of []) {}", true],
    ["class A { static x = 1; static { } }", false],
    ["async () => { await 0 }", false],
    ["async function g() { for await (const x of []) {} }", false],
    ["[1].map(async (x) => await x)", false],
    ["`${await 1}`", true],
  ])("%s awaits at top level: %s", (source, expected) => {
    expect(compile(source, false).async).toBe(expected);
  });

  test("diagnostics have the cell's own positions", () => {
    expect(diagnostics("// first\nconst wrong: number = 'x';")).toEqual([
      expect.objectContaining({ start: expect.objectContaining({ line: 1, character: 6 }), code: 2322 }),
    ]);
  });
});

describe("declarations", () => {
  test("count only once committed", () => {
    compile("const uncommitted = 1", false);
    expect(diagnostics("uncommitted")).toHaveLength(1);
  });

  test("outlive a cell that would have declared them anew and never ran", () => {
    compile("let first1 = 1; let second1 = 2");
    compile("let first1 = 'text'; let third1 = 3", false);
    compile("0");
    expect(diagnostics("first1.toFixed() + second1.toFixed()")).toEqual([]);
    expect(diagnostics("third1")).toHaveLength(1);
  });

  test("of a cell that threw: what was assigned counts, the rest keeps its meaning", () => {
    compile("let size = 'text'");
    const result = compiler.compile("const first = 1; let size = 5; function helper() {} type T = 1", "cell-2.ts");
    if (!result.ok) throw new Error("not compiled");
    compiler.commit(result.id, ["first", "helper"]);
    expect(diagnostics("first + 1; helper(); const t: T = 1; size.length")).toEqual([]);
    expect(diagnostics("const n: number = size")).toHaveLength(1);
  });
});

test("a fault inside the compiler that comes again is reported, and does not end it", () => {
  const offset = {
    valueOf: () => {
      throw new Error("fault");
    },
  } as unknown as number;
  expect(() => compiler.inspect("1", offset)).toThrow("fault");
  expect(compile("1").resultName).toBe("tsLastExpr");
});

test("a fault that does not come again is not reported, and module cells outlive it", () => {
  expect(compiler.compile("/** @module kept */\nexport const kept = 1;", "cell-1.ts").ok).toBe(true);
  let faults = 0;
  const source = {
    toString: () => {
      if (faults++ === 0) throw new Error("fault");
      return "Mat";
    },
  } as unknown as string;
  expect(compiler.complete(source, 3).matches.map(({ text }) => text)).toContain("Math");
  expect(diagnostics("import { kept } from './kept'; kept.toFixed()")).toEqual([]);
  expect(diagnostics("const answer: string | null = prompt('?')")).toEqual([]);
});

describe("a cell that is run again", () => {
  test("is the same, under its new name", () => {
    compile("let again1 = 5; again1 + 1");
    const { source, ...before } = compile("again1 + 2");
    const result = compiler.compile(source, "cell-9.ts");
    expect(result).toMatchObject({ ok: true, cell: { ...before, filename: "cell-9.ts" } });
  });

  test("is checked anew when what it uses has changed", () => {
    compile("let changed1 = 5");
    compile("changed1.toFixed()");
    compile("let changed1 = 'text'");
    expect(diagnostics("changed1.toFixed()")).toEqual([expect.objectContaining({ code: 2551 })]);
    compile("let changed1 = 6");
    expect(compile("changed1.toFixed()").resultName).toBe("tsLastExpr");
  });

  test("declares again what it declared", () => {
    compile("let twice1 = 1");
    compile("let twice1 = 'text'");
    compile("let twice1 = 1");
    expect(diagnostics("twice1.toFixed()")).toEqual([]);
  });
});

describe("local files", () => {
  test("are carried by every cell until one of them has run", () => {
    writeFileSync(join(folder, "local.ts"), "export const local = 1;\n");
    const source = "import { local } from './local'; local";
    const paths = (cell: CompiledCell) => cell.sideModules.map(({ path }) => path);
    expect(paths(compile(source, false))).toContain(join(folder, "local.ts"));
    expect(paths(compile(source))).toContain(join(folder, "local.ts"));
    expect(paths(compile(source))).toEqual([]);
  });
});

describe("export in a cell", () => {
  test.each([
    ["export const a1 = 4; a1", ["a1"]],
    ["export function f1() { return 1 }", ["f1"]],
    ["export default function f2() {}", ["f2"]],
    ["export default class C1 {}", ["C1"]],
    ["export enum E1 { a }", ["E1"]],
    ["export async function f3() {}\nexport { f3, f3 as f4 };", ["f3"]],
    ["export type T1 = 1; export interface I1 { a: T1 }", []],
    ["export { join } from 'node:path'", ["join"]],
  ])("%s", (source, names) => {
    expect(compile(source).names).toEqual(names);
  });

  test.each(["export default 4", "export default { a: 1 };", "export default function () {}"])(
    "%s is a value",
    (code) => {
      expect(compile(code).resultName).toBe("tsLastExpr");
    },
  );

  test("of all that a file has brings its names, but for those of the cell itself", () => {
    const { code, names } = compile("export * from 'node:path'; const sep = 1");
    expect(code).toContain('require("node:path")');
    expect(names).toEqual(expect.arrayContaining(["join", "sep", "basename"]));
    expect(diagnostics("const text: string = join('a', basename('b')); const n: number = sep")).toEqual([]);
  });

  test.each([
    ["const { a, b", 12],
    ["export default", 14],
    ["if (1) {", 8],
  ])("a syntax error is all that is said: %s", (source, character) => {
    expect(diagnostics(source)).toEqual([
      expect.objectContaining({ start: { line: 0, character }, message: expect.stringContaining("expected") }),
    ]);
  });

  test("positions stay, and nothing is reported outside of the cell", () => {
    expect(diagnostics("export const a2: number =\n  'x';")).toEqual([
      expect.objectContaining({ start: expect.objectContaining({ line: 0, character: 13 }), code: 2322 }),
    ]);
    for (const { start } of diagnostics("const open = {")) expect(start.line).toBe(0);
  });
});

test("names that begin with underscores", () => {
  expect(compile("let __y = 1, ___z = 2; const _ = 3, __ = 4").names).toEqual(["__y", "___z", "_", "__"]);
  expect(diagnostics("const n: number = __y + ___z + _ + __")).toEqual([]);
  expect(diagnostics("declare global { var shared: number }\nglobalThis.shared = 1")).toEqual([]);
});

describe("var in a block or a loop", () => {
  /** Runs compiled cells in one scope. */
  const run = (scope: Record<string, unknown>, source: string): unknown => {
    const cell = compile(source);
    new Function("exports", cell.code)(scope);
    return cell.resultName && scope[cell.resultName];
  };

  test.each([
    ["for (var k1 = 0; k1 < 3; k1++) {}", "k1.toFixed(1)", "3.0"],
    ["for (var e1 of ['a', 'b']) {}", "e1.toUpperCase()", "B"],
    ["for (var p1 in { x: 1 }) {}", "p1", "x"],
    ["if (true) { var m1 = new Map([['a', 1]]) }", "m1.get('a')", 1],
    ["try { var { z1, ...w1 } = { z1: 1, y: 2 }, [v1] = [3] } catch {}", "z1 + w1.y + v1", 6],
    ["interface P1 { q: number } { var i1: P1 = { q: 4 } }", "i1.q", 4],
    ["var t1 = 1; { var t1 = 2 }", "t1", 2],
    ["{ var f1 = () => { var own = 7; return own + n1 }; var n1 = 1 }", "f1()", 8],
    ["for (var o1 = 0; o1 < 2; o1++) { var g1 = (() => o1)(); }", "g1 + o1", 3],
  ])("%s", (first, second, value) => {
    const scope = {};
    run(scope, first);
    expect(run(scope, second)).toBe(value);
  });

  test("has its real type in later cells", () => {
    compile("for (var typed = 0; typed < 3; typed++) {}");
    expect(diagnostics("const s: string = typed")).toEqual([expect.objectContaining({ code: 2322 })]);
  });
});

test("namespaces and global declarations stay known", () => {
  compile("namespace Space { export const size = 1 }\ndeclare global { var worldwide: number }");
  compile("1");
  expect(diagnostics("const n: number = Space.size + globalThis.worldwide")).toEqual([]);
  compile("const Space = 'text'");
  compile("1");
  expect(diagnostics("Space.length")).toEqual([]);
});

test.each([
  "const id: string = crypto.randomUUID()",
  "const key: ArrayBuffer = await crypto.subtle.digest('SHA-256', new Uint8Array(1))",
  "const { instance } = await WebAssembly.instantiate(new Uint8Array(8)); instance.exports",
  "const memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 1 }); memory.buffer",
  "new File(['a'], 'name').size; performance.now(); structuredClone({})",
  "const sorted: readonly number[] = [2, 1].toSorted()",
])("what Node has: %s", (source) => {
  expect(diagnostics(source)).toEqual([]);
});

describe("inspection inside a call's brackets", () => {
  test.each([
    ["Math.sin(", 9, "Math.sin(x: number)"],
    ["Math.sin(1", 9, "Math.sin(x: number)"],
    ["Math.max(Math.cos(1), 2)", 18, "Math.cos(x: number)"],
    ["Math.max(Math.cos(1), 2)", 22, "Math.max(...values: number[])"],
    ["new Map(", 8, "Map"],
  ])("%s at %i", (source, offset, text) => {
    expect(compiler.inspect(source, offset)).toContain(text);
  });

  test("nothing is made up outside of a call", () => {
    expect(compiler.inspect("1 + 1", 2)).toBeUndefined();
  });
});

describe("tooltips and completion", () => {
  test("tags keep their labels", () => {
    const tags = "@param a first\n * @returns the sum\n * @throws RangeError when negative\n * @example add(1)";
    compile(`/** Adds.\n * ${tags} */\nfunction add(a: number) { return a }`);
    expect(compiler.inspect("add", 3)).toBe(
      "function add(a: number): number\n\nAdds.\n@param a first\n@returns the sum\n@throws RangeError when negative\n@example add(1)",
    );
  });

  test("an imported name has the kind of what it stands for", () => {
    const names =
      "import { join } from 'node:path'; import { EventEmitter } from 'node:events'; import type { Stats } from 'node:fs'";
    compile(`${names}; import * as whole from 'node:os'`);
    const kind = (text: string) => compiler.complete(text, text.length).matches.find((one) => one.text === text)?.type;
    expect([kind("join"), kind("EventEmitter"), kind("Stats"), kind("whole")]).toEqual([
      "function",
      "class",
      "class",
      "module",
    ]);
  });

  test("a name of the cell itself is what it was", () => {
    expect(compiler.complete("Mat", 3).matches).toContainEqual({ text: "Math", type: "var" });
  });
});
