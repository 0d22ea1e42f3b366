/** The one HTML page of the app, and the one of somebody without the token. */
import type { Manifest } from "./assets.js";

/** What the page tells the front end. */
export interface PageOptions {
  readonly manifest: Manifest;
  readonly version: string;
  readonly xsrfToken: string;
  readonly root: string;
  /** When the server was started. */
  readonly started: string;
  /** The file that the address names; "" for none. */
  readonly treePath: string;
  readonly workspace: string;
  readonly mode: "multiple-document" | "single-document";
  /** Makes the application object a global, for tests. */
  readonly expose: boolean;
}

/** Plugins of JupyterLab that are off, because they call home. */
export const disabledExtensions: readonly string[] = ["@jupyterlab/apputils-extension:announcements"];

/** Returns the page that loads the application. */
export function renderPage(options: PageOptions): string {
  const scripts = options.manifest.scripts.map((name) => `<script defer src="/static/${name}"></script>`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lowbit</title>
<link rel="icon" type="image/svg+xml" href="/static/logo.svg" class="idle favicon">
<link rel="" type="image/svg+xml" href="/static/logo-busy.svg" class="busy favicon">
<style>${splashStyle}</style>
<script id="jupyter-config-data" type="application/json">${inScript(pageConfig(options))}</script>
${scripts.join("\n")}
</head>
<body class="jp-ThemedContainer">
<noscript>Lowbit needs JavaScript.</noscript>
</body>
</html>
`;
}

/** Returns the page of somebody without the token. @param words what it says first */
export function renderLogin(
  words = "This server belongs to the person who started it. Open the address that it printed in the terminal.",
): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lowbit</title>
<link rel="icon" href="data:,">
<style>${loginStyle}</style>
</head>
<body>
<main>
<h1>Lowbit</h1>
<p>${words} Or paste the token from that address here.</p>
<form action="/" method="get"><input name="token" type="password" aria-label="Token" autofocus required>
<button>Open</button></form>
</main>
</body>
</html>
`;
}

function pageConfig(options: PageOptions): Record<string, unknown> {
  return {
    appName: "Lowbit",
    appNamespace: "lowbit",
    appVersion: options.manifest.jupyterlab,
    appUrl: "/lab",
    baseUrl: "/",
    treeUrl: "/lab/tree",
    workspacesApiUrl: "/lab/api/workspaces",
    settingsUrl: "/lab/api/settings",
    themesUrl: "/lab/api/themes",
    translationsApiUrl: "/lab/api/translations",
    licensesUrl: "/lab/api/licenses",
    mode: options.mode,
    workspace: options.workspace,
    treePath: options.treePath,
    serverRoot: options.root,
    serverStarted: options.started,
    xsrfToken: options.xsrfToken,
    widgetsUrl: "/widgets/lab.js",
    widgetsVersion: options.version,
    exposeAppInBrowser: String(options.expose),
    disabledExtensions,
    deferredExtensions: [],
    terminalsAvailable: "false",
    buildAvailable: "false",
    buildCheck: "false",
    devMode: "false",
    quitButton: "true",
    cacheFiles: "true",
    delete_to_trash: "false",
    store_id: 0,
  };
}

/** JSON that cannot end the script element it stands in. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

const splashStyle = `html,body{margin:0;height:100%;background:#fff}
body:empty::before,body:has(>noscript:only-child)::before{content:"Lowbit";position:absolute;inset:0;display:grid;
place-items:center;font:24px system-ui,sans-serif;color:#888}
@media (prefers-color-scheme:dark){html,body{background:#111}}`;

const loginStyle = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;display:grid;
place-items:center;min-height:90vh;margin:0}main{max-width:26rem;padding:1rem}h1{font-weight:600}
form{display:flex;gap:.5rem}input{flex:1;font:inherit;padding:.3rem .5rem}button{font:inherit;padding:.3rem .8rem}`;
