import { defineConfig } from "vitest/config";

const project = (name: string, include: string[], timeout: number, fileParallelism: boolean) => ({
  extends: true as const,
  test: { name, include, testTimeout: timeout, hookTimeout: timeout, fileParallelism },
});

const exclude = ["test/kernel/**", "test/app/**", "test/slow/**", "node_modules/**"];
const unit = project("unit", ["test/**/*.test.ts"], 30_000, true);

export default defineConfig({
  test: {
    globalSetup: ["test/support/build.ts"],
    // A condition is waited for until it holds, also on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      { ...unit, test: { ...unit.test, exclude } },
      project("kernel", ["test/kernel/**/*.test.ts"], 60_000, false),
      project("app", ["test/app/**/*.test.ts"], 120_000, false),
      // Only `npm run test:slow` asks for these: they take half an hour.
      ...(process.env.LOWBIT_SLOW ? [project("slow", ["test/slow/**/*.test.ts"], 3_600_000, false)] : []),
    ],
  },
});
