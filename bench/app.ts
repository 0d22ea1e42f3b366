/** The notebook app beside JupyterLab from PyPI: from the command to the first result, and what is installed. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Installation, installFromPyPI, installFromTarball } from "./app/install.js";
import { type Subject, session, type Times } from "./app/session.js";
import { type Comparison, type Row, toCell } from "./lib/comparison.js";
import { describeMachine } from "./lib/report.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const venv = join(root, ".venv", "bin");
const chromium = "/usr/bin/chromium";

const lowbit: Subject = {
  name: "Lowbit",
  kernelspec: { name: "lowbit", display_name: "TypeScript (Lowbit)", language: "typescript" },
  command: (folder) => ({
    file: process.execPath,
    args: [join(root, "bin", "lowbit.js"), "start", "n.ipynb", "--no-open", "--root", folder],
  }),
  env: process.env,
  address: (printed) => /http:\S+/.exec(printed)?.[0],
};

const jupyterLab: Subject = {
  name: "JupyterLab + ipykernel",
  kernelspec: { name: "python3", display_name: "Python 3", language: "python" },
  command: (folder) => ({
    file: join(venv, "python"),
    args: [
      ...["-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port=0", "--IdentityProvider.token=bench"],
      ...[`--ServerApp.root_dir=${folder}`, "--LabApp.news_url=None"],
      "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ],
  }),
  env: { ...process.env, PATH: `${venv}${delimiter}${process.env.PATH}` },
  address: (printed) => {
    const port = /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)\//.exec(printed)?.[1];
    return port && `http://127.0.0.1:${port}/lab/tree/n.ipynb?token=bench`;
  },
};

const quantities: readonly (readonly [keyof Times, string])[] = [
  ["served", "command → address"],
  ["visible", "address → notebook visible, empty cache"],
  ["idle", "address → kernel idle, empty cache"],
  ["result", "first cell → its result"],
  ["again", "reload → notebook visible"],
];

/**
 * Runs the benchmark: starts each app in turn, then installs each once.
 * @param args `--runs=N`, default 7
 * @throws Error without Chromium or JupyterLab; `npm test` installs both
 */
export async function run(args: readonly string[] = []): Promise<Comparison> {
  const runs = Number(args.find((arg) => arg.startsWith("--runs="))?.slice("--runs=".length) ?? 7);
  if (!Number.isInteger(runs) || runs < 1) throw new Error("app: --runs is not a number, expected a whole one from 1");
  const subjects = [lowbit, jupyterLab];
  const samples = subjects.map((): Times[] => []);
  for (let round = 0; round <= runs; round++) {
    for (const [at, subject] of subjects.entries()) {
      console.error(`app: round ${round} of ${runs}, ${subject.name}`);
      const times = await session(subject, chromium);
      // The first round fills the caches of the file system.
      if (round > 0) samples[at]?.push(times);
    }
  }
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const versions = { Lowbit: version, Node: process.versions.node, ...peerVersions() };
  const installed = [installFromTarball(root), installFromPyPI(`jupyterlab==${versions.JupyterLab}`)];
  return {
    title: "The notebook app",
    machine: describeMachine(),
    versions,
    method: `Medians over ${runs} starts of each app, which take turns; every first cell gave 42. Installed once each, without development dependencies, with npm's and pip's caches filled.`,
    notes: [],
    columns: subjects.map(({ name }) => name),
    rows: [...quantities.map(([key, name]) => timeRow(key, name, samples)), ...sizeRows(installed)],
  };
}

function timeRow(key: keyof Times, name: string, samples: readonly Times[][]): Row {
  return { name, unit: "ms", cells: samples.map((of) => toCell(of.map((times) => times[key]))) };
}

function sizeRows(installed: readonly Installation[]): Row[] {
  const row = (name: string, unit: string, value: (one: Installation) => number | undefined): Row => ({
    name,
    unit,
    cells: installed.map((one) => toCell([value(one) ?? ""])),
  });
  const megabytes = (bytes: number | undefined): number | undefined => bytes && bytes / 1e6;
  return [
    row("package, packed", "MB", ({ packed }) => megabytes(packed)),
    row("package, unpacked", "MB", ({ own }) => megabytes(own)),
    row("with all it depends on", "MB", ({ all }) => megabytes(all)),
    row("installation", "s", ({ seconds }) => seconds),
  ];
}

function peerVersions(): Record<"JupyterLab" | "ipykernel" | "Chromium", string> {
  const of = (name: string): string =>
    execFileSync(join(venv, "python"), ["-c", `import ${name}; print(${name}.__version__)`], {
      encoding: "utf8",
    }).trim();
  const browser = execFileSync(chromium, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return {
    JupyterLab: of("jupyterlab"),
    ipykernel: of("ipykernel"),
    Chromium: /[\d.]+/.exec(browser)?.[0] ?? "",
  };
}
