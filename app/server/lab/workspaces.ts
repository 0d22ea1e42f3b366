/** `/lab/api/workspaces`: which documents were open, and where. One set per root folder. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { writeAtomically } from "../contents/atomic-write.js";
import { HttpError } from "../http-error.js";
import { parseBody } from "../parse-body.js";

const workspace = z.object({
  data: z.record(z.string(), z.unknown()),
  metadata: z.object({ id: z.string().min(1).max(1000) }).loose(),
});

/** A workspace as the workspaces API describes it. */
type Workspace = z.infer<typeof workspace>;

type IdRequest = { Params: { "*": string } };

/** Adds the workspaces API. @param state the person's folder; @param root the folder that is served */
export function installWorkspaces(app: FastifyInstance, state: string, root: string): void {
  const folder = join(state, "workspaces", digest(root));
  const fileOf = (id: string): string => join(folder, `${digest(id)}.json`);

  const read = async (file: string): Promise<Workspace | undefined> => {
    try {
      const { data, metadata } = workspace.parse(JSON.parse(await readFile(file, "utf8")));
      const { birthtime, mtime } = await stat(file);
      const times = { created: birthtime.toISOString(), last_modified: mtime.toISOString() };
      return { data, metadata: { ...metadata, ...times } };
    } catch {
      return undefined; // absent or damaged: the page opens with an empty workspace
    }
  };

  app.get("/lab/api/workspaces", async () => {
    const files = await readdir(folder).catch(() => []);
    const found = await Promise.all(
      files.filter((name) => name.endsWith(".json")).map((name) => read(join(folder, name))),
    );
    const values = found.filter((value) => value !== undefined);
    return { workspaces: { ids: values.map(({ metadata }) => metadata.id), values } };
  });
  app.get<IdRequest>("/lab/api/workspaces/*", async (request) => {
    const id = request.params["*"];
    return (await read(fileOf(id))) ?? { data: {}, metadata: { id } };
  });
  app.put<IdRequest>("/lab/api/workspaces/*", async (request, reply) => {
    const id = request.params["*"];
    const body = parseBody(workspace, request.body);
    if (body.metadata.id !== id) throw new HttpError(400, `the workspace is called "${body.metadata.id}", not "${id}"`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeAtomically(fileOf(id), JSON.stringify(body));
    return reply.code(204).send();
  });
  app.delete<IdRequest>("/lab/api/workspaces/*", async (request, reply) => {
    await rm(fileOf(request.params["*"]), { force: true });
    return reply.code(204).send();
  });
}

/** Ids and folders are free text; a digest of them is always a file name. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
