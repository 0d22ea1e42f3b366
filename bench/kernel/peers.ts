/** The kernels that are compared: how each is started, and what the same cell is in its language. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as Launch from "../../kernel/io/launch.js";

/** What a cell is called in the measurements. */
export interface Cells {
  /** A cell that nobody has run before, with the value that it shows. */
  fresh(n: number): { readonly code: string; readonly value: number };
  readonly loop: string;
  /** Prints the numbers from 0 to 4999, one a line. */
  readonly lines: string;
  readonly forever: string;
  /** A text to be completed at its end, what to run before, and one of the matches. */
  readonly completion: { readonly before: string; readonly code: string; readonly match: string };
  /** Registers the comm target `echo`, which sends back what it gets; undefined where cells have no comms. */
  readonly echo: string | undefined;
}

/** A kernel that can be started. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly cells: Cells;
  /** How Jupyter would stop a cell: by a message, or by SIGINT. */
  readonly interrupt: "message" | "signal";
  argv(connectionFile: string): readonly string[];
}

/** A kernel that cannot be started, and why. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}

const deno = "2.9.6";

const typescript: Cells = {
  fresh: (n) => ({ code: `const a${n} = ${n} * 2; a${n}`, value: 2 * n }),
  loop: "let acc = 0; for (let i = 0; i < 1e7; i++) acc += i; acc",
  lines: "for (let i = 0; i < 5000; i++) console.log(i)",
  forever: "while (true) {}",
  completion: { before: "1", code: "Math.ma", match: "max" },
  echo: undefined,
};

const echo = `(globalThis as any)[Symbol.for('lowbit.host')].registerCommTarget('echo', (comm: any) => {
  comm.onMessage = ({ data, buffers }: any) => comm.send(data, { buffers });
})`;

const python: Cells = {
  fresh: (n) => ({ code: `a${n} = ${n} * 2\na${n}`, value: 2 * n }),
  loop: "acc = 0\nfor i in range(10_000_000): acc += i\nacc",
  lines: "for i in range(5000): print(i)",
  forever: "while True: pass",
  completion: { before: "import math", code: "math.sq", match: "sqrt" },
  echo: `def _echo(comm, _):
    comm.on_msg(lambda message: comm.send(message['content']['data'], buffers=message['buffers']))
get_ipython().kernel.comm_manager.register_target('echo', _echo)`,
};

/** Returns the kernels, of which those from other places are installed into `.cache/` first. */
export function findPeers(root: string, launch: typeof Launch): (Peer | Missing)[] {
  const own = readVersion(join(root, "package.json"));
  const tslab = join(root, "node_modules", "tslab");
  return [
    {
      name: "Lowbit",
      version: own,
      cells: { ...typescript, echo },
      interrupt: "message",
      argv: launch.kernelArgv,
    },
    {
      name: "tslab",
      version: readVersion(join(tslab, "package.json")),
      cells: typescript,
      interrupt: "signal",
      argv: (file) => [process.execPath, join(tslab, "bin", "tslab"), "kernel", "--config-path", file],
    },
    findIpykernel(root),
    findDeno(root),
  ];
}

function findIpykernel(root: string): Peer | Missing {
  const name = "ipykernel";
  const folder = join(root, ".cache", "bench", "ipykernel");
  const interpreter = join(folder, "bin", "python");
  const wanted = join(root, "bench", "kernel", "requirements.txt");
  if (!existsSync(interpreter)) {
    const made = spawnSync("python3", ["-m", "venv", folder], { stdio: "ignore" });
    if (made.status !== 0) return { name, reason: "python3 with venv is missing" };
  }
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted];
  if (spawnSync(interpreter, install, { stdio: "ignore" }).status !== 0)
    return { name, reason: "pip cannot install it" };
  const asked = spawnSync(interpreter, ["-c", "import ipykernel; print(ipykernel.__version__)"], { encoding: "utf8" });
  return {
    name,
    version: asked.stdout.trim(),
    cells: python,
    interrupt: "signal",
    argv: (file) => [interpreter, "-m", "ipykernel_launcher", "-f", file],
  };
}

function findDeno(root: string): Peer | Missing {
  const name = "Deno";
  const folder = join(root, ".cache", "bench", "deno");
  const binary = join(folder, "node_modules", ".bin", "deno");
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const install = ["install", "--silent", "--no-audit", "--no-fund", `deno@${deno}`];
    const done = spawnSync("npm", install, { cwd: folder, stdio: "ignore" });
    if (done.status !== 0) return { name, reason: `npm cannot install deno@${deno}` };
  }
  const asked = spawnSync(binary, ["--version"], { encoding: "utf8" });
  if (asked.status !== 0) return { name, reason: `its program does not run here (exit code ${asked.status})` };
  return {
    name,
    version: /^deno (\S+)/.exec(asked.stdout)?.[1] ?? deno,
    cells: typescript,
    interrupt: "signal",
    argv: (file) => [binary, "jupyter", "--kernel", "--conn", file],
  };
}

function readVersion(file: string): string {
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
