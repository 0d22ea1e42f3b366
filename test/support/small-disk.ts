/** A disk that is full: a file system of a few hundred kilobytes, mounted for one test. */
import { execFileSync } from "node:child_process";
import { rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { emptyFolder } from "./kernel.js";

/** A mounted file system. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves no room, not even for a byte. */
  fill(): void;
  /** Makes it read-only, for root too. */
  seal(): void;
  /** Unmounts it. */
  remove(): void;
}

/** Returns a disk of 256 KiB; where it cannot be mounted, skips the test and says why. */
export function smallDisk(context: TestContext): SmallDisk {
  const folder = emptyFolder("lowbit-disk-");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    rmdirSync(folder);
    return context.skip(
      `a small disk cannot be mounted here: ${String((error as Error).message)
        .split("\n")
        .at(-2)}`,
    );
  }
  return {
    folder,
    fill: () => {
      for (let size = 256 * 1024; size >= 1; size = Math.floor(size / 2)) {
        try {
          writeFileSync(join(folder, `ballast-${size}`), Buffer.alloc(size), { flag: "wx" });
        } catch {
          // No room for so much: half of it may fit.
        }
      }
    },
    seal: () => {
      execFileSync("mount", ["-o", "remount,ro", folder]);
    },
    remove: () => {
      execFileSync("umount", ["--lazy", folder]);
      rmdirSync(folder);
    },
  };
}
