/** `lowbit start`: the notebook app. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { StartOptions } from "../main.js";

const tour = "notebooks/00-tour.ipynb";

/** Starts the server, prints one line with its address and opens it; runs until it is told to stop. */
export async function start(notebook: string | undefined, options: StartOptions): Promise<void> {
  const { openBrowser, startServer } = await import("../../app/server/index.js");
  const root = resolve(options.root);
  const open = notebook ?? (existsSync(join(root, tour)) ? tour : undefined);
  const server = await startServer({
    root,
    ...(options.port !== undefined && { port: options.port }),
    ...(open !== undefined && { notebook: open }),
  });
  process.stdout.write(`Lowbit is running at ${server.url}\n`);
  if (options.open) openBrowser(server.url);
}
