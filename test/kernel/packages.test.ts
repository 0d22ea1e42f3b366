/** What a cell may import from any folder. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyFolder, startTestKernel, type TestKernel } from "../support/kernel.js";

describe("from an empty folder", () => {
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await startTestKernel();
  });
  afterAll(() => kernel.close());

  test.each([
    [
      "lowbit",
      "import { display, html, md, tex, clearOutput, sparsity } from 'lowbit'; typeof sparsity.nmMask",
      "'function'",
    ],
    ["lowbit/<room>", "import { nmMask } from 'lowbit/sparsity'; typeof nmMask", "'function'"],
    ["another room", "import { normal, key } from 'lowbit/random'; typeof normal === typeof key", "true"],
    ["lowbit/widgets", "import { IntSlider } from 'lowbit/widgets'; new IntSlider({ value: 4 }).value", "4"],
    [
      "lowbit/papers/<slug>",
      "import { paper } from 'lowbit/papers/hubara2021-transposable-mask'; paper.claims.length > 0",
      "true",
    ],
    ["tslab", "import * as tslab from 'tslab'; typeof tslab.display.html", "'function'"],
    ["mathjs", "import { evaluate } from 'mathjs'; evaluate('sqrt(16) + 2^3')", "12"],
    ["node types", "const b: Buffer = Buffer.from('hi'); b.toString('hex')", "'6869'"],
  ])("%s resolves in checker and runtime", async (_, code, text) => {
    const ran = await kernel.run(code);
    expect(ran.reply.status, JSON.stringify(ran.reply)).toBe("ok");
    expect(ran.text).toBe(text);
    expect(ran.stderr).toBe("");
  });

  test("types are real, not any: a wrong use is an error with its line", async () => {
    const { reply } = await kernel.run("import { nmMask } from 'lowbit/sparsity';\nnmMask(5, { keep: 2, group: 4 })");
    expect(reply).toMatchObject({ status: "error", evalue: expect.stringMatching(/:2:8 - TS2345/) });
    const shape = await kernel.run("import { zeros } from 'lowbit/tensor'; const s: string = zeros([2, 3]).shape");
    expect(shape.reply).toMatchObject({ status: "error", ename: "TypeScriptError" });
  });

  test("completion and inspection know the library", async () => {
    await kernel.run("import { sparsity } from 'lowbit'");
    const { content } = await kernel.client.request("complete_request", { code: "sparsity.transp", cursor_pos: 15 });
    expect(content.matches).toContain("transposableMask");
    const inspected = await kernel.client.request("inspect_request", { code: "sparsity.nmMask", cursor_pos: 11 });
    expect((inspected.content.data as Record<string, string>)["text/plain"]).toMatch(/nmMask[\s\S]*keep/);
  });

  test("what is missing is an error of the checker", async () => {
    const { reply } = await kernel.run("import x from 'not-installed'");
    expect(reply).toMatchObject({ status: "error", evalue: expect.stringContaining("'not-installed'") });
  });
});

test("a folder's own copy wins, and the kernel says so once", async () => {
  const folder = emptyFolder();
  const own = join(folder, "node_modules", "mathjs");
  mkdirSync(own, { recursive: true });
  writeFileSync(
    join(own, "package.json"),
    '{ "name": "mathjs", "version": "0.0.1", "main": "index.js", "types": "index.d.ts" }',
  );
  writeFileSync(join(own, "index.js"), "exports.whose = 'the folder\\'s';\n");
  writeFileSync(join(own, "index.d.ts"), "export declare const whose: string;\n");
  const kernel = await startTestKernel({ cwd: folder });
  const first = await kernel.run("import { whose } from 'mathjs'; whose");
  expect(first.text).toBe('"the folder\'s"');
  expect(first.stderr).toMatch(/this folder has its own mathjs/);
  const again = await kernel.run("import { whose } from 'mathjs'; import { display } from 'lowbit'; typeof display");
  expect(again.text).toBe("'function'");
  expect(again.stderr).toBe("");
  await kernel.close();
});

test("a folder with a Unicode name, reached through a link", async () => {
  const real = emptyFolder("lowbit-größe-ñ-");
  const link = join(emptyFolder(), "verweis");
  symlinkSync(real, link);
  writeFileSync(join(real, "helper.ts"), "export const here = 'found';\n");
  const kernel = await startTestKernel({ cwd: link });
  expect((await kernel.run("import { here } from './helper'; here")).text).toBe("'found'");
  expect((await kernel.run("import { key } from 'lowbit/random'; typeof key")).text).toBe("'function'");
  await kernel.close();
});
