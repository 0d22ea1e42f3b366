/** Requests to the contents API of a server. */
import type { TestServer } from "./support.js";

/** A file, notebook or folder as the contents API describes it. */
export interface Model {
  name: string;
  path: string;
  type: string;
  format: string | null;
  mimetype: string | null;
  content: unknown;
  size: number | null;
  last_modified: string;
  created: string;
  writable: boolean;
  hash?: string;
  hash_algorithm?: string;
  message?: string;
}

/** See {@link contentsOf}. */
export interface Contents {
  get(path: string): Promise<Model>;
  put(path: string, body: object): ReturnType<TestServer["request"]>;
}

/** Returns what asks this server for files and writes them. */
export function contentsOf(app: () => TestServer): Contents {
  return {
    get: async (path) => (await app().request("GET", `/api/contents/${path}`)).json<Model>(),
    put: (path, body) => app().request("PUT", `/api/contents/${path}`, { body }),
  };
}
