/** `/api/contents`: Jupyter's contents API over one root folder. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { HttpError, toHttpError } from "../http-error.js";
import { parseBody } from "../parse-body.js";
import type { Inside, RootFolder } from "../root-folder.js";
import { type Checkpoints, createCheckpoints } from "./checkpoints.js";
import { createManager, type Manager } from "./manage.js";
import { isText, mimeType } from "./mime.js";
import type { ContentsModel } from "./model.js";
import { largestRead, readModel } from "./read.js";
import type { TrustStore } from "./trust.js";
import { createWriter, type Writer } from "./write.js";

const type = z.enum(["directory", "notebook", "file"]);
const format = z.enum(["json", "text", "base64"]);
const flag = z.enum(["0", "1"]);
const readQuery = z.object({
  type: type.optional(),
  format: format.optional(),
  content: flag.default("1"),
  hash: flag.default("0"),
});
const saveBody = z.object({
  type,
  format: format.nullish(),
  content: z.unknown(),
  chunk: z.number().int().min(-1).optional(),
});
const createBody = z
  .object({
    type: type.default("file"),
    ext: z
      .string()
      .regex(/^\.?[\w.-]*$/)
      .default(".txt"),
    copy_from: z.string().optional(),
  })
  .default({ type: "file", ext: ".txt" });
const renameBody = z.object({ path: z.string().min(1) });

type PathRoute = { Params: { "*": string } };

/** What the handlers work with. */
interface Contents {
  readonly root: RootFolder;
  readonly trust: TrustStore;
  readonly checkpoints: Checkpoints;
  readonly manager: Manager;
  readonly writer: Writer;
}

/** Adds the contents API and `/files` to *app*. */
export function installContents(app: FastifyInstance, root: RootFolder, trust: TrustStore): void {
  const checkpoints = createCheckpoints(root);
  const manager = createManager(root, checkpoints);
  const contents: Contents = { root, trust, checkpoints, manager, writer: createWriter(trust) };
  app.addHook("onClose", () => contents.writer.close());
  app.get("/api/contents", (request) => read(contents, "", request));
  app.post("/api/contents", (request, reply) => create(contents, "", request, reply));
  app.get<PathRoute>("/api/contents/*", (request) => read(contents, request.params["*"], request));
  app.post<PathRoute>("/api/contents/*", (request, reply) => create(contents, request.params["*"], request, reply));
  app.put<PathRoute>("/api/contents/*", { bodyLimit: largestRead }, (request, reply) =>
    save(contents, request.params["*"], request, reply),
  );
  app.patch<PathRoute>("/api/contents/*", (request) => rename(contents, request.params["*"], request));
  app.delete<PathRoute>("/api/contents/*", (request, reply) => remove(contents, request.params["*"], reply));
  app.get<PathRoute>("/files/*", async (request, reply) =>
    sendFile(await root.resolve(request.params["*"]), request, reply),
  );
}

async function read(contents: Contents, path: string, request: FastifyRequest): Promise<unknown> {
  const { root, trust, checkpoints } = contents;
  const { file, checkpoint } = await target(root, path);
  if (checkpoint === "") return await checkpoints.list(file);
  if (checkpoint !== undefined) throw new HttpError(405, "a checkpoint is restored, not read");
  const query = parseBody(readQuery, request.query);
  return await readModel(root, trust, file, { ...query, content: query.content === "1", hash: query.hash === "1" });
}

async function create(
  contents: Contents,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { root, checkpoints, manager } = contents;
  const { file, checkpoint } = await target(root, path);
  if (checkpoint === "") return reply.code(201).send(await checkpoints.create(file));
  if (checkpoint !== undefined) {
    await checkpoints.restore(file, checkpoint);
    return reply.code(204).send();
  }
  const { type, ext, copy_from: source } = parseBody(createBody, request.body ?? undefined);
  const extension = ext === "" || ext.startsWith(".") ? ext : `.${ext}`;
  const made =
    source === undefined
      ? await manager.create(file, type, extension)
      : await manager.copy(await root.resolve(source), file);
  return reply.code(201).send(await summary(contents, made));
}

async function save(
  contents: Contents,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { root, trust, writer } = contents;
  const file = await root.resolve(path);
  const body = parseBody(saveBody, request.body);
  const isNew = (await stat(file.real).catch(() => undefined)) === undefined;
  const message = await writer.save(file, body);
  const unfinished = body.chunk !== undefined && body.chunk !== -1;
  const model = unfinished
    ? unfinishedUpload(file)
    : await readModel(root, trust, file, { content: false, hash: body.type !== "directory" });
  return reply.code(isNew ? 201 : 200).send(message === undefined ? model : { ...model, message });
}

async function rename(contents: Contents, path: string, request: FastifyRequest): Promise<ContentsModel> {
  const body = parseBody(renameBody, request.body);
  const to = await contents.root.resolve(body.path);
  await contents.manager.move(await contents.root.resolve(path), to);
  return await summary(contents, to.path);
}

async function remove(
  { root, checkpoints, manager }: Contents,
  path: string,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { file, checkpoint } = await target(root, path);
  if (checkpoint === undefined) await manager.remove(file);
  else await checkpoints.remove(file, checkpoint);
  return reply.code(204).send();
}

/** Splits `<file>/checkpoints[/<id>]` off; a file may itself be called "checkpoints". */
async function target(root: RootFolder, path: string): Promise<{ file: Inside; checkpoint?: string }> {
  const [, owner, id = ""] = /^(.+)\/checkpoints(?:\/([^/]*))?$/.exec(path) ?? [];
  const file = owner === undefined ? undefined : await root.resolve(owner);
  const isFile = file && (await stat(file.real).catch(() => undefined))?.isFile();
  return isFile ? { file, checkpoint: id } : { file: await root.resolve(path) };
}

async function summary({ root, trust }: Contents, path: string): Promise<ContentsModel> {
  return await readModel(root, trust, await root.resolve(path), { content: false, hash: false });
}

/** Until its last part has come, an upload is not there; the client only needs an answer of the right form. */
function unfinishedUpload({ name, path }: Inside): ContentsModel {
  const now = new Date().toISOString();
  return {
    name,
    path,
    type: "file",
    created: now,
    last_modified: now,
    writable: true,
    size: null,
    mimetype: null,
    format: null,
    content: null,
  };
}

/** Sends a file as it is, for images in Markdown and for downloads. It is somebody's content, not our page:
 * the sandbox keeps an HTML file from acting with this server's cookies. */
async function sendFile(file: Inside, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (file.hidden) throw new HttpError(404, `${file.path}: file or folder does not exist`);
  const stats = await stat(file.real).catch((error) => Promise.reject(toHttpError(error, file.path)));
  if (!stats.isFile()) throw new HttpError(404, `${file.path}: is not a file`);
  const type = mimeType(file.name) ?? "application/octet-stream";
  reply.header("Content-Security-Policy", "sandbox allow-scripts; frame-ancestors 'self'");
  reply.header("Content-Type", isText(type) ? `${type}; charset=utf-8` : type);
  reply.header("Content-Length", stats.size);
  reply.header("Last-Modified", stats.mtime.toUTCString());
  reply.header("Cache-Control", "no-cache");
  if ("download" in (request.query as Record<string, unknown>)) {
    reply.header("Content-Disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`);
  }
  return reply.send(createReadStream(file.real));
}
