/** The `lowbit` command as a user calls it, and what it leaves in a data folder of Jupyter. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { emptyFolder, root } from "./kernel.js";

/** How a command ended, and what it said. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a person whose home is empty. */
export function lowbit(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
  const command = [join(root, "bin", "lowbit.js"), ...args];
  const options = { timeout: 120_000, env: { PATH: "/nonexistent", HOME: emptyFolder(), ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
  });
}

/** Where the kernelspec lies in a data folder. */
export const specOf = (data: string): string => join(data, "kernels", "lowbit");
/** Where JupyterLab's extension lies. */
export const labextensionOf = (data: string): string => join(data, "labextensions", "lowbit");
/** Where the AMD module lies. */
export const nbextensionOf = (data: string): string => join(data, "nbextensions", "lowbit");
/** All that an installation writes. */
export const placesOf = (data: string): string[] => [specOf(data), labextensionOf(data), nbextensionOf(data)];

/** Returns the contents of `kernel.json`. */
export const readSpec = (data: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(specOf(data), "kernel.json"), "utf8"));

interface Report {
  readonly findings: readonly { readonly check: string; readonly status: string; readonly detail: string }[];
}

/** Runs `lowbit doctor`; `of` returns what it found under these names, each as `status: detail`. */
export async function doctor(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly of: (...checks: readonly string[]) => string[] }> {
  const { code, stdout } = await lowbit(["doctor", "--json"], env);
  const { findings } = JSON.parse(stdout) as Report;
  const of = (...checks: readonly string[]): string[] =>
    findings.filter((one) => checks.includes(one.check)).map(({ status, detail }) => `${status}: ${detail}`);
  return { code, of };
}
