// `npm test`: installs and builds what is missing, prepares the peers, runs the checks and every test, and ends with
// the line `N passed, N failed`. Arguments go to vitest: npm test -- test/kernel
import { spawnSync } from "node:child_process";
import { ensureInstalled } from "./install.mjs";
import { preparePeers } from "./peers.mjs";
import { root, runVitest, summary } from "./vitest-run.mjs";

ensureInstalled();
const missing = preparePeers();
const { build } = await import("./build.mjs");
build();
const checked = spawnSync(process.execPath, ["scripts/check.mjs"], { cwd: root, stdio: "inherit" }).status === 0;
const { passed, failed, skipped } = runVitest(process.argv.slice(2));
for (const reason of missing) console.log(`skipped what needs it: ${reason}`);
if (!checked) console.log("npm run check failed; see above");
process.exitCode = checked && failed === 0 ? 0 : 1;
// The checks count as one test.
console.log(summary({ passed: passed + Number(checked), failed: failed + Number(!checked), skipped }));
