/** The compiler by itself: what it makes of a cell, without a kernel around it. */
import { afterAll, describe, expect, test } from "vitest";
import type { CellCompiler, CompiledCell, CompileResult } from "../../kernel/session/compiler/types.js";
import { built, emptyFolder } from "../support/kernel.js";

const { createTslabCompiler } = await built<typeof import("../../kernel/session/compiler/tslab.js")>(
  "kernel/session/compiler/tslab.js",
);
const compiler: CellCompiler = createTslabCompiler(emptyFolder(), new Set());
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

  test("of a cell that threw: what was assigned counts, the rest keeps its meaning", () => {
    compile("let size = 'text'");
    const result = compiler.compile("const first = 1; let size = 5; function helper() {} type T = 1", "cell-2.ts");
    if (!result.ok) throw new Error("not compiled");
    compiler.commit(result.id, ["first", "helper"]);
    expect(diagnostics("first + 1; helper(); const t: T = 1; size.length")).toEqual([]);
    expect(diagnostics("const n: number = size")).toHaveLength(1);
  });
});

test("a fault inside the compiler does not end it", () => {
  // Thrown in the middle of the watch program's update, which leaves it half done.
  const source = {
    toString: () => {
      throw new Error("fault");
    },
  } as unknown as string;
  expect(() => compiler.complete(source, 0)).toThrow("fault");
  expect(compile("1").resultName).toBe("tsLastExpr");
});
