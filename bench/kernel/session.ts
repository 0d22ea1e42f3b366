/** One kernel process of any kind, and the client that is the same for all. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type * as Client from "../../kernel/io/client.js";
import type * as Connection from "../../kernel/io/connection.js";
import type { Message } from "../../kernel/io/wire.js";
import type { Peer } from "./peers.js";

/** The built modules of the kernel that the measurements need. */
export interface Built {
  readonly client: typeof Client;
  readonly connection: typeof Connection;
}

/** What a cell gave. */
export interface Ran {
  /** From the request until the reply, `idle` and what the cell shows are there. */
  readonly milliseconds: number;
  readonly status: string;
  /** Its result, or what it printed: kernels differ in where a value goes. */
  readonly text: string;
}

/** Memory of a process and all below it, in MiB; undefined where the system does not tell. */
export interface Memory {
  readonly rss: number | undefined;
  /** Shared pages counted in parts. */
  readonly pss: number | undefined;
}

/** A running kernel. */
export interface Session {
  readonly client: Client.KernelClient;
  readonly process: ChildProcess;
  /** Milliseconds from the start of the process to the reply of the first request. */
  readonly info: number;
  /** Milliseconds from the start of the process to the end of its first cell. */
  readonly first: number;
  /** Runs a cell. @param shows it shows something, which is waited for: a kernel may send it after `idle` */
  run(code: string, shows?: boolean): Promise<Ran>;
  memory(): Memory;
  close(): Promise<void>;
}

const plain = { silent: false, store_history: true, allow_stdin: false, stop_on_error: false };

/** Starts a kernel in an empty folder and runs its first cell. @throws Error when it ends, or says nothing for a minute */
export async function startSession(built: Built, peer: Peer, cwd: string): Promise<Session> {
  const { file, info } = await built.connection.createConnection();
  const [command, ...args] = peer.argv(file);
  const start = performance.now();
  const child = spawn(command as string, args, { cwd, stdio: "ignore" });
  const ended = new Promise<never>((_, reject) => {
    child.once("exit", (code) => reject(new Error(`${peer.name}: the kernel ended (exit code ${code})`)));
  });
  ended.catch(() => undefined);
  const client = built.client.connectKernel(info);
  const answer = <Value>(value: Promise<Value>): Promise<Value> => Promise.race([value, ended, late(peer.name)]);
  await answer(client.request("kernel_info_request"));
  const infoTime = performance.now() - start;
  await answer(client.request("execute_request", { code: "1 + 1", ...plain }));
  const first = performance.now() - start;
  await answer(published(client));
  return {
    client,
    process: child,
    info: infoTime,
    first,
    run: (code, shows) => answer(runCell(client, code, shows)),
    memory: () => memoryOf(child.pid as number),
    close: async () => {
      client.close();
      child.kill("SIGKILL");
      await ended.catch(() => undefined);
      rmSync(dirname(file), { recursive: true, force: true });
    },
  };
}

/**
 * Runs cells until messages arrive on iopub: who subscribes while a kernel starts misses the first. The client's own
 * `ready` asks for the kernel's info, of which tslab publishes nothing.
 */
function published(client: Client.KernelClient): Promise<void> {
  return new Promise((resolve) => {
    const ids: string[] = [];
    const ask = (): unknown => ids.push(client.send("execute_request", { code: "1 + 1", ...plain }));
    const repeat = setInterval(ask, 500);
    const off = client.on("iopub", ({ parentHeader, content }) => {
      const id = parentHeader.msg_id ?? "";
      if (content.execution_state !== "idle" || !ids.includes(id)) return;
      clearInterval(repeat);
      // From here on none is missed, so the last one is waited for.
      if (id !== ids.at(-1)) return;
      off();
      resolve();
    });
    ask();
  });
}

function late(name: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${name}: no answer within a minute`)), 60_000).unref();
  });
}

/** Runs one cell and gathers its text. */
export function runCell(client: Client.KernelClient, code: string, shows = false): Promise<Ran> {
  return new Promise((resolve) => {
    const pieces: string[] = [];
    const state = { id: "", status: "", idle: false };
    const start = performance.now();
    const finish = (): void => {
      const shown = !shows || state.status === "error" || pieces.join("") !== "";
      if (state.status === "" || !state.idle || !shown) return;
      const milliseconds = performance.now() - start;
      offShell();
      offIopub();
      resolve({ milliseconds, status: state.status, text: pieces.join("").replace(/\u001b\[[\d;]*m/g, "") });
    };
    const offShell = client.on("shell", ({ parentHeader, content }) => {
      if (parentHeader.msg_id !== state.id) return;
      state.status = String(content.status);
      finish();
    });
    const offIopub = client.on("iopub", (message) => {
      if (message.parentHeader.msg_id !== state.id) return;
      pieces.push(textOf(message));
      if (message.content.execution_state === "idle") state.idle = true;
      finish();
    });
    state.id = client.send("execute_request", { code, ...plain });
  });
}

function textOf({ header, content }: Message): string {
  if (header.msg_type === "stream") return String(content.text);
  if (header.msg_type !== "execute_result") return "";
  return String((content.data as Record<string, unknown>)["text/plain"]);
}

/** Sums up a process and its descendants, as Linux tells. */
function memoryOf(pid: number): Memory {
  try {
    const all = [pid, ...descendants(pid)].map((one) => readFileSync(`/proc/${one}/smaps_rollup`, "utf8"));
    const sum = (name: string): number =>
      all.reduce((total, text) => total + Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]), 0) / 1024;
    return { rss: sum("Rss"), pss: sum("Pss") };
  } catch {
    return { rss: undefined, pss: undefined };
  }
}

function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(/\s+/).filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}
