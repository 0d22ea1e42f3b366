// Runs vitest and reads its report: what `npm test`, `npm run test:slow` and `npm run test:nodes` have in common.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Counts tests in vitest's JSON; a test file that could not even be loaded counts as one failure. */
function count(report) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const broken = results.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + broken.length,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

/**
 * Runs vitest with these arguments and returns how many tests passed, failed and were skipped.
 * A run that ends badly although no test failed (an error outside a test) counts as one failure.
 */
export function runVitest(args, { node = process.execPath, reportName = "test-report", env = {} } = {}) {
  const report = join(root, "dist", `${reportName}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const flags = process.stdout.isTTY ? [] : ["--no-warnings"];
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json"];
  const { status } = spawnSync(node, [...flags, ...vitest, `--outputFile.json=${report}`, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  const counted = count(report);
  return { ...counted, failed: counted.failed + (status !== 0 && counted.failed === 0 ? 1 : 0) };
}

/** The line with which a run ends. */
export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
