/** Memory that runs out is foreseen, and a death says why. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { describeDeath } from "../../kernel/io/death.js";
import { createMemoryJudge, type MemoryLevel } from "../../kernel/io/memory.js";
import { emptyFolder, root, startTestKernel } from "../support/kernel.js";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const smallHeap = { NODE_OPTIONS: "--max-old-space-size=250" };

describe("a live kernel", () => {
  test("a cell that fills the heap is warned, then stopped, and every variable is kept", async () => {
    const kernel = await startTestKernel({ env: smallHeap });
    const filling =
      "let hoard: unknown[] = []; for (;;) { hoard.push(Array.from({ length: 20_000 }, (_, i) => ({ i }))); await new Promise((r) => setTimeout(r, 10)) }";
    const { reply, stderr } = await kernel.run(filling);
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(stderr).toMatch(/memory is running out: the heap holds \d+ of \d+ MB\. At 80 % the cell is stopped/);
    expect(stderr).toMatch(/The cell was stopped before the kernel would have ended/);
    expect(stderr).toContain("NODE_OPTIONS=--max-old-space-size=");
    // The cell that frees the memory is not stopped, though it finds the heap as full as before.
    expect((await kernel.run("const rooms = hoard.length; hoard = []; rooms > 50")).text).toBe("true");
    expect((await kernel.run("rooms > 50")).text).toBe("true");
    await kernel.close();
  });

  test("lowbit run: a heap that overflows at one blow is named as the reason, with the cell and the remedy", async () => {
    const file = join(emptyFolder(), "n.ipynb");
    const cell = (source: string) => ({ cell_type: "code", source, metadata: {}, outputs: [], execution_count: null });
    const cells = [cell("const a = 1"), cell("Array.from({ length: 1e8 }, String).length")];
    writeFileSync(file, JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells }));
    const stderr = await new Promise<string>((resolve) => {
      const env = { ...process.env, ...smallHeap };
      const args = [join(root, "bin", "lowbit.js"), "run", file];
      execFile(process.execPath, args, { env, timeout: 100_000 }, (_, __, text) => resolve(text));
    });
    expect(stderr).toMatch(/cell \[2\] ran: out of memory: the JavaScript heap reached its limit/);
    expect(stderr).toContain("NODE_OPTIONS=--max-old-space-size=8192");
    expect(stderr).not.toMatch(/0x[0-9a-f]{6}|<---/);
  });
});

describe("what is decided", () => {
  function judged(levels: readonly (readonly [cell: number, used: number, of?: MemoryLevel["of"]])[]): string[] {
    const said: string[] = [];
    const cells = [undefined, {}, {}];
    let running: object | undefined;
    const judge = createMemoryJudge({
      running: () => running,
      warn: (text) => said.push(`warn ${text}`),
      stop: (text) => said.push(`stop ${text}`),
    });
    for (const [cell, used, of = "heap"] of levels) {
      running = cells[cell];
      judge({ used: used * 2 ** 20, limit: 100 * 2 ** 20, of });
    }
    return said.map((text) => /^\w+|\d+ of \d+ MB/g[Symbol.match](text)?.join(" ") ?? "");
  }

  test("a warning once, a stop once, for each cell; nothing while none runs", () => {
    expect(
      judged([
        [1, 10],
        [1, 64],
        [1, 66],
        [1, 79],
        [1, 81],
        [1, 99],
        [0, 99],
      ]),
    ).toEqual(["warn 66 of 100 MB", "stop 81 of 100 MB"]);
    expect(
      judged([
        [0, 99],
        [0, 99],
      ]),
    ).toEqual([]);
  });

  test("a cell that finds memory full may free it, but not fill it further", () => {
    expect(
      judged([
        [1, 90],
        [1, 92],
        [1, 20],
        [2, 90],
        [2, 94],
      ]),
    ).toEqual(["stop 94 of 100 MB"]);
  });

  test("memory outside the heap counts by limits of its own", () => {
    expect(
      judged([
        [1, 75, "process"],
        [1, 82, "process"],
        [1, 91, "process"],
      ]),
    ).toEqual(["warn 82 of 100 MB", "stop 91 of 100 MB"]);
  });
});

describe("a death says why", () => {
  const exit = { code: null, signal: null, stderr: "" };
  test.each([
    [{ code: 3 }, "exit code 3"],
    [{ signal: "SIGKILL" }, "killed by SIGKILL: by hand, or by the system because memory ran out"],
    [{ signal: "SIGSEGV" }, "crashed in native code (SIGSEGV): in an addon or in Node itself"],
    [{ signal: "SIGTERM" }, "ended by SIGTERM"],
    [{ stderr: "spawn node ENOENT" }, "it could not be started\nspawn node ENOENT"],
    [
      { code: 1, stderr: "lowbit kernel: x\nWaiting for the debugger to disconnect...\n" },
      "exit code 1\nlowbit kernel: x",
    ],
  ] as const)("%j", (how, words) => {
    expect(describeDeath({ ...exit, ...how })).toBe(words);
  });

  test("V8's last words become a sentence", () => {
    const stderr = `\n<--- Last few GCs --->\n\n[9:0x1] 900 ms: Mark-Compact 5040.1 (5101.4) -> 5039.9 (5101.0) MB, 3 / 0 ms\n\n<--- JS stacktrace --->\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n\n 1: 0xb78db3 node::OOMErrorHandler\n`;
    const [reason] = describeDeath({ code: null, signal: "SIGABRT", stderr }).split("\n");
    expect(reason).toBe(
      "out of memory: the JavaScript heap reached its limit with 5101 MB. For more, start Lowbit or Jupyter with NODE_OPTIONS=--max-old-space-size=10202",
    );
  });
});
