import { createServer, type Server } from "node:http";

const firstPort = 8888;
const tries = 50;

/** A server that already has its port, and so knows its own name before it answers anything. */
export interface Listening {
  readonly server: Server;
  readonly port: number;
}

/** Listens on the loopback interface only: on port *wanted*, on a free one for 0, or on the first free one from
 * 8888 on. @throws Error when *wanted* is taken or not a port */
export async function listen(wanted: number | undefined): Promise<Listening> {
  if (wanted !== undefined && (!Number.isInteger(wanted) || wanted < 0 || wanted > 65535)) {
    throw new Error(`startServer: port ${wanted}, expected 0 to 65535`);
  }
  if (wanted !== undefined) {
    const listening = await attempt(wanted);
    if (!listening) throw new Error(`startServer: port ${wanted} is in use; choose another with --port`);
    return listening;
  }
  for (let port = firstPort; port < firstPort + tries; port++) {
    const listening = await attempt(port);
    if (listening) return listening;
  }
  throw new Error(`startServer: ports ${firstPort} to ${firstPort + tries - 1} are in use; choose one with --port`);
}

/** Closes *server* and what is still connected to it. */
export async function stopListening(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

function attempt(port: number): Promise<Listening | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => {
      server.removeAllListeners("error");
      resolve({ server, port: (server.address() as { port: number }).port });
    });
  });
}
