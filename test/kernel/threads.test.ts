/** The threads of a kernel end one after the other: the compiler is replaced; without io the process ends and says so. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { describeDeath } from "../../kernel/io/death.js";
import { emptyFolder, root, startTestKernel, type TestKernel } from "../support/kernel.js";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const ways = ["exit", "error", "memory"] as const;
/** From Node 24 on NODE_OPTIONS does not limit the memory of threads, and filling all there is takes too long. */
const canLimit = Number.parseInt(process.versions.node, 10) < 24;
/** What the last word on stderr says of each way. */
const words = { exit: /exit code 5/, error: /planted/, memory: /memory/ };

interface Doomed {
  readonly kernel: TestKernel;
  /** Ends the thread. */
  end(): void;
  /** What the kernel has written to its real stderr so far. */
  stderr(): string;
}

/** Returns a kernel one of whose threads can be ended. */
async function start(thread: "io" | "compiler", way: (typeof ways)[number]): Promise<Doomed> {
  const signal = join(emptyFolder(), "now");
  const preload = join(root, "test", "support", "end-thread.cjs");
  const limit = way === "memory" ? " --max-old-space-size=300" : "";
  const kernel = await startTestKernel({
    env: {
      NODE_OPTIONS: `--require=${preload}${limit}`,
      LOWBIT_TEST_THREAD: thread,
      LOWBIT_TEST_END: way,
      LOWBIT_TEST_SIGNAL: signal,
    },
  });
  let heard = "";
  kernel.kernel.process.stderr?.on("data", (text) => {
    heard += text;
  });
  return { kernel, end: () => writeFileSync(signal, ""), stderr: () => heard };
}

describe("the io thread", () => {
  test.each(["exit", "error"] as const)(
    "that ends by %s ends the process, with exit code 1 and a last word",
    async (way) => {
      const { kernel, end } = await start("io", way);
      await kernel.run("1");
      end();
      const { code, signal, stderr } = await kernel.kernel.exited;
      expect([code, signal]).toEqual([1, null]);
      expect(stderr).toMatch(/the io thread ended: /);
      expect(stderr).toMatch(words[way]);
      await kernel.close();
    },
  );

  test.runIf(canLimit)("that runs out of memory ends the process, and the reason can be told", async () => {
    const { kernel, end } = await start("io", "memory");
    end();
    const exit = await kernel.kernel.exited;
    expect(exit.code).not.toBe(0);
    expect(describeDeath(exit)).toMatch(/memory/);
    await kernel.close();
  });

  test.each([
    ["a loop", "while (true) {}"],
    ["a blocked wait", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"],
  ])("that ends while a cell is in %s takes it along", async (_, code) => {
    const { kernel, end } = await start("io", "exit");
    kernel.client.send("execute_request", { code, silent: false });
    await kernel.until(({ header }) => header.msg_type === "execute_input");
    end();
    const exit = await kernel.kernel.exited;
    expect(exit).toMatchObject({ code: 1, signal: null });
    expect(exit.stderr).toContain("without it the kernel cannot go on");
    await kernel.close();
  });
});

describe("the compiler thread", () => {
  test.each(ways.filter((way) => way !== "memory" || canLimit))(
    "that ends by %s is started again and knows what was declared",
    async (way) => {
      const { kernel, end, stderr } = await start("compiler", way);
      await kernel.run("interface Point { x: number }; const origin: Point = { x: 7 }; let early = 1");
      await kernel.run("early = 2; throw new Error('on purpose')");
      end();
      // The request that the end catches fails; how many are sent until then is nobody's business.
      await expect
        .poll(async () => (await kernel.run("const shifted: Point = { x: origin.x + 1 }; shifted.x")).text, {
          timeout: 120_000,
        })
        .toBe("8");
      await expect.poll(stderr, { timeout: 120_000 }).toMatch(/the compiler ended: .*it is started again/s);
      expect(stderr()).toMatch(words[way]);
      const { text } = await kernel.run("early + shifted.x + origin.x");
      expect(text).toBe("17");
      expect((await kernel.run("const wrong: Point = { y: 1 }")).reply.ename).toBe("TypeScriptError");
      await kernel.close();
    },
  );

  test("that ends while a cell runs: the cell goes on, and what it declares is known", async () => {
    const { kernel, end, stderr } = await start("compiler", "error");
    await kernel.run("const before = 1");
    const signal = join(emptyFolder(), "go");
    const running = kernel.run(
      `console.log("waiting"); while (!require("fs").existsSync(${JSON.stringify(signal)})) await new Promise((r) => setTimeout(r, 20)); const after = before + 1`,
    );
    await kernel.until(({ content }) => content.text === "waiting\n");
    end();
    await expect.poll(stderr, { timeout: 120_000 }).toMatch(/it is started again/);
    writeFileSync(signal, "");
    expect((await running).reply.status).toBe("ok");
    expect((await kernel.run("before + after")).text).toBe("3");
    await kernel.close();
  });
});
