/** Full disks, and folders that are read-only or have names beyond ASCII. */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { emptyFolder, root, startTestKernel } from "../support/kernel.js";
import { smallDisk } from "../support/small-disk.js";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

interface Result {
  readonly code: number;
  readonly stderr: string;
}

function lowbit(cwd: string, env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    const command = [join(root, "bin", "lowbit.js"), ...args];
    const options = { cwd, env: { ...process.env, ...env }, timeout: 100_000 };
    execFile(process.execPath, command, options, (error, _, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stderr });
    });
  });
}

const notebook = (...sources: readonly string[]): string =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 4,
    metadata: {},
    cells: sources.map((source) => ({ cell_type: "code", source, metadata: {}, outputs: [], execution_count: null })),
  });

describe("a full disk", () => {
  test("costs the history of new cells, says so once, and keeps the old history", async (context) => {
    const disk = smallDisk(context);
    try {
      const history = join(disk.folder, "history.jsonl");
      const old = `${JSON.stringify({ session: 1, line: 1, input: "old" })}\n`;
      writeFileSync(history, old);
      disk.fill();
      const kernel = await startTestKernel({ env: { LOWBIT_HISTORY: history } });
      for (let i = 0; i < 3; i++) expect((await kernel.run(`"${"x".repeat(5000)}${i}".length`)).text).toBe("5001");
      const { content } = await kernel.client.request("history_request", { hist_access_type: "tail", n: 10 });
      expect(content.history).toHaveLength(4);
      await kernel.client.request("shutdown_request", { restart: false }, { channel: "control" });
      const { stderr } = await kernel.kernel.exited;
      kernel.client.close();
      expect(stderr.match(/the history is not kept: ENOSPC/g)).toHaveLength(1);
      expect(readFileSync(history, "utf8").startsWith(old)).toBe(true);
    } finally {
      disk.remove();
    }
  });

  test("lowbit run -o: the old file stays, nothing lies beside it, and the reason is said", async (context) => {
    const disk = smallDisk(context);
    try {
      const file = join(disk.folder, "n.ipynb");
      writeFileSync(file, notebook("'x'.repeat(100_000)"));
      disk.fill();
      const before = [readFileSync(file, "utf8"), readdirSync(disk.folder).sort()];
      const { code, stderr } = await lowbit(disk.folder, {}, "run", file, "-o", file);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^lowbit: .*n\.ipynb.*no space left on device/m);
      expect([readFileSync(file, "utf8"), readdirSync(disk.folder).sort()]).toEqual(before);
    } finally {
      disk.remove();
    }
  });

  test("for temporary files: the kernel cannot be started, and the reason names the file", async (context) => {
    const disk = smallDisk(context);
    try {
      const file = join(emptyFolder(), "n.ipynb");
      writeFileSync(file, notebook("1"));
      disk.fill();
      const { code, stderr } = await lowbit(disk.folder, { TMPDIR: disk.folder }, "run", file);
      expect(code).toBe(1);
      expect(stderr).toMatch(/ENOSPC|no space left on device/);
      expect(stderr).not.toMatch(/^\s+at /m);
    } finally {
      disk.remove();
    }
  });
});

describe("a folder", () => {
  const local = "export const answer: number = 42;\n";
  const code = `import { answer } from "./mödül 文.js"; import { keep } from "./sub/keep.js"; [answer, keep, process.cwd()]`;

  function fillFolder(folder: string): void {
    mkdirSync(join(folder, "sub"), { recursive: true });
    writeFileSync(join(folder, "mödül 文.ts"), local);
    writeFileSync(join(folder, "sub", "keep.ts"), "export const keep = 2;\n");
  }

  test("with spaces, umlauts, Chinese and emoji in its name: cells run, import, complete, and errors name files", async () => {
    const folder = join(emptyFolder(), "Ein Ordner für 量化 🧮 & 'quotes'");
    mkdirSync(folder);
    fillFolder(folder);
    writeFileSync(join(folder, "throws.ts"), "export function fail(): never {\n  throw new Error('oh');\n}\n");
    const kernel = await startTestKernel({ cwd: folder });
    const { text, reply } = await kernel.run(code);
    expect([reply.status, reply.evalue]).toEqual(["ok", undefined]);
    expect(text).toContain("Ein Ordner für 量化 🧮");
    const failed = await kernel.run('import { fail } from "./throws"; fail()');
    expect((failed.reply.traceback as string[]).join("\n")).toMatch(/throws\.ts:2:9/);
    await kernel.close();
    const file = join(folder, "нотатка 📓.ipynb");
    writeFileSync(file, notebook(code));
    const out = join(folder, "über.ipynb");
    expect(await lowbit(folder, {}, "run", file, "-o", out)).toMatchObject({ code: 0 });
    expect(readFileSync(out, "utf8")).toContain("量化");
  });

  test("that is read-only: cells run and import; writing is an error of the cell alone", async (context) => {
    const disk = smallDisk(context);
    try {
      const folder = disk.folder;
      fillFolder(folder);
      writeFileSync(join(folder, "n.ipynb"), notebook("1 + 1"));
      disk.seal();
      const kernel = await startTestKernel({ cwd: folder, env: { LOWBIT_HISTORY: join(folder, "history.jsonl") } });
      expect((await kernel.run(code)).reply.status).toBe("ok");
      const { reply } = await kernel.run("require('fs').writeFileSync('x', 'y')");
      expect(reply).toMatchObject({ status: "error", evalue: expect.stringContaining("EROFS") });
      expect((await kernel.run("'still here'")).text).toBe("'still here'");
      await kernel.close();
      const out = join(emptyFolder(), "out.ipynb");
      expect(await lowbit(folder, {}, "run", join(folder, "n.ipynb"), "-o", out)).toMatchObject({ code: 0 });
      const inside = await lowbit(folder, {}, "run", join(folder, "n.ipynb"), "-o", join(folder, "out.ipynb"));
      expect(inside).toMatchObject({ code: 1, stderr: expect.stringContaining("EROFS") });
    } finally {
      disk.remove();
    }
  });
});
