/** `lowbit doctor`: what is found, what is missing, and the command that mends it. */
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { getHeapStatistics } from "node:v8";
import { connectKernel } from "../io/client.js";
import { historyFile } from "../io/history.js";
import { kernelArgv, launchKernel } from "../io/launch.js";
import { frontEndFindings } from "./doctor-front-ends.js";
import { readSpec, specFolder } from "./install.js";
import { dataFolders, findCommand } from "./jupyter-paths.js";

/** What one check found. `note` is worth knowing and breaks nothing; `problem` breaks something. */
export interface Finding {
  readonly check: string;
  readonly status: "ok" | "note" | "problem";
  readonly detail: string;
  /** A command, or a sentence, that mends it. */
  readonly mend?: string;
}

/** What the checks are told about the package. */
export interface PackageFacts {
  readonly version: string;
  /** The range of Node versions, as in package.json: `>=20.19`. */
  readonly engines: string;
}

const packageFolder = fileURLToPath(new URL("../../../", import.meta.url));

/** Runs every check, prints a line each, and returns the exit code: 1 when there is a problem. */
export async function doctor(facts: PackageFacts, options: { readonly json?: boolean }): Promise<number> {
  const findings: Finding[] = [];
  for (const check of [node, built, libraries, kernel, kernelspecs, jupyter, frontEndFindings, folders]) {
    const found = [await check(facts)].flat();
    findings.push(...found);
    if (!options.json) process.stdout.write(found.map(line).join(""));
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ version: facts.version, findings }, undefined, 2)}\n`);
  const problems = findings.filter((one) => one.status === "problem").length;
  if (!options.json) {
    process.stdout.write(problems === 0 ? "Everything that Lowbit needs is there.\n" : `${problems} to mend.\n`);
  }
  return problems === 0 ? 0 : 1;
}

function line({ check, status, detail, mend }: Finding): string {
  const sign = { ok: "ok     ", note: "note   ", problem: "PROBLEM" }[status];
  return `${sign} ${check}: ${detail}\n${mend === undefined ? "" : `        mend: ${mend}\n`}`;
}

/** Compares a version with a range of the form `>=20.19`. @example satisfies("v22.1.0", ">=20.19") // true */
export function satisfies(version: string, range: string): boolean {
  const [have, least] = [version, range].map((text) => (text.match(/\d+/g) ?? []).map(Number)) as [number[], number[]];
  for (const [index, wanted] of least.entries()) {
    const part = have[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

function node({ engines }: PackageFacts): Finding {
  const heap = `heap limit ${(getHeapStatistics().heap_size_limit / 2 ** 30).toFixed(1)} GiB`;
  const detail = `${process.version} (${process.platform} ${process.arch}), ${heap}`;
  if (satisfies(process.version, engines)) return { check: "Node", status: "ok", detail };
  const mend = `install Node ${engines.replace(/[^\d.]/g, "")} or newer from nodejs.org`;
  return { check: "Node", status: "problem", detail, mend };
}

function built({ version }: PackageFacts): Finding {
  const parts = {
    kernel: "dist/kernel/main.js",
    app: "dist/app/ui/manifest.json",
    widgets: "dist/widgets/lab.js",
    "extension of JupyterLab": "dist/labextension/package.json",
    "AMD module": "dist/index.js",
  };
  const missing = Object.entries(parts)
    .filter(([, file]) => !existsSync(join(packageFolder, file)))
    .map(([name]) => name);
  if (missing.length === 0)
    return { check: "Lowbit", status: "ok", detail: `${version}; ${Object.keys(parts).join(", ")}` };
  const mend = existsSync(join(packageFolder, "scripts/build.mjs")) ? "npm run build" : "npm install --global lowbit";
  return { check: "Lowbit", status: "problem", detail: `${version}; not there: ${missing.join(", ")}`, mend };
}

/** The two packages with parts that can fail on a machine: a compiled addon, and a compiler pinned to the digit. */
function libraries(): Finding[] {
  const require = createRequire(import.meta.url);
  const own = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  return ["zeromq", "tslab"].map((name): Finding => {
    try {
      require(name === "tslab" ? "tslab/dist/converter.js" : name);
      const { version } = require(`${name}/package.json`) as { version: string };
      const wanted = own.dependencies[name];
      if (version === wanted) return { check: name, status: "ok", detail: version };
      return { check: name, status: "problem", detail: `${version}, expected ${wanted}`, mend: "npm install" };
    } catch (error) {
      const [reason] = (error as Error).message.split("\n");
      return { check: name, status: "problem", detail: `cannot be loaded: ${reason}`, mend: "npm install" };
    }
  });
}

/** Starts a kernel, runs a cell in it and ends it. */
async function kernel(): Promise<Finding> {
  const started = performance.now();
  const launched = await launchKernel({
    cwd: tmpdir(),
    env: { LOWBIT_HISTORY: join(tmpdir(), "lowbit-doctor-none", "h") },
  });
  const client = connectKernel(launched.connection);
  const died = launched.exited.then(({ code, signal, stderr }) => {
    throw new Error(`it ended (${signal ?? `exit code ${code}`}): ${stderr.trim().split("\n").at(-1) ?? ""}`);
  });
  const answers = async (): Promise<string> => {
    await client.ready(30_000);
    const code = "const answer: number = 6 * 7";
    const reply = await client.request("execute_request", {
      code,
      store_history: false,
      user_expressions: { answer: "answer" },
    });
    const value = JSON.stringify((reply.content as { user_expressions?: object }).user_expressions ?? {});
    if (!value.includes('"42"')) throw new Error(`a cell gave ${JSON.stringify(reply.content).slice(0, 200)}`);
    return `starts and runs a cell, ${((performance.now() - started) / 1000).toFixed(1)} s in all`;
  };
  try {
    return { check: "kernel", status: "ok", detail: await Promise.race([answers(), died]) };
  } catch (error) {
    const mend = "the message above says what is wrong; npm install repairs a broken installation";
    return { check: "kernel", status: "problem", detail: (error as Error).message, mend };
  } finally {
    died.catch(() => undefined);
    client.close();
    await launched.kill();
  }
}

/** Every kernelspec of ours that Jupyter would find. */
function kernelspecs({ version }: PackageFacts): Finding[] {
  const found = dataFolders()
    .map(specFolder)
    .filter((folder) => existsSync(folder))
    .map((folder) => kernelspec(folder, version));
  if (found.length > 0) return found;
  const detail = "not installed in Jupyter; `lowbit start` does not need it";
  return [{ check: "kernelspec", status: "note", detail, mend: "lowbit install" }];
}

function kernelspec(folder: string, version: string): Finding {
  const check = "kernelspec";
  const { argv, metadata } = readSpec(folder) ?? { argv: [] };
  const mend = "lowbit install, with the same --prefix or --sys-prefix if it is not your own folder";
  const script = argv.find((part) => part.endsWith(".js"));
  const gone = [argv[0], script].find((file) => file === undefined || !existsSync(file));
  if (argv.length === 0 || script === undefined) {
    return { check, status: "problem", detail: `${folder}: kernel.json cannot be read`, mend };
  }
  if (gone !== undefined) return { check, status: "problem", detail: `${folder}: ${gone} is not there any more`, mend };
  if (argv.join(" ") !== kernelArgv("{connection_file}").join(" ")) {
    const detail = `${folder}: for another Node or another copy of Lowbit (${argv[0]}, ${dirname(script)})`;
    return { check, status: "note", detail, mend };
  }
  const installed = metadata?.lowbit?.version;
  if (installed !== version) return { check, status: "note", detail: `${folder}: written by ${installed}`, mend };
  return { check, status: "ok", detail: folder };
}

/** Jupyter itself is never needed by `lowbit start`. */
async function jupyter(): Promise<Finding> {
  const check = "Jupyter";
  const command = findCommand("jupyter");
  if (command === undefined) {
    const detail = "no jupyter command on the path; `lowbit start` and `lowbit run` do not need one";
    return { check, status: "note", detail, mend: "pip install jupyterlab, if you want JupyterLab itself" };
  }
  try {
    const { stdout } = await promisify(execFile)(command, ["--version"], { timeout: 60_000 });
    const versions = stdout
      .split("\n")
      .map((text) => /^(jupyterlab|notebook|jupyter_client)\s*:\s*(\d\S*)/.exec(text))
      .flatMap((match) => (match ? [`${match[1]} ${match[2]}`] : []));
    return { check, status: "ok", detail: `${command}: ${versions.join(", ") || "no JupyterLab or Notebook"}` };
  } catch (error) {
    const detail = `${command} does not answer: ${(error as Error).message.split("\n")[0]}`;
    return { check, status: "note", detail, mend: "pip install --upgrade jupyter_core" };
  }
}

/** Where the app and the kernel keep things. */
async function folders(): Promise<Finding[]> {
  const { stateFolder } = await import("../../app/server/state-folder.js");
  const places = { settings: stateFolder(), "input history": dirname(historyFile()), "temporary files": tmpdir() };
  return Object.entries(places).map(([check, folder]): Finding => {
    const existing = nearestExisting(folder);
    try {
      accessSync(existing, constants.W_OK);
      return { check, status: "ok", detail: folder };
    } catch {
      const mend = `chmod u+w ${existing}, or set LOWBIT_STATE_DIR and LOWBIT_HISTORY`;
      const status = check === "temporary files" ? "problem" : "note";
      return { check, status, detail: `${folder} cannot be written; nothing is kept there`, mend };
    }
  });
}

function nearestExisting(folder: string): string {
  let place = folder;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  return place;
}
