// `npm run bench:setup`: makes .cache/bench/venv with the Python peers of `npm run bench -- core`. Never part of
// `npm test`. PyTorch comes from PyPI where that can be had (several gigabytes on x86-64), else from Debian.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const venv = join(root, ".cache", "bench", "venv");
const python = join(venv, "bin", "python");
const list = (name) => join(root, "bench", "peers", name);

function run(command, args) {
  console.error(`lowbit: ${[command, ...args].map((part) => part.replace(root, "")).join(" ")}`);
  return spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}

const pip = (...args) => run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...args]);

/** What has to work, in order; the first that fails ends it. */
const needed = [
  ["Python 3 with venv", () => existsSync(python) || run("python3", ["-m", "venv", venv])],
  ["the peers from PyPI", () => pip("-r", list("requirements.txt"))],
];
const failed = needed.find(([, step]) => !step());
if (failed) {
  console.error(`bench:setup: ${failed[0]} could not be had`);
  process.exitCode = 1;
} else if (process.argv.includes("--without-torch")) {
  console.error("lowbit: PyTorch left out; its rows say so");
} else if (!pip("-r", list("torch.txt")) && !debianTorch()) {
  console.error("bench:setup: no PyTorch, neither from PyPI nor from Debian; its rows say so");
}

/** Debian's build serves where the venv's Python is the system's. */
function debianTorch() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  if (!run("apt-get", ["install", "-y", "-q", "python3-torch"])) return false;
  return run(python, ["-c", "import sys; sys.path.append('/usr/lib/python3/dist-packages'); import torch"]);
}
