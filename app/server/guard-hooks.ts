import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Guard, securityHeaders } from "./guard.js";
import { HttpError } from "./http-error.js";
import { renderLogin } from "./lab/page.js";

/** Puts *guard* in front of every endpoint of *app*, and the security headers on every answer. */
export function installGuard(app: FastifyInstance, guard: Guard): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders);
    guard.checkOrigin(request);
    if (await enterWithToken(guard, request, reply)) return reply;
    if (!guard.identify(request)) return await turnAway(request, reply);
    guard.checkXsrf(request);
    return undefined;
  });
  app.get("/logout", (_request, reply) =>
    reply
      .header("Set-Cookie", guard.farewell())
      .header("Cache-Control", "no-store")
      .type("text/html; charset=utf-8")
      .send(renderLogin("This browser is logged out. To return, open the address that the server printed.")),
  );
}

/** Somebody opens the address that was printed: the token becomes a cookie and leaves the address. */
async function enterWithToken(guard: Guard, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  if (request.method !== "GET") return false;
  const url = new URL(request.url, "http://localhost");
  const token = url.searchParams.get("token");
  if (token === null || url.pathname.startsWith("/api/") || !guard.isToken(token)) return false;
  url.searchParams.delete("token");
  // Always a path of this server: "//elsewhere" would be another host.
  const target = `/${url.pathname.replace(/^\/+/, "")}${url.search}`;
  await reply.header("Set-Cookie", guard.cookies()).header("Cache-Control", "no-store").redirect(target, 302);
  return true;
}

async function turnAway(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
  if (!wantsPage || request.url.startsWith("/api/")) throw new HttpError(403, "Forbidden");
  return await reply.code(401).type("text/html; charset=utf-8").send(renderLogin());
}
