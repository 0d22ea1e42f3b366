/** A Python process that computes on request, so that its runs can alternate with ours. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Sample, Variant } from "./measure.js";

/** A running peer. */
export interface PythonPeer {
  /** Versions by library, as the peer reports them. */
  readonly versions: Readonly<Record<string, string>>;
  /** The names of what it can compute. */
  readonly offers: readonly string[];
  /** Returns a variant that runs `offer` in the peer. */
  variant(name: string, by: string, offer: string): Variant;
  close(): void;
}

/**
 * Starts the script with single-threaded libraries and waits until it has read its input.
 * The Python is `LOWBIT_PYTHON`, that of the project's `.venv`, or `python3`.
 * @param script a file in bench/
 * @returns the peer, or the reason why there is none
 */
export async function startPython(script: URL, args: readonly string[]): Promise<PythonPeer | string> {
  const python = findPython(new URL("../", script));
  if (spawnSync(python, ["-c", "import numpy"], { stdio: "ignore" }).status !== 0) return `${python} has no NumPy`;
  const one = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const child = spawn(python, ["-u", fileURLToPath(script), ...args], {
    env: { ...process.env, ...one },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ask = conversation(child);
  const hello = (await ask(undefined)) as { versions: Record<string, string>; offers: string[] };
  return {
    ...hello,
    variant: (name, by, offer) => ({ name, by, run: async () => (await ask(offer)) as Sample }),
    close: () => child.stdin?.end(),
  };
}

function findPython(root: URL): string {
  const local = join(fileURLToPath(root), ".venv", "bin", "python");
  return process.env.LOWBIT_PYTHON ?? (existsSync(local) ? local : "python3");
}

/** Returns a function that sends one line and resolves with the JSON of the line that answers it. */
export function conversation(child: ChildProcess): (line: string | undefined) => Promise<unknown> {
  const waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  const fail = (error: Error): void => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  child.on("error", fail);
  child.on("exit", (code) => fail(new Error(`the Python peer ended with exit code ${code}`)));
  createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on("line", (line) => {
    waiting.shift()?.resolve(JSON.parse(line));
  });
  return (line) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      if (line !== undefined) child.stdin?.write(`${line}\n`);
    });
}
