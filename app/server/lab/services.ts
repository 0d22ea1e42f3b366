/** The small endpoints that JupyterLab asks when it starts. */
import { userInfo } from "node:os";
import type { FastifyInstance } from "fastify";
import { HttpError } from "../http-error.js";
import type { KernelManager } from "../kernels/manager.js";

/** What the endpoints tell about the server. */
export interface ServiceOptions {
  readonly kernels: KernelManager;
  readonly version: string;
  /** When the server was started, and for which folder: by these a page knows its server again. */
  readonly started: string;
  readonly root: string;
  /** Ends the server, after the answer. */
  readonly stop: () => Promise<void>;
}

/** Adds `/api`, `/api/status`, `/api/me` and their like. */
export function installServices(app: FastifyInstance, options: ServiceOptions): void {
  const { kernels, version, started, root, stop } = options;
  app.get("/lowbit/api/server", () => {
    // A page asks when it has lost its websocket: a server that is about to go is gone.
    if (kernels.closed) throw new HttpError(503, "the server is shutting down");
    return { started, root };
  });
  app.get("/api", () => ({ version }));
  app.get("/api/status", () => {
    const models = kernels.list().map((kernel) => kernel.model);
    return {
      started,
      last_activity: [started, ...models.map((model) => model.last_activity)].sort().at(-1),
      connections: models.reduce((sum, model) => sum + model.connections, 0),
      kernels: models.length,
    };
  });
  app.get("/api/me", () => ({ identity: identity(), permissions: {} }));
  app.get("/api/config/*", () => ({}));
  // Which texts in an output are paths to link: none. Without this answer JupyterLab asks again for each.
  app.get("/api/resolvePath", () => ({ resolved: [] }));
  app.get("/lab/api/translations", () => ({
    data: { en: { displayName: "English", nativeName: "English" } },
    message: "",
  }));
  app.get("/lab/api/translations/*", () => ({ data: {}, message: "" }));
  app.post("/api/shutdown", async (_request, reply) => {
    reply.raw.once("finish", () => void stop());
    return { message: "the server is shutting down" };
  });
}

function identity(): Record<string, string | null> {
  const name = userName();
  return {
    username: name,
    name,
    display_name: name,
    initials: name.slice(0, 2).toUpperCase(),
    avatar_url: null,
    color: null,
  };
}

/** In a container the user may have no entry in the password file, and then the system call throws. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "user";
  }
}
