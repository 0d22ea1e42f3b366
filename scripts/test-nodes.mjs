// `npm run test:nodes`: the unit and kernel tests on the other major versions of Node that Lowbit supports. Each is
// npm's package of that version's binary, in .cache/nodes/. Ends with the line `N passed, N failed`, the sum of all.
// Majors may be named, further arguments go to vitest: npm run test:nodes -- 24 26 test/kernel/interrupt.test.ts
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled } from "./install.mjs";
import { root, runVitest, summary } from "./vitest-run.mjs";

const majors = [20, 22, 24, 26];
const systems = { linux: "linux", darwin: "darwin", win32: "win" };
/** npm has such a package for Linux, macOS and Windows; where there is none, the install says so. */
const packageName = `node-${systems[process.platform]}-${process.arch}`;

/** Installs a major version, or takes the one that is there; returns its path, or the reason why there is none. */
function installNode(major) {
  const folder = join(root, ".cache", "nodes", String(major));
  const file = process.platform === "win32" ? "node.exe" : "node";
  const path = join(folder, "node_modules", packageName, "bin", file);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), `{ "private": true }\n`);
    console.error(`lowbit: installing ${packageName}@${major} …`);
    const flags = ["install", "--no-audit", "--no-fund", "--no-save", "--prefix", folder, `${packageName}@${major}`];
    const result = process.env.npm_execpath
      ? spawnSync(process.execPath, [process.env.npm_execpath, ...flags], { encoding: "utf8" })
      : spawnSync("npm", flags, { encoding: "utf8", shell: process.platform === "win32" });
    if (result.status !== 0 || !existsSync(path)) {
      const lines = `${result.stderr ?? ""}`
        .trim()
        .split("\n")
        .filter((line) => !line.startsWith("npm warn"));
      return {
        reason: `${packageName}@${major} cannot be installed: ${result.error?.message ?? lines[0] ?? "no reason given"}`,
      };
    }
  }
  const version = spawnSync(path, ["--version"], { encoding: "utf8" });
  return version.status === 0
    ? { path, version: version.stdout.trim() }
    : { reason: `${path} does not run on this system` };
}

function runOn(major, args) {
  const node = installNode(major);
  if (!node.path) {
    console.log(`Node ${major}: ${node.reason}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  console.log(`\nNode ${node.version}`);
  const result = runVitest(["--project", "unit", "--project", "kernel", ...args], {
    node: node.path,
    reportName: `test-node-${major}-report`,
  });
  console.log(`Node ${node.version}: ${summary(result)}`);
  return result;
}

const named = process.argv.slice(2).filter((argument) => majors.includes(Number(argument)));
const rest = process.argv.slice(2).filter((argument) => !named.includes(argument));
const here = Number(process.versions.node.split(".")[0]);
const wanted = named.length > 0 ? named.map(Number) : majors.filter((major) => major !== here);
ensureInstalled();
const { build } = await import("./build.mjs");
build();
const results = wanted.map((major) => ({ major, ...runOn(major, rest) }));
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log("");
for (const { major, ...result } of results) console.log(`Node ${major}: ${summary(result)}`);
const total = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(summary(total));
