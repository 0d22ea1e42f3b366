/** The small endpoints that JupyterLab asks when it starts. */
import { userInfo } from "node:os";
import type { FastifyInstance } from "fastify";
import type { KernelManager } from "../kernels/manager.js";

/** Adds `/api`, `/api/status`, `/api/me` and their like. @param stop ends the server, after the answer */
export function installServices(
  app: FastifyInstance,
  kernels: KernelManager,
  version: string,
  stop: () => Promise<void>,
): void {
  const started = new Date().toISOString();
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
  app.get("/api/nbconvert", () => ({}));
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
