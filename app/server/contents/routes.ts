/** `/api/contents`: Jupyter's contents API over one root folder. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { HttpError, toHttpError } from "../http-error.js";
import { parseBody } from "../parse-body.js";
import type { Inside, RootFolder } from "../root-folder.js";
import { createCheckpoints } from "./checkpoints.js";
import { createManager } from "./manage.js";
import { isText, mimeType } from "./mime.js";
import type { ContentsModel } from "./model.js";
import { largestRead, readModel } from "./read.js";
import type { TrustStore } from "./trust.js";
import { createWriter } from "./write.js";

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

type PathRequest = FastifyRequest<{ Params: { "*": string } }>;

/** Adds the contents API and `/files` to *app*. */
export function installContents(app: FastifyInstance, root: RootFolder, trust: TrustStore): void {
  const checkpoints = createCheckpoints(root);
  const manager = createManager(root, checkpoints);
  const writer = createWriter(trust);
  app.addHook("onClose", () => writer.close());
  const summary = async (path: string): Promise<ContentsModel> =>
    await readModel(root, trust, await root.resolve(path), { content: false, hash: false });

  /** Splits `<path>/checkpoints[/<id>]` off; a file may itself be called "checkpoints". */
  const target = async (request: PathRequest): Promise<{ file: Inside; checkpoint?: string }> => {
    const [, path, id] = /^(.+)\/checkpoints(?:\/([^/]*))?$/.exec(request.params["*"]) ?? [];
    const file = path === undefined ? undefined : await root.resolve(path);
    const isFile = file && (await stat(file.real).catch(() => undefined))?.isFile();
    return isFile ? { file, checkpoint: id ?? "" } : { file: await root.resolve(request.params["*"]) };
  };

  const read = async (request: PathRequest): Promise<ContentsModel | unknown> => {
    const { file, checkpoint } = await target(request);
    if (checkpoint === "") return await checkpoints.list(file);
    if (checkpoint !== undefined) throw new HttpError(405, "a checkpoint is restored, not read");
    const query = parseBody(readQuery, request.query);
    return await readModel(root, trust, file, {
      ...query,
      content: query.content === "1",
      hash: query.hash === "1",
    });
  };

  const create = async (request: PathRequest, reply: FastifyReply): Promise<unknown> => {
    const { file, checkpoint } = await target(request);
    if (checkpoint === "") return reply.code(201).send(await checkpoints.create(file));
    if (checkpoint !== undefined) {
      await checkpoints.restore(file, checkpoint);
      return reply.code(204).send();
    }
    const body = parseBody(createBody, request.body ?? undefined);
    const made =
      body.copy_from === undefined
        ? await manager.create(file, body.type, body.ext === "" || body.ext.startsWith(".") ? body.ext : `.${body.ext}`)
        : await manager.copy(await root.resolve(body.copy_from), file);
    return reply.code(201).send(await summary(made));
  };

  const save = async (request: PathRequest, reply: FastifyReply): Promise<unknown> => {
    const file = await root.resolve(request.params["*"]);
    const body = parseBody(saveBody, request.body);
    const isNew = (await stat(file.real).catch(() => undefined)) === undefined;
    const message = await writer.save(file, body);
    const unfinished = body.chunk !== undefined && body.chunk !== -1;
    const model = unfinished
      ? unfinishedUpload(file)
      : await readModel(root, trust, file, { content: false, hash: true });
    return reply.code(isNew ? 201 : 200).send(message === undefined ? model : { ...model, message });
  };

  app.get("/api/contents", (request) => read(withPath(request)));
  app.post("/api/contents", (request, reply) => create(withPath(request), reply));
  app.get("/api/contents/*", (request) => read(request as PathRequest));
  app.post("/api/contents/*", (request, reply) => create(request as PathRequest, reply));
  app.put("/api/contents/*", { bodyLimit: largestRead }, (request, reply) => save(request as PathRequest, reply));
  app.patch("/api/contents/*", async (request) => {
    const { path } = parseBody(renameBody, request.body);
    const to = await root.resolve(path);
    await manager.move(await root.resolve((request as PathRequest).params["*"]), to);
    return await summary(to.path);
  });
  app.delete("/api/contents/*", async (request, reply) => {
    const { file, checkpoint } = await target(request as PathRequest);
    if (checkpoint === undefined) await manager.remove(file);
    else await checkpoints.remove(file, checkpoint);
    return reply.code(204).send();
  });
  app.get("/files/*", async (request, reply) =>
    sendFile(await root.resolve((request as PathRequest).params["*"]), request, reply),
  );
}

function withPath(request: FastifyRequest): PathRequest {
  return Object.assign(request, { params: { "*": "" } }) as PathRequest;
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
