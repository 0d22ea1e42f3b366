// `npm run test:slow`: what takes too long for `npm test` (a million fuzzed messages, 10,000 cells, 1,000 restarts).
// Ends with the line `N passed, N failed`. Arguments go to vitest: npm run test:slow -- fuzz
import { ensureInstalled } from "./install.mjs";
import { runVitest, summary } from "./vitest-run.mjs";

ensureInstalled();
const { build } = await import("./build.mjs");
build();
const result = runVitest(["--project", "slow", ...process.argv.slice(2)], {
  reportName: "test-slow-report",
  env: { LOWBIT_SLOW: "1" },
});
process.exitCode = result.failed === 0 ? 0 : 1;
console.log(summary(result));
