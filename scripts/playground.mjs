// `npm run playground`: builds one page with every widget view in its sample states and serves it on this machine
// only, with the content security policy of the notebook app. `--build` only builds, `--port=N` chooses the port.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./build-widgets.mjs";

const folder = new URL("../dist/playground/", import.meta.url);

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lowbit widgets: playground</title>
<link rel="icon" href="data:,">
<script type="module" src="playground.js"></script>
</head>
<body></body>
</html>
`;

/** The app's policy: what works here works there. */
const policy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-eval' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self' ws:",
  "frame-ancestors 'self'",
  "object-src 'none'",
  "base-uri 'self'",
].join("; ");

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8" };

/** The file that a path of the page names; undefined for any other. */
function fileOf(path) {
  const name = path === "/" ? "index.html" : path.slice(1);
  const file = new URL(name, folder);
  return /^(index\.html|playground\.js|chunks\/[\w.-]+\.js)$/.test(name) && existsSync(file) ? file : undefined;
}

/** Builds dist/playground/. */
export async function buildPlayground() {
  mkdirSync(folder, { recursive: true });
  await bundle("widgets/playground/playground.ts", "dist/playground/playground.js", { sourcemap: "inline" });
  writeFileSync(new URL("index.html", folder), page);
}

/** Serves dist/playground/ on loopback; resolves to the server and its address. */
export function servePlayground(port = 0) {
  const server = createServer((request, response) => {
    const file = fileOf(new URL(request.url, "http://localhost").pathname);
    if (request.method !== "GET" || file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const headers = {
      "content-type": types[extname(file.pathname)],
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
    };
    response.writeHead(200, headers).end(readFileSync(file));
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve({ server, url: `http://127.0.0.1:${server.address().port}/` }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPlayground();
  if (!process.argv.includes("--build")) {
    const port = process.argv.find((argument) => argument.startsWith("--port="));
    const { url } = await servePlayground(Number(port?.slice("--port=".length) ?? 0));
    console.log(`Playground: ${url}`);
  }
}
