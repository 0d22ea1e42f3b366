/** `/api/sessions`: which document talks to which kernel. */
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { HttpError } from "./http-error.js";
import type { KernelModel } from "./kernels/kernel.js";
import type { KernelManager } from "./kernels/manager.js";
import { parseBody } from "./parse-body.js";

/** A session as Jupyter's sessions API describes it. */
export interface SessionModel {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly kernel: KernelModel;
  readonly notebook?: { readonly path: string; readonly name: string };
}

interface Session {
  readonly id: string;
  path: string;
  name: string;
  type: string;
  kernelId: string;
}

const kernelChoice = z.object({ id: z.string().nullish(), name: z.string().nullish() }).nullish();
const createBody = z.object({
  path: z.string().min(1),
  name: z.string().default(""),
  type: z.string().default("notebook"),
  kernel: kernelChoice,
});
const changeBody = z.object({
  path: z.string().min(1).optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  kernel: kernelChoice,
});

type IdRequest = { Params: { id: string } };

/** Adds the sessions API to *app*. */
export function installSessions(app: FastifyInstance, kernels: KernelManager): void {
  const sessions = new Map<string, Session>();
  /** Two tabs that open one notebook at the same time get one kernel: creation by path is one at a time. */
  const creating = new Map<string, Promise<Session>>();

  const create = async (body: z.infer<typeof createBody>): Promise<Session> => {
    const { path, name, type, kernel } = body;
    const running = kernel?.id ? kernels.get(kernel.id) : await kernels.start(kernel?.name ?? undefined, path);
    const session = { id: randomUUID(), path, name, type, kernelId: running.id };
    sessions.set(session.id, session);
    return session;
  };

  /** Sessions whose kernel was ended elsewhere are forgotten. */
  const alive = (): Session[] => {
    const ids = new Set(kernels.list().map((kernel) => kernel.id));
    for (const { id, kernelId } of sessions.values()) if (!ids.has(kernelId)) sessions.delete(id);
    return [...sessions.values()];
  };

  const find = (id: string): Session => {
    const session = alive().find((candidate) => candidate.id === id);
    if (!session) throw new HttpError(404, `session ${id.slice(0, 40)}: does not exist`);
    return session;
  };

  const model = ({ id, path, name, type, kernelId }: Session): SessionModel => ({
    id,
    path,
    name,
    type,
    kernel: kernels.get(kernelId).model,
    ...(type === "notebook" ? { notebook: { path, name } } : {}),
  });

  const change = async (session: Session, body: z.infer<typeof changeBody>): Promise<void> => {
    const { kernel } = body;
    Object.assign(session, { path: body.path ?? session.path, name: body.name ?? session.name });
    session.type = body.type ?? session.type;
    if (!kernel?.id && !kernel?.name) return;
    const old = session.kernelId;
    if (kernel.id === old) return;
    const running = kernel.id ? kernels.get(kernel.id) : await kernels.start(kernel.name ?? undefined, session.path);
    session.kernelId = running.id;
    if (![...sessions.values()].some(({ kernelId }) => kernelId === old)) await kernels.shutdown(old);
  };

  app.get("/api/sessions", () => alive().map(model));
  app.post("/api/sessions", async (request, reply) => {
    const body = parseBody(createBody, request.body);
    const known = alive().find(({ path }) => path === body.path);
    const pending = known ?? creating.get(body.path) ?? create(body);
    if (pending instanceof Promise) {
      creating.set(body.path, pending);
      pending.finally(() => creating.delete(body.path)).catch(() => undefined);
    }
    return reply.code(201).send(model(await pending));
  });
  app.get<IdRequest>("/api/sessions/:id", (request) => model(find(request.params.id)));
  app.patch<IdRequest>("/api/sessions/:id", async (request) => {
    const session = find(request.params.id);
    await change(session, parseBody(changeBody, request.body));
    return model(session);
  });
  app.delete<IdRequest>("/api/sessions/:id", async (request, reply) => {
    const { id, kernelId } = find(request.params.id);
    sessions.delete(id);
    if (![...sessions.values()].some((other) => other.kernelId === kernelId)) await kernels.shutdown(kernelId);
    return reply.code(204).send();
  });
}
