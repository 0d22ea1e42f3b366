/** The command as a person runs it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../support/kernel.js";

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lowbit` with these arguments. */
export function lowbit(args: readonly string[], cwd: string = root): Ended {
  return spawnSync(process.execPath, [join(root, "dist/kernel/main.js"), ...args], { cwd, encoding: "utf8" });
}
