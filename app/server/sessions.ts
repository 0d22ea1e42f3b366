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

/** The sessions of a server. A session whose kernel was ended elsewhere is forgotten. */
class Sessions {
  readonly #kernels: KernelManager;
  readonly #sessions = new Map<string, Session>();
  /** Two tabs that open one notebook at the same time get one kernel: creation by path is one at a time. */
  readonly #creating = new Map<string, Promise<Session>>();

  constructor(kernels: KernelManager) {
    this.#kernels = kernels;
  }

  list(): Session[] {
    const ids = new Set(this.#kernels.list().map((kernel) => kernel.id));
    for (const { id, kernelId } of this.#sessions.values()) if (!ids.has(kernelId)) this.#sessions.delete(id);
    return [...this.#sessions.values()];
  }

  /** @throws HttpError 404 */
  find(id: string): Session {
    const session = this.list().find((candidate) => candidate.id === id);
    if (!session) throw new HttpError(404, `session ${id.slice(0, 40)}: does not exist`);
    return session;
  }

  /** Returns the session of `body.path`, a new one if need be. */
  async open(body: z.infer<typeof createBody>): Promise<Session> {
    const known = this.list().find(({ path }) => path === body.path);
    if (known) return known;
    const pending = this.#creating.get(body.path) ?? this.#create(body);
    this.#creating.set(body.path, pending);
    return await pending.finally(() => this.#creating.delete(body.path));
  }

  async change(session: Session, { kernel, ...fields }: z.infer<typeof changeBody>): Promise<void> {
    session.path = fields.path ?? session.path;
    session.name = fields.name ?? session.name;
    session.type = fields.type ?? session.type;
    const old = session.kernelId;
    if ((!kernel?.id && !kernel?.name) || kernel.id === old) return;
    session.kernelId = await this.#kernelFor(kernel, session.path);
    await this.#endIfUnused(old);
  }

  async close(session: Session): Promise<void> {
    this.#sessions.delete(session.id);
    await this.#endIfUnused(session.kernelId);
  }

  model({ id, path, name, type, kernelId }: Session): SessionModel {
    const { model: kernel } = this.#kernels.get(kernelId);
    return { id, path, name, type, kernel, ...(type === "notebook" ? { notebook: { path, name } } : {}) };
  }

  async #create({ path, name, type, kernel }: z.infer<typeof createBody>): Promise<Session> {
    const session = { id: randomUUID(), path, name, type, kernelId: await this.#kernelFor(kernel, path) };
    this.#sessions.set(session.id, session);
    return session;
  }

  async #kernelFor(choice: z.infer<typeof kernelChoice>, path: string): Promise<string> {
    const { id } = choice?.id
      ? this.#kernels.get(choice.id)
      : await this.#kernels.start(choice?.name ?? undefined, path);
    return id;
  }

  async #endIfUnused(kernelId: string): Promise<void> {
    if (!this.list().some((other) => other.kernelId === kernelId)) await this.#kernels.shutdown(kernelId);
  }
}

type IdRequest = { Params: { id: string } };

/** Adds the sessions API to *app*. @returns the path of a session's document; undefined when there is no such session */
export function installSessions(app: FastifyInstance, kernels: KernelManager): (id: string) => string | undefined {
  const sessions = new Sessions(kernels);
  app.get("/api/sessions", () => sessions.list().map((session) => sessions.model(session)));
  app.post("/api/sessions", async (request, reply) => {
    const session = await sessions.open(parseBody(createBody, request.body));
    return reply.code(201).send(sessions.model(session));
  });
  app.get<IdRequest>("/api/sessions/:id", (request) => sessions.model(sessions.find(request.params.id)));
  app.patch<IdRequest>("/api/sessions/:id", async (request) => {
    const session = sessions.find(request.params.id);
    await sessions.change(session, parseBody(changeBody, request.body));
    return sessions.model(session);
  });
  app.delete<IdRequest>("/api/sessions/:id", async (request, reply) => {
    await sessions.close(sessions.find(request.params.id));
    return reply.code(204).send();
  });
  return (id) => sessions.list().find((session) => session.id === id)?.path;
}
