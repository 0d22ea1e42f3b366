/** A small Jupyter Server: JupyterLab's front end, the files of one folder, and TypeScript kernels. */
import { readFile, stat } from "node:fs/promises";
import type { Server } from "node:http";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type FastifyInstance, fastify } from "fastify";
import { launchKernel } from "../../kernel/io/launch.js";
import { installContents } from "./contents/routes.js";
import { openTrustStore } from "./contents/trust.js";
import { installExport } from "./export.js";
import { createGuard, createToken, type Guard } from "./guard.js";
import { installGuard } from "./guard-hooks.js";
import { installErrorHandler } from "./http-error.js";
import { installJournal } from "./journal/routes.js";
import type { KernelTimes, Launch } from "./kernels/kernel.js";
import { createKernelManager, type KernelManager } from "./kernels/manager.js";
import { installKernels } from "./kernels/routes.js";
import { installAssets, type Manifest, readManifest } from "./lab/assets.js";
import { installLicenses } from "./lab/licenses.js";
import { installPages } from "./lab/pages.js";
import { installServices } from "./lab/services.js";
import { installSettings } from "./lab/settings.js";
import { installWorkspaces } from "./lab/workspaces.js";
import { listen, stopListening } from "./listen.js";
import { installBodyParser } from "./parse-body.js";
import { openRootFolder, type RootFolder } from "./root-folder.js";
import { rootSecret } from "./secret.js";
import { installSessions } from "./sessions.js";
import { closeOnSignals } from "./signals.js";
import { stateFolder } from "./state-folder.js";
import { installWebsockets } from "./websockets.js";

export { openBrowser } from "./open-browser.js";

/** What a server is started with. */
export interface StartOptions {
  /** The folder whose files are shown. */
  readonly root: string;
  /** Port of the loopback interface; 0 for any free one. Default: the first free one from 8888 on. */
  readonly port?: number;
  /** Default: 256 random bits. */
  readonly token?: string;
  /** The notebook that the URL opens, below the root. Default: notebooks/00-tour.ipynb if it exists. */
  readonly notebook?: string;
  /** Close on SIGINT, SIGTERM and SIGHUP, then end the process. Default true. */
  readonly handleSignals?: boolean;
  /** The folder that holds the built `app/ui` and `widgets`. Default: dist/ of this package. */
  readonly assets?: string;
  /** Where settings, workspaces and trust are kept. Default: the person's own folder. */
  readonly state?: string;
  /** Makes JupyterLab's application object a global of the page. Default false. */
  readonly exposeApp?: boolean;
  /** Default: `launchKernel` of kernel/io. */
  readonly launch?: Launch;
  readonly kernelTimes?: Partial<KernelTimes>;
  /** Takes a line about what went wrong. Default: stderr. */
  readonly log?: (line: string) => void;
}

/** A server that listens. */
export interface RunningServer {
  /** Opens the app, token included. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** Ends the kernels, then the server. May be called twice. */
  close(): Promise<void>;
  /** Resolves when the server has ended, also when it was shut down from the page. */
  readonly closed: Promise<void>;
}

/** The dist/ folder, seen from the built file and from its source in the repository. */
const distFolder: string = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../dist/" : "../../", import.meta.url),
);

/**
 * Starts a server on the loopback interface.
 * @throws Error when the root does not exist, the app is not built or the port is taken
 * @example const server = await startServer({ root: process.cwd() }); openBrowser(server.url);
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const root = await openRootFolder(options.root).catch(() => {
    throw new Error(`startServer: root "${options.root}" does not exist`);
  });
  const assets = options.assets ?? distFolder;
  const version = await packageVersion();
  const manifest = await readManifest(join(assets, "app/ui"));
  const log = options.log ?? ((line: string) => process.stderr.write(`lowbit: ${line}\n`));
  const state = options.state ?? stateFolder();
  const secret = await rootSecret(state, root.real);
  const { server, port } = await listen(options.port);
  const guard = createGuard(options.token ?? createToken(), port, secret);
  const kernels = createKernelManager({
    root,
    launch: options.launch ?? launchKernel,
    log,
    times: options.kernelTimes,
  });

  const app = createApp({
    options,
    root,
    state,
    assets,
    manifest,
    log,
    guard,
    kernels,
    version,
    server,
    stop: () => close(),
  });
  const closeWebsockets = installWebsockets(server, guard, kernels);
  const { close, closed } = closeOnce(async () => {
    const ended = kernels.close();
    closeWebsockets();
    await ended;
    await app.close();
    await stopListening(server);
  });
  await app.ready();
  const path = await startPath(root, options.notebook).catch(async (error: Error) => {
    await close();
    throw error;
  });
  if (options.handleSignals ?? true) closed.finally(closeOnSignals(close));
  return { url: `http://127.0.0.1:${port}${path}?token=${guard.token}`, port, token: guard.token, close, closed };
}

interface Parts {
  readonly options: StartOptions;
  readonly root: RootFolder;
  readonly state: string;
  readonly assets: string;
  readonly manifest: Manifest;
  readonly log: (line: string) => void;
  readonly guard: Guard;
  readonly kernels: KernelManager;
  readonly version: string;
  readonly server: Server;
  readonly stop: () => Promise<void>;
}

/** Returns *close* so that it runs once, and a promise of its end. */
function closeOnce(close: () => Promise<void>): { close: () => Promise<void>; closed: Promise<void> } {
  let markClosed = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    markClosed = resolve;
  });
  let closing: Promise<void> | undefined;
  return {
    closed,
    close: () => {
      closing ??= close().finally(markClosed);
      return closing;
    },
  };
}

/** Puts the endpoints together. */
function createApp(parts: Parts): FastifyInstance {
  const { options, root, state, assets, manifest, guard, kernels, version } = parts;
  const app = fastify({
    bodyLimit: 8 * 2 ** 20,
    serverFactory: (handler) => parts.server.on("request", handler),
    routerOptions: { maxParamLength: 4096 },
  });
  const ui = join(assets, "app/ui");
  const started = new Date().toISOString();
  installErrorHandler(app, parts.log);
  installBodyParser(app);
  installGuard(app, guard);
  installContents(app, root, openTrustStore(state));
  installKernels(app, kernels);
  const documentOf = installSessions(app, kernels);
  installJournal(app, kernels, documentOf);
  installSettings(app, ui, state, manifest);
  installWorkspaces(app, state, root.real);
  installServices(app, { kernels, version, started, root: root.real, stop: parts.stop });
  installExport(app, root);
  installAssets(app, ui, join(assets, "widgets"));
  installLicenses(app, [ui, join(assets, "widgets")]);
  installPages(app, {
    manifest,
    version,
    xsrfToken: guard.xsrfToken,
    root: root.real,
    started,
    expose: options.exposeApp ?? false,
  });
  return app;
}

/** The address to open: that of *notebook*, of the tour, or of the app alone.
 * @throws Error when *notebook* is named but not there */
async function startPath(root: RootFolder, notebook: string | undefined): Promise<string> {
  const wanted = notebook ?? "notebooks/00-tour.ipynb";
  const path = relative(root.real, resolve(root.real, wanted)).split(sep).join("/");
  const exists = await root
    .resolve(path)
    .then(({ real }) => stat(real))
    .catch(() => undefined);
  if (exists) return `/lab/tree/${path.split("/").map(encodeURIComponent).join("/")}`;
  if (notebook !== undefined) throw new Error(`startServer: notebook "${notebook}" is not in ${root.real}`);
  return "/lab";
}

async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(distFolder, "../package.json"), "utf8")) as { version: string };
  return version;
}
