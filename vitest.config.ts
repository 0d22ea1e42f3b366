import { defineConfig } from "vitest/config";

const project = (name: string, include: string[], timeout: number, fileParallelism: boolean) => ({
  extends: true as const,
  test: { name, include, testTimeout: timeout, hookTimeout: timeout, fileParallelism },
});

export default defineConfig({
  test: {
    globalSetup: ["test/support/build.ts"],
    projects: [
      project("unit", ["test/**/*.test.ts"], 30_000, true),
      project("kernel", ["test/kernel/**/*.test.ts"], 60_000, false),
      project("app", ["test/app/**/*.test.ts"], 120_000, false),
    ].map((p, i) =>
      i === 0 ? { ...p, test: { ...p.test, exclude: ["test/kernel/**", "test/app/**", "node_modules/**"] } } : p,
    ),
  },
});
