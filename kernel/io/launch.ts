/** The one launcher: every way of starting a kernel process takes its Node flags and arguments from here. */
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConnectionInfo } from "./connection.js";

/**
 * Returns the flags that a kernel process needs on a version of Node.
 *
 * Without `--no-force-async-hooks-checks` a stop inside a timer or I/O callback aborts the process. On Node 22
 * AsyncLocalStorage survives a stop only with the async-context frame, which newer versions use by default.
 * @param version such as `process.version`; default: the Node at hand
 * @example nodeFlags("v22.3.0") // […, "--experimental-async-context-frame"]
 */
export function nodeFlags(version: string = process.version): string[] {
  const flags = ["--no-force-async-hooks-checks", "--disable-warning=ExperimentalWarning"];
  const major = Number(/^v?(\d+)/.exec(version)?.[1]);
  if (major === 22 || major === 23) flags.push("--experimental-async-context-frame");
  return flags;
}

/** The script that `node` runs: the CLI's entry point in the built package. */
export const mainScript: string = fileURLToPath(new URL("../main.js", import.meta.url));

/** Returns the command line of a kernel, as a kernelspec's `argv` has it. */
export function kernelArgv(connectionFile: string): string[] {
  return [process.execPath, ...nodeFlags(), mainScript, "kernel", "--connection-file", connectionFile];
}

/** What {@link launchKernel} takes. */
export interface LaunchOptions {
  /** Working directory of the cells: the notebook's folder. */
  readonly cwd: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the connection file goes; default: a private temporary folder, removed on exit. */
  readonly connectionFolder?: string;
}

/** Why a kernel process ended. */
export interface KernelExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to its real stderr: the reason, when it died. */
  readonly stderr: string;
}

/** A running kernel process. */
export interface LaunchedKernel {
  readonly connection: ConnectionInfo;
  readonly connectionFile: string;
  readonly process: ChildProcess;
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<KernelExit>;
  /** Ends the process at once (SIGKILL) and waits until it is gone. */
  kill(): Promise<KernelExit>;
}

/** Starts a kernel on free loopback ports. @example const kernel = await launchKernel({ cwd: process.cwd() }) */
export async function launchKernel(options: LaunchOptions): Promise<LaunchedKernel> {
  // A kernel takes its flags from this file and must not load what only the other side of the connection needs.
  const { createConnection } = await import("./connection.js");
  const { file, info } = await createConnection(options.connectionFolder);
  const [command, ...args] = kernelArgv(file);
  const child = spawn(command as string, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env, JPY_PARENT_PID: String(process.pid) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-8192);
  });
  const exited = new Promise<KernelExit>((resolve) => {
    const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
      rmSync(options.connectionFolder ? file : dirname(file), { recursive: true, force: true });
      resolve({ code, signal, stderr });
    };
    child.once("error", (error) => {
      stderr += error.message;
      finish(null, null);
    });
    child.once("close", finish);
  });
  const kill = (): Promise<KernelExit> => {
    child.kill("SIGKILL");
    return exited;
  };
  return { connection: info, connectionFile: file, process: child, exited, kill };
}
