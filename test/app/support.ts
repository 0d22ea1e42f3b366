/** A real server on a folder of its own, and requests to it that can be wrong in every way. */
import { mkdirSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { dirname, join } from "node:path";
import type { RunningServer, StartOptions } from "../../app/server/index.js";
import { built, emptyFolder } from "../support/kernel.js";

/** What came back from a request. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  json<T = Record<string, unknown>>(): T;
}

/** What a test may say differently from a well-behaved client. */
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is when a string. */
  readonly body?: unknown;
  /** Default: the server's token in the Authorization header. */
  readonly anonymous?: boolean;
}

/** A running server and how to talk to it. */
export interface TestServer {
  readonly server: RunningServer;
  readonly root: string;
  readonly state: string;
  /** What the server said on its log. */
  readonly log: readonly string[];
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** Writes a file below the root and returns where it is. */
  file(path: string, content: string | Uint8Array): string;
  close(): Promise<void>;
}

/** Starts a server on a new folder. */
export async function startTestServer(options: Partial<StartOptions> = {}): Promise<TestServer> {
  const { startServer } = await built<typeof import("../../app/server/index.js")>("app/server/index.js");
  const root = options.root ?? emptyFolder();
  const state = options.state ?? emptyFolder();
  const log: string[] = [];
  const server = await startServer({
    port: 0,
    handleSignals: false,
    log: (line) => log.push(line),
    ...options,
    root,
    state,
  });
  return {
    server,
    root,
    state,
    log,
    request: (method, path, request = {}) => send(server, method, path, request),
    file: (path, content) => {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    close: () => server.close(),
  };
}

/** Sends one request by hand: `fetch` would not let a test choose Host, and would mend the path. */
function send(server: RunningServer, method: string, path: string, options: RequestOptions): Promise<Answer> {
  const { body } = options;
  const payload = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const headers = {
    ...(options.anonymous ? {} : { authorization: `token ${server.token}` }),
    ...(payload === undefined ? {} : { "content-type": "application/json" }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port: server.port, method, path, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: <T>() => JSON.parse(text) as T,
          });
        });
      },
    );
    request.once("error", reject);
    request.end(payload);
  });
}

/** A notebook with these sources as its code cells. */
export function notebook(...sources: readonly string[]): Record<string, unknown> {
  return {
    cells: sources.map((source, index) => ({
      cell_type: "code",
      execution_count: null,
      id: `cell-${index}`,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: { kernelspec: { display_name: "TypeScript (Lowbit)", language: "typescript", name: "lowbit" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}
