/** `/lab/api/settings`: the schemas of the front end's plugins, and what the person changed. */
import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { writeAtomically } from "../contents/atomic-write.js";
import { HttpError } from "../http-error.js";
import { parseBody } from "../parse-body.js";
import type { Manifest } from "./assets.js";

/** Defaults that differ from JupyterLab's, by plugin and property; a person's own settings come first. */
export const overrides: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "@jupyter-widgets/jupyterlab-manager:plugin": { saveState: true },
  "@jupyterlab/apputils-extension:notification": {
    checkForUpdates: false,
    doNotDisturbMode: false,
    fetchNews: "false",
  },
};

/** The settings of one plugin as the settings API describes them. */
interface SettingsModel {
  readonly id: string;
  readonly version: string;
  readonly schema: unknown;
  /** The person's settings as they wrote them: JSON with comments. The front end parses it. */
  readonly raw: string;
  readonly settings: object;
  readonly created: string | null;
  readonly last_modified: string | null;
}

const saveBody = z.object({ raw: z.string().max(2 ** 20) });

type PluginRequest = { Params: { "*": string } };

/** Adds the settings API. @param state the person's folder; @param ui the built front end */
export function installSettings(app: FastifyInstance, ui: string, state: string, manifest: Manifest): void {
  const ids = Object.keys(manifest.schemas).sort();
  const known = (id: string): string => {
    if (!Object.hasOwn(manifest.schemas, id)) throw new HttpError(404, `${id.slice(0, 100)}: no such plugin`);
    return id;
  };
  const userFile = (id: string): string => {
    const [name = "", plugin = ""] = id.split(":");
    return join(state, "settings", ...name.split("/"), `${plugin}.jupyterlab-settings`);
  };
  const model = async (id: string): Promise<SettingsModel> => {
    const file = userFile(id);
    const raw = await readFile(file, "utf8").catch(() => undefined);
    const stats = raw === undefined ? undefined : await stat(file);
    return {
      id,
      version: manifest.schemas[id] ?? "",
      schema: await readSchema(ui, id),
      raw: raw ?? "{}",
      settings: {},
      created: stats?.birthtime.toISOString() ?? null,
      last_modified: stats?.mtime.toISOString() ?? null,
    };
  };

  app.get<{ Querystring: { ids_only?: string } }>("/lab/api/settings", async (request) => ({
    settings: request.query.ids_only === "true" ? ids.map((id) => ({ id })) : await Promise.all(ids.map(model)),
  }));
  app.get<PluginRequest>("/lab/api/settings/*", (request) => model(known(request.params["*"])));
  app.put<PluginRequest>("/lab/api/settings/*", async (request, reply) => {
    const file = userFile(known(request.params["*"]));
    const { raw } = parseBody(saveBody, request.body);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeAtomically(file, raw);
    return reply.code(204).send();
  });
}

async function readSchema(ui: string, id: string): Promise<unknown> {
  const [name = "", plugin = ""] = id.split(":");
  const schema = JSON.parse(await readFile(join(ui, "schemas", ...name.split("/"), `${plugin}.json`), "utf8")) as {
    properties?: Record<string, { default?: unknown }>;
  };
  for (const [property, value] of Object.entries(overrides[id] ?? {})) {
    const described = schema.properties?.[property];
    if (described) described.default = value;
  }
  return schema;
}
