import type { FastifyInstance, FastifyReply } from "fastify";
import { type PageOptions, renderPage } from "./page.js";

/** What is the same for every page of a server. */
export type SiteOptions = Pick<PageOptions, "manifest" | "version" | "xsrfToken" | "root" | "started" | "expose">;

/** Adds the addresses under which the app opens: `/lab` for the full view, `/doc` for a single document, each
 * with `/workspaces/<name>` and `/tree/<file>` as JupyterLab has them. */
export function installPages(app: FastifyInstance, site: SiteOptions): void {
  const show = (reply: FastifyReply, page: Pick<PageOptions, "mode" | "treePath" | "workspace">): FastifyReply =>
    reply
      .header("Cache-Control", "no-store")
      .type("text/html; charset=utf-8")
      .send(renderPage({ ...site, ...page }));

  app.get("/", (_request, reply) => reply.redirect("/lab", 302));
  for (const [prefix, mode] of [
    ["/lab", "multiple-document"],
    ["/doc", "single-document"],
  ] as const) {
    app.get(prefix, (_request, reply) => show(reply, { mode, treePath: "", workspace: "default" }));
    app.get<{ Params: { "*": string } }>(`${prefix}/tree/*`, (request, reply) =>
      show(reply, { mode, treePath: request.params["*"], workspace: "default" }),
    );
    app.get<{ Params: { name: string } }>(`${prefix}/workspaces/:name`, (request, reply) =>
      show(reply, { mode, treePath: "", workspace: request.params.name }),
    );
    app.get<{ Params: { name: string; "*": string } }>(`${prefix}/workspaces/:name/tree/*`, (request, reply) =>
      show(reply, { mode, treePath: request.params["*"], workspace: request.params.name }),
    );
  }
}
