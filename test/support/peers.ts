/** Programs that tests compare with and that may be absent: a Python of the project's own, and Chromium. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { root } from "./kernel.js";

/** Where a peer is, or why there is none. */
export type Peer = { readonly path: string } | { readonly reason: string };

/** Returns the project's Python when these modules are installed; importing them all would take seconds. */
export function pythonWith(...modules: readonly string[]): Peer {
  const path = join(root, ".venv", "bin", "python");
  if (!existsSync(path)) return { reason: "no .venv: npm test makes it when Python 3 and PyPI can be had" };
  try {
    const find = "import sys; from importlib.util import find_spec; sys.exit(not all(map(find_spec, sys.argv[1:])))";
    execFileSync(path, ["-c", find, ...modules], { stdio: "pipe" });
    return { path };
  } catch {
    return { reason: `the project's Python lacks one of ${modules.join(", ")}` };
  }
}

/** Returns Chromium as Debian installs it. */
export function chromium(): Peer {
  const path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
  return path === undefined ? { reason: "Chromium is not installed" } : { path };
}

/** Returns the peer's path, or skips the test and says why; with `CI=true` a missing peer is a failure. */
export function need(context: TestContext, peer: Peer): string {
  if ("path" in peer) return peer.path;
  if (process.env.CI === "true") throw new Error(`a peer is missing: ${peer.reason}`);
  return context.skip(peer.reason);
}
