// `npm test`: installs and builds what is missing, prepares the peers, runs the checks and every test, and ends with
// the line `N passed, N failed`. Arguments go to vitest: npm test -- test/kernel
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.mjs";
import { preparePeers } from "./peers.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const report = join(root, "dist", "test-report.json");

function node(args) {
  const flags = process.stdout.isTTY ? [] : ["--no-warnings"];
  return spawnSync(process.execPath, [...flags, ...args], { cwd: root, stdio: "inherit" }).status ?? 1;
}

/** Counts tests in vitest's JSON; a test file that could not even be loaded counts as one failure. */
function count() {
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

ensureInstalled();
const missing = preparePeers();
const { build } = await import("./build.mjs");
build();
const checked = node(["scripts/check.mjs"]);
mkdirSync(join(root, "dist"), { recursive: true });
rmSync(report, { force: true });
const tested = node([
  "node_modules/vitest/vitest.mjs",
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
const { passed, failed, skipped } = count();
const failures = failed + (checked === 0 ? 0 : 1) + (tested !== 0 && failed === 0 ? 1 : 0);
for (const reason of missing) console.log(`skipped what needs it: ${reason}`);
if (checked !== 0) console.log("npm run check failed; see above");
process.exitCode = failures === 0 ? 0 : 1;
console.log(
  `${passed + (checked === 0 ? 1 : 0)} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
);
