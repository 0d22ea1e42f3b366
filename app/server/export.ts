/** "Save and Export Notebook As": what JupyterLab's menu offers, and the pages. */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import { HttpError, toHttpError } from "./http-error.js";
import type { Inside, RootFolder } from "./root-folder.js";

/** Adds `/api/nbconvert`, from which the menu is made, and `/nbconvert/html/<notebook>`, which it opens. */
export function installExport(app: FastifyInstance, root: RootFolder): void {
  app.get("/api/nbconvert", () => ({ html: { output_mimetype: "text/html" } }));
  app.get<{ Params: { "*": string } }>("/nbconvert/html/*", async (request, reply) =>
    sendPage(await root.resolve(request.params["*"]), root, reply),
  );
}

async function sendPage(inside: Inside, root: RootFolder, reply: FastifyReply): Promise<FastifyReply> {
  const { ExportError, exportPage } = await import("../export/index.js");
  const name = inside.name.replace(/\.ipynb$/, "");
  const text = await readFile(inside.real, "utf8").catch((error: unknown) => {
    throw toHttpError(error, inside.path);
  });
  const page = await exportPage(notebookIn(text, inside), {
    folder: dirname(inside.real),
    name,
    within: root.real,
  }).catch((error: unknown) => {
    throw error instanceof ExportError ? new HttpError(400, error.message) : error;
  });
  // Always a download: the page is not to run as one of this server's.
  const file = encodeURIComponent(`${name}.html`).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return reply
    .header("Content-Disposition", `attachment; filename*=UTF-8''${file}`)
    .header("Cache-Control", "no-store")
    .type("text/html; charset=utf-8")
    .send(page);
}

function notebookIn(text: string, { path }: Inside): Parameters<typeof import("../export/index.js").exportPage>[0] {
  try {
    const { nbformat, metadata, cells } = JSON.parse(text.replace(/^\uFEFF/, ""));
    if (nbformat === 4 && Array.isArray(cells)) return { metadata: metadata ?? {}, cells };
  } catch {
    // Said below.
  }
  throw new HttpError(400, `${path}: is not a notebook of nbformat 4`);
}
