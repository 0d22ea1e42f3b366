/** `/api/kernelspecs` and `/api/kernels`, with the websocket of a kernel's channels. */
import { createReadStream } from "node:fs";
import type { FastifyInstance } from "fastify";
import type { WebSocket } from "ws";
import { z } from "zod";
import { kernelName, kernelSpec } from "../../../kernel/io/kernelspec.js";
import { HttpError } from "../http-error.js";
import { parseBody } from "../parse-body.js";
import type { KernelManager } from "./manager.js";

const startBody = z.object({ name: z.string().optional(), path: z.string().optional() }).default({});

type IdRequest = { Params: { id: string } };

/** Adds the kernels API to *app*. */
export function installKernels(app: FastifyInstance, kernels: KernelManager): void {
  app.get("/api/kernelspecs", () => ({ default: kernelName, kernelspecs: { [kernelName]: kernelspec() } }));
  app.get<{ Params: { name: string } }>("/api/kernelspecs/:name", (request, reply) =>
    request.params.name === kernelName ? kernelspec() : reply.callNotFound(),
  );
  app.get("/api/kernels", () => kernels.list().map((kernel) => kernel.model));
  app.post("/api/kernels", async (request, reply) => {
    const { name, path } = parseBody(startBody, request.body ?? undefined);
    const kernel = await kernels.start(name, path === undefined ? undefined : `${path}/`);
    return reply.code(201).header("Location", `/api/kernels/${kernel.id}`).send(kernel.model);
  });
  app.get<IdRequest>("/api/kernels/:id", (request) => kernels.get(request.params.id).model);
  app.delete<IdRequest>("/api/kernels/:id", async (request, reply) => {
    await kernels.shutdown(request.params.id);
    return reply.code(204).send();
  });
  app.get<{ Params: { id: string; name: string } }>("/api/kernels/:id/output/:name", (request, reply) => {
    const { id, name } = request.params;
    const file = kernels.get(id).outputFile(name);
    if (file === undefined) throw new HttpError(404, "this output is no longer there");
    return reply.type("text/plain; charset=utf-8").send(createReadStream(file));
  });
  app.post<IdRequest>("/api/kernels/:id/interrupt", async (request, reply) => {
    await kernels.get(request.params.id).interrupt();
    return reply.code(204).send();
  });
  app.post<IdRequest>("/api/kernels/:id/restart", async (request) => {
    const kernel = kernels.get(request.params.id);
    await kernel.restart();
    return kernel.model;
  });
}

/** Who takes part in a kernel. */
export interface FrontEnd {
  readonly sessionId: string;
  /** The kernel's address in the API, as this front end reaches it. */
  readonly address: string;
}

/** Takes part in the kernel *id* through a websocket that *accept* opens once the kernel is heard.
 * @throws HttpError 404 */
export async function connectKernel(
  kernels: KernelManager,
  id: string,
  { sessionId, address }: FrontEnd,
  accept: () => Promise<WebSocket>,
): Promise<void> {
  const link = await kernels.get(id).link(sessionId);
  try {
    link.attach(await accept(), address);
  } catch (error) {
    link.leave();
    throw error;
  }
}

/** The kernelspec. Only this server starts kernels from it, so it shows no command line. */
function kernelspec(): object {
  return {
    name: kernelName,
    spec: { ...kernelSpec, argv: [], env: {} },
    resources: { "logo-svg": "/static/logo.svg" },
  };
}
