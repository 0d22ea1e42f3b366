/** Lowbit's kernel beside tslab, ipykernel and Deno's: how fast it starts, answers, computes and stops, what it holds. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as Launch from "../kernel/io/launch.js";
import { measureSession, type Values } from "./kernel/measurements.js";
import { findPeers, type Peer } from "./kernel/peers.js";
import { type Built, startSession } from "./kernel/session.js";
import { type Cell, type Comparison, type Row, toCell } from "./lib/comparison.js";
import { describeMachine } from "./lib/report.js";

const root = fileURLToPath(new URL("../", import.meta.url));

/** What is measured: the key of the value, its name in the table, its unit. */
const measurements: readonly (readonly [string, string, string])[] = [
  ["info", "launch → first `kernel_info_reply`", "ms"],
  ["first", "launch → first result", "ms"],
  ["fresh", "new one-line cell, warm", "ms"],
  ["same", "same cell again, warm", "ms"],
  ["loop", "top-level loop of 10⁷ steps", "ms"],
  ["complete", "completion", "ms"],
  ["comm", "comm round trip with 1 KiB", "ms"],
  ["buffer", "comm round trip with 32 MiB", "ms"],
  ["lines", "lines that arrive of 5,000 printed", ""],
  ["stop", "`while (true) {}` stopped", "ms"],
  ["rss", "memory after the first cell, idle (RSS)", "MiB"],
  ["pss", "memory after the first cell, idle (PSS)", "MiB"],
];

/**
 * Runs the benchmark: `runs` lives of each kernel, in turn.
 * @param args `--runs=N`, default 7
 */
export async function run(args: readonly string[] = []): Promise<Comparison> {
  const runs = Number(args.find((arg) => arg.startsWith("--runs="))?.slice("--runs=".length) ?? 7);
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error("kernel: --runs is not a number, expected a whole one from 1");
  const { built, launch } = await loadBuilt();
  const all = findPeers(root, launch);
  const peers = all.filter((one): one is Peer => "argv" in one);
  const missing = all.flatMap((one) => ("reason" in one ? [`Left out: ${one.name}, because ${one.reason}.`] : []));
  const values = new Map(peers.map((peer) => [peer.name, [] as Values[]]));
  const loops: number[] = [];
  for (let round = 0; round < runs; round++) {
    loops.push(plainLoop());
    for (const peer of peers) {
      console.error(`kernel: round ${round + 1} of ${runs}, ${peer.name}`);
      values.get(peer.name)?.push(await oneLife(built, peer));
    }
  }
  return {
    title: "Kernels",
    machine: describeMachine(),
    versions: { ...Object.fromEntries(peers.map(({ name, version }) => [name, version])), Node: process.versions.node },
    method: `Medians over ${runs} lives of each kernel, which take turns; one client for all; results checked equal.`,
    notes: [...missing, ...remarks],
    columns: [...peers.map(({ name }) => name), "plain V8"],
    rows: measurements.map((measurement) => toRow(measurement, [...values.values()], loops)),
  };
}

const remarks: readonly string[] = [
  "Plain V8 is the same loop in a file that Node runs.",
  "A kernel is stopped as Jupyter would stop it: Lowbit by a message, the others by SIGINT.",
  "Memory is that of the process and all below it, three seconds after the first cell.",
];

function toRow([key, name, unit]: (typeof measurements)[number], peers: readonly Values[][], loops: number[]): Row {
  const plain: Cell = key === "loop" ? toCell(loops) : { word: "" };
  return { name, unit, cells: [...peers.map((lives) => toCell(lives.map((life) => life[key]))), plain] };
}

async function oneLife(built: Built, peer: Peer): Promise<Values> {
  const cwd = mkdtempSync(join(tmpdir(), "lowbit-bench-"));
  const session = await startSession(built, peer, cwd);
  try {
    return await measureSession(peer, session);
  } finally {
    await session.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** The loop in plain JavaScript at top level, in a Node of its own. */
function plainLoop(): number {
  const folder = mkdtempSync(join(tmpdir(), "lowbit-bench-"));
  const file = join(folder, "loop.js");
  const loop = "let acc = 0; for (let i = 0; i < 1e7; i++) acc += i;";
  writeFileSync(file, `const start = performance.now();\n${loop}\nconsole.log(performance.now() - start, acc);\n`);
  const { stdout } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  const [milliseconds, acc] = stdout.trim().split(" ").map(Number);
  if (acc !== 49999995000000) throw new Error(`kernel: the plain loop gave ${acc}`);
  return milliseconds as number;
}

/** The kernel is measured as it is shipped, so all of it comes from the built package. */
async function loadBuilt(): Promise<{ built: Built; launch: typeof Launch }> {
  const made = spawnSync(process.execPath, [join(root, "scripts", "build.mjs"), "--only=types"], { stdio: "inherit" });
  if (made.status !== 0) throw new Error("kernel: the package cannot be built");
  const load = (name: string): Promise<unknown> => import(pathToFileURL(join(root, "dist", "kernel", "io", name)).href);
  return {
    built: {
      client: (await load("client.js")) as Built["client"],
      connection: (await load("connection.js")) as Built["connection"],
    },
    launch: (await load("launch.js")) as typeof Launch,
  };
}
