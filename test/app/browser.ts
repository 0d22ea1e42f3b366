/** A page of the app in a real browser. Everything waits for a state that a person could see, never for time. */
import { type Browser, type Locator, chromium as launcher, type Page } from "playwright-core";
import type { TestContext } from "vitest";
import type { StartOptions } from "../../app/server/index.js";
import { chromium, need } from "../support/peers.js";
import { isRemark } from "../support/remarks.js";
import { startTestServer, type TestServer } from "./support.js";

/** What the tests use of the object that `exposeApp` makes global. */
export interface AppGlobal {
  jupyterapp: {
    commands: { execute(id: string, args?: object): Promise<unknown> };
    shell: {
      currentWidget: {
        context?: { path: string; isReady: boolean; model: { dirty: boolean } };
        sessionContext?: { isReady: boolean; session?: { kernel?: { status: string } } };
      } | null;
    };
  };
}

/** A server, a browser and one page. */
export interface Lab {
  readonly app: TestServer;
  readonly page: Page;
  /** Errors and warnings on the console, failed requests and requests to elsewhere, as they came. */
  readonly complaints: string[];
  /** Opens a notebook by its address and waits until its kernel is idle. */
  open(path: string): Promise<void>;
  /** Reloads the page and waits as `open` does. */
  reload(path: string): Promise<void>;
  /** Waits until *path* is in front and its kernel has this status. */
  kernelIs(status: string, path?: string): Promise<void>;
  command(id: string, args?: object): Promise<void>;
  cell(index: number): Locator;
  /** Another page of the same server, in a window of its own. */
  another(): Promise<Lab>;
  /** Runs a cell by clicking beside it and pressing Ctrl+Enter; waits for its number. */
  run(index: number): Promise<void>;
  close(): Promise<void>;
}

const panel = ".jp-NotebookPanel:not(.lm-mod-hidden)";
/** Said at every load by packages of JupyterLab itself, without consequence. */
const harmless = /Yjs type|yjs#509|Disabling terminals plugin/;

/** Starts everything, or skips the test that asked because there is no browser. */
export async function openLab(context: TestContext, options: Partial<StartOptions> = {}): Promise<Lab> {
  const executablePath = need(context, chromium());
  const app = await startTestServer({ exposeApp: true, ...options });
  const browser = await launcher.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  return await openPage(app, browser);
}

async function openPage(app: TestServer, browser: Browser): Promise<Lab> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(30_000);
  // A page with unsaved changes asks before it goes; the tests mean it.
  page.on("dialog", (dialog) => void dialog.accept());
  return drive(app, browser, page, listen(page, `http://127.0.0.1:${app.server.port}/`));
}

function listen(page: Page, home: string): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (!harmless.test(message.text()) && !isRemark(message.text())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`page: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(home) && !/^(data|blob):/.test(request.url()))
      complaints.push(`to: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return complaints;
}

function drive(app: TestServer, browser: Browser, page: Page, complaints: string[]): Lab {
  const kernelIs = async (status: string, path?: string): Promise<void> => {
    await page.waitForFunction(
      ([wanted, file]) => {
        const widget = (globalThis as unknown as Partial<AppGlobal>).jupyterapp?.shell.currentWidget;
        if (file !== undefined && widget?.context?.path !== file) return false;
        return widget?.sessionContext?.session?.kernel?.status === wanted;
      },
      [status, path] as const,
    );
  };
  const ready = async (path: string): Promise<void> => {
    await kernelIs("idle", path);
    await page.locator(`${panel} .jp-Cell`).first().waitFor();
  };
  const cell = (index: number): Locator => page.locator(`${panel} .jp-Cell`).nth(index);
  return {
    app,
    page,
    complaints,
    kernelIs,
    cell,
    another: () => openPage(app, browser),
    open: async (path) => {
      const address = new URL(app.server.url);
      address.pathname = `/lab/tree/${path}`;
      await page.goto(address.href);
      await ready(path);
    },
    reload: async (path) => {
      await page.reload();
      await ready(path);
    },
    command: async (id, args = {}) => {
      await page.evaluate(
        async ([command, options]) => {
          await (globalThis as unknown as AppGlobal).jupyterapp.commands.execute(command, options);
        },
        [id, args] as const,
      );
    },
    run: async (index) => {
      const prompt = cell(index).locator(".jp-InputPrompt");
      await prompt.click();
      await page.keyboard.press("Control+Enter");
      await prompt.filter({ hasText: /\[\d+\]/ }).waitFor();
    },
    close: async () => {
      await browser.close();
      await app.close();
    },
  };
}
