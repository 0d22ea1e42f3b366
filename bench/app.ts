/** The notebook app beside JupyterLab from PyPI: from the command to the first result, and what is installed. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Installation, installFromPyPI, installFromTarball } from "./app/install.js";
import { type Subject, session, type Times } from "./app/session.js";
import { median, type Timing } from "./lib/measure.js";
import { describeMachine, type Report } from "./lib/report.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const venv = join(root, ".venv", "bin");
const rounds = 7;

const lowbit: Subject = {
  name: "lowbit",
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

const quantities: Readonly<Record<keyof Times, string>> = {
  served: "command to address",
  visible: "address to notebook visible, empty cache",
  idle: "address to kernel idle, empty cache",
  result: "first cell to its result",
  again: "reload to notebook visible",
};

/** Runs the benchmark. @throws Error without Chromium or JupyterLab; `npm test` installs both */
export async function run(): Promise<Report> {
  const executablePath = "/usr/bin/chromium";
  const subjects = [lowbit, jupyterLab];
  const samples = subjects.map((): Times[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [at, subject] of subjects.entries()) {
      const times = await session(subject, executablePath);
      // The first round fills the caches of the file system.
      if (round > 0) samples[at]?.push(times);
    }
  }
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return {
    title: "The notebook app",
    machine: describeMachine(),
    versions: { lowbit: version, node: process.versions.node, ...peerVersions() },
    notes: [
      `lowbit: ${installation(installFromTarball(root))}.`,
      `JupyterLab with ipykernel: ${installation(installFromPyPI(`jupyterlab==${peerVersions().jupyterlab}`))}.`,
      "Installed without development dependencies, with npm's and pip's caches filled; `lowbit doctor` then ran a cell.",
    ],
    timings: (Object.keys(quantities) as (keyof Times)[]).flatMap((quantity) => timingsOf(quantity, subjects, samples)),
  };
}

function timingsOf(quantity: keyof Times, subjects: readonly Subject[], samples: readonly Times[][]): Timing[] {
  const values = samples.map((of) => of.map((times) => times[quantity]));
  const first = median(values[0] ?? []);
  return subjects.map(({ name }, at) => ({
    computation: quantities[quantity],
    variant: "in Chromium",
    by: name,
    medianMs: median(values[at] ?? []),
    minMs: Math.min(...(values[at] ?? [])),
    rounds,
    value: 42,
    relative: median(values[at] ?? []) / first,
  }));
}

function peerVersions(): { readonly jupyterlab: string; readonly ipykernel: string; readonly chromium: string } {
  const of = (name: string): string =>
    execFileSync(join(venv, "python"), ["-c", `import ${name}; print(${name}.__version__)`], {
      encoding: "utf8",
    }).trim();
  const chromium = /[\d.]+/.exec(execFileSync("/usr/bin/chromium", ["--version"], { encoding: "utf8" }))?.[0] ?? "";
  return { jupyterlab: of("jupyterlab"), ipykernel: of("ipykernel"), chromium };
}

function installation({ packed, own, all, seconds }: Installation): string {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  const parts = [
    packed === undefined ? "" : `${megabytes(packed)} packed`,
    own === undefined ? "" : `${megabytes(own)} unpacked`,
    `${megabytes(all)} with all it depends on, installed in ${seconds.toFixed(0)} s`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
