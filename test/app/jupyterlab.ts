/** JupyterLab from PyPI with our kernelspec, in folders of its own, and a page on it. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium as launcher, type Page } from "playwright-core";
import { emptyFolder } from "../support/kernel.js";
import { environmentWithKernelspec } from "../support/kernelspec.js";

/** A running JupyterLab and a page that shows one of its notebooks. */
export interface PypiLab {
  readonly page: Page;
  readonly root: string;
  close(): Promise<void>;
}

/** Starts JupyterLab and opens a notebook in it. */
export async function openPypiLab(python: string, executablePath: string, notebook: object): Promise<PypiLab> {
  const home = emptyFolder("lowbit-jupyterlab-");
  const root = join(home, "work");
  mkdirSync(root);
  writeFileSync(join(root, "n.ipynb"), JSON.stringify(notebook));
  const token = randomUUID();
  const server = spawn(
    python,
    [
      ...["-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port=0", "--ServerApp.port_retries=0"],
      ...[`--IdentityProvider.token=${token}`, `--ServerApp.root_dir=${root}`, "--LabApp.news_url=None"],
      ...["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.expose_app_in_browser=True"],
    ],
    { env: { ...(await environmentWithKernelspec()), HOME: home }, stdio: ["ignore", "ignore", "pipe"] },
  );
  try {
    const address = await addressOf(server);
    const browser = await launcher.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(60_000);
    await page.goto(`${address}lab/tree/n.ipynb?token=${token}`);
    return { page, root, close: () => close(browser, server) };
  } catch (error) {
    server.kill("SIGKILL");
    throw error;
  }
}

/** Reads from its log where a server listens. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = "";
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      const found = /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)\//.exec(log);
      if (found) resolve(`http://127.0.0.1:${found[1]}/`);
    });
    server.once("exit", (code) => reject(new Error(`JupyterLab ended (${code}): ${log.slice(-2000)}`)));
  });
}

async function close(browser: Browser, server: ChildProcess): Promise<void> {
  await browser.close();
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
}
