/** The `lowbit` command: the composition root. Each command loads only what it needs. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import type { InstallOptions, PlaceOptions } from "./cli/install.js";
import { mainScript, nodeFlags } from "./io/launch.js";

const { version, description, engines } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as {
  readonly version: string;
  readonly description: string;
  readonly engines: { readonly node: string };
};

function createProgram(): Command {
  const program = new Command("lowbit").description(description).version(version);
  program
    .command("start")
    .description("open the notebook app in the browser")
    .argument("[notebook]", "notebook to open, relative to the root folder")
    .option("--root <dir>", "folder that the app shows and writes", process.cwd())
    .option("--port <n>", "port on the loopback interface; default: a free one", parsePort)
    .option("--no-open", "do not open a browser, only print the address")
    .action(async (notebook: string | undefined, options: StartOptions) => {
      const { start } = await import("./cli/start.js");
      await start(notebook, options);
    });
  program
    .command("kernel")
    .description("run a kernel for a Jupyter client")
    .requiredOption("-f, --connection-file <file>", "connection file that the client wrote")
    .action(async (options: { readonly connectionFile: string }) => {
      if (!hasFlags()) return respawn();
      const { startKernel } = await import("./session/kernel.js");
      startKernel(options.connectionFile);
    });
  program
    .command("run")
    .description("run a notebook without a browser; exit code 1 when a cell fails")
    .argument("<notebook>", "the .ipynb file")
    .option("-p, --parameter <name=value>", "replace a parameter; may be repeated", collect, [])
    .option("-o, --output <file>", "write the notebook with its outputs and widget state here")
    .option("--check", "also fail when a claim's verdict differs, a check fails, or there is none")
    .addOption(new Option("--timeout <seconds>", "stop a cell that runs longer").argParser(parseSeconds))
    .addOption(
      new Option("--output-limit <MB>", "keep so much printed text of each cell, 0: all; default: 1").argParser(
        parseLimit,
      ),
    )
    .action(async (notebook: string, options: RunOptions) => {
      const { run } = await import("./cli/run.js");
      process.exitCode = await run(notebook, options);
    });
  program
    .command("export")
    .description("a notebook as one HTML file whose widgets stay alive without kernel and network")
    .argument("<notebook>", "the .ipynb file")
    .option("-o, --output <file>", "default: the notebook's name with .html, or .js for a snippet")
    .addOption(new Option("--format <format>", "the format").choices(["html"]).default("html"))
    .option("--static", "a page without any script: widgets are pictures")
    .option("--run", "run the notebook first; the file itself stays as it is")
    .option("--no-code", "leave out the code of the cells")
    .option("--toc", "add a table of contents")
    .option("--widget <n|id>", "only this widget, counted from 1 as shown, or by its id; with --snippet")
    .option("--snippet", "a JavaScript module that shows one widget in any page")
    .action(async (notebook: string, options: ExportCommandOptions) => {
      const { exportNotebook } = await import("./cli/export.js");
      process.exitCode = await exportNotebook(notebook, options);
    });
  placed(program.command("install").description("put kernel and widgets into a Jupyter that is already there"))
    .option("--no-widgets", "the kernel alone")
    .action(async (options: InstallOptions) => {
      const { install } = await import("./cli/install.js");
      install(options, version);
    });
  placed(program.command("uninstall").description("undo lowbit install")).action(async (options: PlaceOptions) => {
    const { uninstall } = await import("./cli/install.js");
    uninstall(options);
  });
  program
    .command("doctor")
    .description("say what is found, what is missing, and the command that mends it; exit code 1 when something is")
    .option("--json", "print the findings as JSON")
    .action(async (options: { readonly json?: boolean }) => {
      const { doctor } = await import("./cli/doctor.js");
      process.exitCode = await doctor({ version, engines: engines.node }, options);
    });
  return program;
}

function placed(command: Command): Command {
  return command
    .option("--user", "in the person's own Jupyter folder (default)")
    .option("--prefix <dir>", "in DIR/share/jupyter, for example a virtual environment")
    .option("--sys-prefix", "in the active Python environment (VIRTUAL_ENV, CONDA_PREFIX, or that of jupyter)");
}

/** Options of `lowbit start`. */
export interface StartOptions {
  readonly root: string;
  readonly port?: number;
  readonly open: boolean;
}

/** Options of `lowbit run`. */
export interface RunOptions {
  readonly parameter: readonly string[];
  readonly output?: string;
  readonly check?: boolean;
  readonly timeout?: number;
  /** Characters of printed text that are kept of each cell. */
  readonly outputLimit?: number;
}

/** Options of `lowbit export`. */
export interface ExportCommandOptions {
  readonly output?: string;
  readonly static?: boolean;
  readonly run?: boolean;
  readonly code: boolean;
  readonly toc?: boolean;
  readonly widget?: string;
  readonly snippet?: boolean;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`--port: "${text}", expected a whole number from 0 to 65535`);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0) return seconds;
  throw new Error(`--timeout: "${text}", expected a number of seconds above 0`);
}

/** Megabytes as characters; 0 means no limit. */
function parseLimit(text: string): number {
  const megabytes = Number(text);
  if (megabytes >= 0 && text.trim() !== "") return megabytes === 0 ? Number.POSITIVE_INFINITY : megabytes * 2 ** 20;
  throw new Error(`--output-limit: "${text}", expected a number of megabytes, or 0 for no limit`);
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function hasFlags(): boolean {
  return nodeFlags().every((flag) => process.execArgv.includes(flag));
}

/** Started by hand, without the flags that a stop needs: the same command again, with them. */
function respawn(): void {
  const child = spawn(process.execPath, [...nodeFlags(), mainScript, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

createProgram()
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`lowbit: ${error.message}\n`);
    process.exitCode = 1;
  });
