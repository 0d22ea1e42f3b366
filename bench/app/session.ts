/** One start of a notebook app, from the command to the first result in a browser of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

/** A notebook app as it is started from a shell. */
export interface Subject {
  readonly name: string;
  /** The kernel of the notebook, as its metadata name it. */
  readonly kernelspec: { readonly name: string; readonly display_name: string; readonly language: string };
  /** The command that serves a folder on a free port and prints its address on stdout or stderr. */
  command(folder: string, home: string): { readonly file: string; readonly args: readonly string[] };
  readonly env: NodeJS.ProcessEnv;
  /** Turns what was printed into the notebook's address, once it is there. */
  address(printed: string): string | undefined;
}

/** What is measured, in milliseconds. */
export interface Times {
  /** From the command to the printed address. */
  readonly served: number;
  /** From opening the address, with nothing in the browser's cache, until the first cell can be read. */
  readonly visible: number;
  /** From opening the address until the kernel is idle. */
  readonly idle: number;
  /** From Ctrl+Enter in the first cell, the first of this kernel, until its result can be read. */
  readonly result: number;
  /** From a reload until the first cell can be read again. */
  readonly again: number;
}

/** Starts the app, uses it, ends it. @throws Error when the first cell does not give 42 */
export async function session(subject: Subject, executablePath: string): Promise<Times> {
  const home = mkdtempSync(join(tmpdir(), "lowbit-bench-app-"));
  const folder = mkdtempSync(join(tmpdir(), "lowbit-bench-notebook-"));
  writeFileSync(join(folder, "n.ipynb"), JSON.stringify(notebook(subject)));
  const { file, args } = subject.command(folder, home);
  const started = performance.now();
  const server = spawn(file, args, { env: { ...subject.env, HOME: home }, stdio: ["ignore", "pipe", "pipe"] });
  let browser: Browser | undefined;
  try {
    const address = await printedAddress(server, subject);
    const served = performance.now() - started;
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(120_000);
    return { served, ...(await use(page, address, subject)) };
  } finally {
    await browser?.close();
    await end(server);
    for (const path of [home, folder]) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function use(page: Page, address: string, subject: Subject): Promise<Omit<Times, "served">> {
  const cell = page.locator(".jp-NotebookPanel .jp-CodeCell").first();
  const shown = async (): Promise<void> =>
    void (await cell.locator(".cm-content").filter({ hasText: "6 * 7" }).waitFor());
  const idle = page
    .locator(".jp-StatusBar-TextItem")
    .filter({ hasText: `${subject.kernelspec.display_name} ` })
    .filter({ hasText: "| Idle" });
  const opened = performance.now();
  await page.goto(address, { waitUntil: "commit" });
  await shown();
  const visible = performance.now() - opened;
  await idle.waitFor();
  const ready = performance.now() - opened;
  await cell.locator(".jp-InputPrompt").click();
  const asked = performance.now();
  await page.keyboard.press("Control+Enter");
  await cell.locator(".jp-OutputArea-executeResult").filter({ hasText: "42" }).waitFor();
  const result = performance.now() - asked;
  const reloaded = performance.now();
  await page.reload({ waitUntil: "commit" });
  await shown();
  return { visible, idle: ready, result, again: performance.now() - reloaded };
}

function notebook({ kernelspec }: Subject): object {
  const cell = { cell_type: "code", execution_count: null, id: "a", metadata: {}, outputs: [], source: "6 * 7" };
  return { cells: [cell], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
}

function printedAddress(server: ChildProcess, subject: Subject): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const read = (text: string): void => {
      printed += text;
      const address = subject.address(printed);
      if (address !== undefined) resolve(address);
    };
    server.stdout?.setEncoding("utf8").on("data", read);
    server.stderr?.setEncoding("utf8").on("data", read);
    server.once("exit", (code) => reject(new Error(`${subject.name} ended (${code}): ${printed.slice(-2000)}`)));
  });
}

function end(server: ChildProcess): Promise<unknown> {
  if (server.exitCode !== null) return Promise.resolve();
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  return ended;
}
