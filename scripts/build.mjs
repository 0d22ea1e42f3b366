// Builds dist/: the TypeScript projects, the widgets' browser bundle, the notebook app, what other front ends load,
// the playground; and THIRD_PARTY_NOTICES. Each step is skipped when nothing it reads is newer than its stamp; `--force`
// rebuilds all, `--only=a,b` picks steps.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What is built, in order: the folders and files a step reads, and the command that runs it. */
const steps = [
  {
    name: "types",
    reads: ["src", "kernel", "widgets", "app/server", "app/export", "tsconfig.json", "tsconfig.base.json"],
    command: ["node_modules/typescript-native/bin/tsc", "-b", "src", "src/tsconfig.node.json", "widgets", "kernel"],
  },
  {
    name: "widgets",
    reads: ["src", "widgets", "scripts/build-widgets.mjs", "scripts/third-party-licenses.mjs"],
    command: ["scripts/build-widgets.mjs"],
  },
  {
    name: "app",
    reads: ["app/ui", "scripts/build-app.mjs", "scripts/rspack-run.mjs", "scripts/third-party-licenses.mjs"],
    command: ["scripts/build-app.mjs"],
  },
  {
    name: "export",
    reads: ["src", "widgets", "app/export/page.css", "scripts/build-export.mjs", "scripts/build-widgets.mjs"],
    command: ["scripts/build-export.mjs"],
  },
  {
    name: "front ends",
    reads: [
      "src",
      "widgets",
      "app/ui",
      "scripts/build-front-ends.mjs",
      "scripts/rspack-run.mjs",
      "scripts/third-party-licenses.mjs",
    ],
    command: ["scripts/build-front-ends.mjs"],
  },
  {
    name: "playground",
    reads: ["src", "widgets", "scripts/playground.mjs", "scripts/build-widgets.mjs"],
    command: ["scripts/playground.mjs", "--build"],
  },
  {
    name: "notices",
    reads: ["src", "widgets", "app/ui", "scripts"],
    command: ["scripts/write-notices.mjs"],
  },
];

/** The newest modification time below `path`, in milliseconds; 0 when it does not exist. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  let time = stat.mtimeMs;
  for (const entry of readdirSync(path)) time = Math.max(time, newest(join(path, entry)));
  return time;
}

/** Builds what is out of date; throws with the step's name when one fails. */
export function build({ force = false, only = undefined, quiet = false } = {}) {
  const stamps = join(root, "dist", ".stamps");
  if (force) rmSync(join(root, "dist"), { recursive: true, force: true });
  mkdirSync(stamps, { recursive: true });
  const shared = ["package-lock.json", "scripts/build.mjs"];
  for (const step of steps) {
    if (only && !only.includes(step.name)) continue;
    const stamp = join(stamps, step.name);
    const built = newest(stamp);
    if (built > Math.max(...[...step.reads, ...shared].map((path) => newest(join(root, path))))) continue;
    if (!existsSync(join(root, step.command[0]))) continue;
    if (!quiet) console.error(`lowbit: building ${step.name} …`);
    const started = new Date();
    const result = spawnSync(process.execPath, step.command, { cwd: root, stdio: quiet ? "pipe" : ["ignore", 2, 2] });
    if (result.status !== 0) {
      if (quiet) process.stderr.write(Buffer.concat([result.stdout, result.stderr]));
      throw new Error(`build: step "${step.name}" failed (exit code ${result.status})`);
    }
    writeFileSync(stamp, `${started.toISOString()}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const only = process.argv.find((argument) => argument.startsWith("--only="));
  try {
    build({ force: process.argv.includes("--force"), only: only?.slice("--only=".length).split(",") });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
