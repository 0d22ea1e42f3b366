/** JupyterLab and Notebook 7 from PyPI with what `lowbit install` writes, in folders of their own, and a page on one. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium as launcher, type Page } from "playwright-core";
import { emptyFolder, root as repository } from "../support/kernel.js";
import type { NotebookPage } from "./notebook-page.js";

/** The programs: Python modules that start a server. */
export type PypiApp = "jupyterlab" | "notebook";

/** What is started. */
export interface PypiOptions {
  readonly app: PypiApp;
  /** The Python that has the app. */
  readonly python: string;
  /** The browser. */
  readonly executablePath: string;
  /** The notebooks in the server's folder, by file name. */
  readonly notebooks: Readonly<Record<string, object>>;
  /** The `lowbit` command that installs; default: this checkout's. */
  readonly bin?: string;
}

/** A running server and a page on it. */
export interface PypiPage extends NotebookPage {
  readonly root: string;
  /** Jupyter's data folder below the prefix into which Lowbit was installed. */
  readonly data: string;
  /** Errors of the page, and requests that went elsewhere, as they came; those requests were aborted. */
  readonly complaints: string[];
  /** Returns the id of the kernel. */
  kernel(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** What the tests use of the object that the servers make global when they are told to expose the app. */
interface AppGlobal {
  jupyterapp: {
    commands: { execute(id: string, args?: object): Promise<unknown> };
    shell: {
      currentWidget: {
        context?: { path: string; isReady: boolean };
        sessionContext?: { session?: { kernel?: { id: string; status: string } } };
      } | null;
    };
  };
}

/** Notebook's own page says this at every load, also without Lowbit. */
const harmless = /reading 'schema'/;

/** Installs Lowbit into a prefix, starts the server with it, and opens an empty page. */
export async function openPypi(options: PypiOptions): Promise<PypiPage> {
  const home = emptyFolder(`lowbit-${options.app}-`);
  const root = join(home, "work");
  mkdirSync(root);
  for (const [name, notebook] of Object.entries(options.notebooks)) {
    writeFileSync(join(root, name), JSON.stringify(notebook));
  }
  const token = randomUUID();
  const server = startServer(options, home, root, token);
  try {
    const address = await addressOf(server);
    const browser = await launcher.launch({
      executablePath: options.executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    // Tall enough that no cell has to be scrolled to before it is drawn.
    const page = await browser.newPage({ viewport: { width: 1280, height: 6000 } });
    page.setDefaultTimeout(60_000);
    const view = `${address}${options.app === "notebook" ? "notebooks" : "lab/tree"}`;
    return {
      root,
      data: join(home, "prefix", "share", "jupyter"),
      ...(await drive(page, address, (notebook) => `${view}/${notebook}?token=${token}`)),
      close: () => close(browser, server),
    };
  } catch (error) {
    server.kill("SIGKILL");
    throw error;
  }
}

function startServer({ app, python, bin }: PypiOptions, home: string, root: string, token: string): ChildProcess {
  const command = bin ?? join(repository, "bin", "lowbit.js");
  execFileSync(process.execPath, [command, "install", "--prefix", join(home, "prefix")], { stdio: "pipe" });
  const configuration = join(home, ".jupyter", "labconfig");
  mkdirSync(configuration, { recursive: true });
  const disabledExtensions = { "@jupyterlab/apputils-extension:announcements": true };
  writeFileSync(join(configuration, "page_config.json"), JSON.stringify({ disabledExtensions }));
  const exposing = app === "notebook" ? "JupyterNotebookApp" : "LabApp";
  return spawn(
    python,
    [
      ...["-m", app, "--no-browser", "--allow-root", "--ServerApp.port=0", "--ServerApp.port_retries=0"],
      ...[
        `--IdentityProvider.token=${token}`,
        `--ServerApp.root_dir=${root}`,
        `--${exposing}.expose_app_in_browser=True`,
      ],
    ],
    {
      env: {
        ...process.env,
        HOME: home,
        JUPYTER_CONFIG_DIR: join(home, ".jupyter"),
        JUPYTER_PATH: join(home, "prefix", "share", "jupyter"),
        JUPYTER_RUNTIME_DIR: join(home, "runtime"),
        JUPYTER_PLATFORM_DIRS: "1",
        LOWBIT_HISTORY: join(home, "history.jsonl"),
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
}

async function drive(
  page: Page,
  address: string,
  urlOf: (notebook: string) => string,
): Promise<Omit<PypiPage, "root" | "data" | "close">> {
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => {
    if (!harmless.test(message)) complaints.push(`page: ${message}`);
  });
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url.startsWith(address) || /^(data|blob):/.test(url)) return route.continue();
    complaints.push(`to: ${url}`);
    return route.abort();
  });
  let current = "";
  const idle = async (): Promise<void> => {
    await page.waitForFunction((path) => {
      const widget = (globalThis as unknown as Partial<AppGlobal>).jupyterapp?.shell.currentWidget;
      return widget?.context?.path === path && widget.sessionContext?.session?.kernel?.status === "idle";
    }, current);
    await page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").first().waitFor();
  };
  return {
    page,
    complaints,
    idle,
    kernel: () =>
      page.evaluate(
        () => (globalThis as unknown as AppGlobal).jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.id,
      ),
    open: async (notebook) => {
      current = notebook;
      await page.goto(urlOf(notebook));
      await idle();
    },
    reload: async () => {
      await page.reload();
      await idle();
    },
    command: async (id, args = {}) => {
      await page.evaluate(
        async ([command, options]) => {
          await (globalThis as unknown as AppGlobal).jupyterapp.commands.execute(command, options);
        },
        [id, args] as const,
      );
    },
  };
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
    server.once("exit", (code) => reject(new Error(`the server ended (${code}): ${log.slice(-2000)}`)));
  });
}

async function close(browser: Browser, server: ChildProcess): Promise<void> {
  await browser.close();
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
}
