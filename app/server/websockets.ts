/** The websockets of the server: a kernel's channels, and the event bus that stays silent. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import type { Guard } from "./guard.js";
import { HttpError, toHttpError } from "./http-error.js";
import { subprotocol } from "./kernels/frames.js";
import type { KernelManager } from "./kernels/manager.js";
import { connectKernel } from "./kernels/routes.js";

/** The largest message of a front end, in bytes: a file given to an upload widget, not a data set. */
const maxPayload = 256 * 2 ** 20;

/** Answers upgrades of *server*. Every one passes the guard before anything else is looked at.
 * @returns closes all websockets */
export function installWebsockets(server: Server, guard: Guard, kernels: KernelManager): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const accept = (): Promise<WebSocket> =>
      new Promise((resolve) => {
        if (socket.destroyed) throw new HttpError(400, "the client went away");
        sockets.handleUpgrade(request, socket, head, resolve);
      });
    connect(request, guard, kernels, accept).catch((error: unknown) => refuse(socket, toHttpError(error)));
  });
  return () => {
    for (const client of sockets.clients) client.close(1001, "the server is shutting down");
    sockets.close();
    setTimeout(() => {
      for (const client of sockets.clients) if (client.readyState !== WebSocket.CLOSED) client.terminate();
    }, 500).unref();
  };
}

async function connect(
  request: IncomingMessage,
  guard: Guard,
  kernels: KernelManager,
  accept: () => Promise<WebSocket>,
): Promise<void> {
  const guarded = { method: request.method ?? "GET", headers: request.headers, websocket: true };
  guard.checkOrigin(guarded);
  if (!guard.identify(guarded)) throw new HttpError(403, "Forbidden");
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/api/events/subscribe") {
    (await accept()).on("error", () => undefined);
    return;
  }
  const [, id] = /^\/api\/kernels\/([\w-]+)\/channels$/.exec(url.pathname) ?? [];
  if (id === undefined) throw new HttpError(404, "no such websocket");
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  if (!offered.includes(subprotocol)) throw new HttpError(400, `only the subprotocol ${subprotocol} is spoken here`);
  const sessionId = url.searchParams.get("session_id")?.slice(0, 200) || randomUUID();
  // The guard has checked that Host names this machine.
  const address = `http://${request.headers.host}/api/kernels/${id}`;
  await connectKernel(kernels, id, { sessionId, address }, accept);
}

function refuse(socket: Duplex, { status, message }: HttpError): void {
  if (socket.destroyed) return;
  const body = JSON.stringify({ message, reason: null });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
