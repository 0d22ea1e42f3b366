/** The Python process of one group of the compute benchmark. */
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { conversation } from "./python-peer.js";

/** A running group of peers. */
export interface CorePeer {
  readonly versions: Readonly<Record<string, string>>;
  readonly offers: readonly string[];
  /** Libraries that could not be loaded, with the reason. */
  readonly missing: Readonly<Record<string, string>>;
  ask(offer: string): Promise<{ readonly milliseconds: number; readonly values: readonly number[] }>;
  close(): void;
}

/** Starts a group's script; without NumPy the peer offers nothing. */
export async function startCorePeer(python: string, script: URL, args: readonly string[]): Promise<CorePeer> {
  if (spawnSync(python, ["-c", "import numpy"], { stdio: "ignore" }).status !== 0) {
    const reason = "no NumPy: `npm run bench:setup` installs the peers";
    const missing = Object.fromEntries(libraries.map((name) => [name, reason]));
    const ask = (): Promise<never> => Promise.reject(new Error(reason));
    return { versions: {}, offers: [], missing, ask, close: () => {} };
  }
  const child = spawn(python, ["-u", fileURLToPath(script), ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const talk = conversation(child);
  const hello = (await talk(undefined)) as Pick<CorePeer, "versions" | "offers" | "missing">;
  return {
    ...hello,
    ask: (offer) => talk(offer) as ReturnType<CorePeer["ask"]>,
    close: () => child.stdin?.end(),
  };
}

/** What peers are called, by the first word of a peer's name. */
const libraries = ["numpy", "scipy", "numba", "torch", "jax", "ml_dtypes", "pywt", "constriction", "OR", "HiGHS"];
