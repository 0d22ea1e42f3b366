// Brings node_modules up to date with package-lock.json. Uses nothing but Node, so that it runs in a fresh clone.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const oldestNode = [20, 19];

/** Ends with a sentence instead of a syntax error from somewhere deep in a package. */
function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  console.error(`lowbit: needs Node ${oldestNode.join(".")} or newer; this is ${process.versions.node}`);
  process.exit(1);
}

/** The package versions that a lock file lists, by folder; undefined when it cannot be read. */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** Whether node_modules holds what package-lock.json asks for. Packages for other platforms may be absent. */
function isInstalled() {
  const wanted = readLock("package-lock.json");
  const present = readLock("node_modules/.package-lock.json");
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(
    ([folder, { version, optional }]) =>
      folder === "" || present[folder]?.version === version || (optional && !present[folder]),
  );
}

/** Runs `npm ci`, with the npm that runs this script if there is one. */
function install() {
  console.error("lowbit: installing packages; this takes about a minute …");
  const flags = ["ci", "--include=dev", "--no-audit", "--no-fund"];
  const npm = process.env.npm_execpath;
  const result = npm
    ? spawnSync(process.execPath, [npm, ...flags], { cwd: root, stdio: ["ignore", 2, 2] })
    : spawnSync(process.platform === "win32" ? "npm.cmd" : "npm", flags, {
        cwd: root,
        stdio: ["ignore", 2, 2],
        shell: process.platform === "win32",
      });
  if (result.status === 0) return;
  console.error(`lowbit: "npm ci" failed${result.error ? `: ${result.error.message}` : ""}`);
  process.exit(1);
}

/** Checks the version of Node and installs the packages that are missing or out of date. */
export function ensureInstalled() {
  requireNode();
  if (!isInstalled()) install();
}
