/** The built front end: what scripts/build-app.mjs wrote, and the widgets' bundle beside it. */
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { isText, mimeType } from "../contents/mime.js";
import { HttpError } from "../http-error.js";

const manifestSchema = z.object({
  jupyterlab: z.string(),
  scripts: z.array(z.string()).min(1),
  schemas: z.record(z.string(), z.string()),
});

/** What the build says about itself. */
export interface Manifest {
  /** The version of JupyterLab that the front end is made of. */
  readonly jupyterlab: string;
  /** The files that the page loads. */
  readonly scripts: readonly string[];
  /** Plugin id to version, for every plugin with settings. */
  readonly schemas: Readonly<Record<string, string>>;
}

/** Reads the manifest of the front end in *folder*. @throws Error that says how to build it */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, "manifest.json");
  const text = await readFile(file, "utf8").catch(() => {
    throw new Error(`the notebook app is not built (${file} does not exist); run "npm run build"`);
  });
  return manifestSchema.parse(JSON.parse(text));
}

/** Serves the files of the front end and of the widgets. */
export function installAssets(app: FastifyInstance, ui: string, widgets: string): void {
  app.get<{ Params: { "*": string } }>("/static/*", (request, reply) => sendAsset(reply, ui, request.params["*"]));
  app.get<{ Params: { "*": string } }>("/lab/api/themes/*", (request, reply) =>
    sendAsset(reply, join(ui, "themes"), request.params["*"]),
  );
  app.get<{ Params: { "*": string } }>("/widgets/*", (request, reply) =>
    sendAsset(reply, widgets, request.params["*"]),
  );
  app.get("/favicon.ico", (_request, reply) => sendAsset(reply, ui, "logo.svg"));
}

/** Sends one built file. Names that hold a hash of their content never change, so browsers may keep them. */
async function sendAsset(reply: FastifyReply, folder: string, path: string): Promise<FastifyReply> {
  const parts = path.split("/");
  const sane = parts.every((part) => /^[@\w-][\w.-]*$/.test(part) && !part.includes(".."));
  const file = sane ? join(folder, ...parts) : undefined;
  const stats = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || !stats?.isFile()) throw new HttpError(404, `${path}: no such file`);
  const type = mimeType(file) ?? "application/octet-stream";
  const hashed = /((^|\.)[0-9a-f]{16}|^[\w.-]+-[0-9A-Z]{8})\.\w+$/.test(parts.at(-1) ?? "");
  reply.header("Content-Type", isText(type) ? `${type}; charset=utf-8` : type);
  reply.header("Content-Length", stats.size);
  reply.header("Cache-Control", hashed ? "private, max-age=31536000, immutable" : "no-cache");
  return reply.send(createReadStream(file));
}
