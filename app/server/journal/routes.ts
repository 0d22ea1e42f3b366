/** `/lowbit/api/kernels/<id>/journal` and `…/widgets`: what pages ask that were not there when a cell printed. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { KernelManager } from "../kernels/manager.js";
import { parseBody } from "../parse-body.js";

const settledBody = z.object({ settled: z.array(z.object({ messageId: z.string(), date: z.string() })).max(100_000) });

const askedQuery = z.object({ session: z.string().max(100).optional(), client: z.string().max(100).optional() });

type IdRequest = { Params: { id: string } };

/** Adds the journal's API to *app*. @param documentOf returns the path of a session's document */
export function installJournal(
  app: FastifyInstance,
  kernels: KernelManager,
  documentOf: (session: string) => string | undefined,
): void {
  app.get<IdRequest>("/lowbit/api/kernels/:id/journal", (request) => {
    const { id, journal } = kernels.get(request.params.id);
    const { session, client } = parseBody(askedQuery, request.query);
    if (session !== undefined && client !== undefined) journal.identify(client, session);
    // A notebook and its console, or two windows, may have a session each.
    const document = session === undefined ? undefined : documentOf(session);
    const isOther = (one: string): boolean => document !== undefined && documentOf(one) !== document;
    // The guard has checked that Host names this machine.
    return { cells: journal.news(`http://${request.headers.host}/api/kernels/${id}`, isOther) };
  });
  // While a cell runs the kernel may not answer; else it is the one to ask.
  app.get<IdRequest>("/lowbit/api/kernels/:id/widgets", (request) => {
    const kernel = kernels.get(request.params.id);
    return kernel.runsCell ? { busy: true, ...kernel.journal.widgets() } : { busy: false };
  });
  app.post<IdRequest>("/lowbit/api/kernels/:id/journal/settled", async (request, reply) => {
    kernels.get(request.params.id).journal.settle(parseBody(settledBody, request.body).settled);
    return reply.code(204).send();
  });
}
