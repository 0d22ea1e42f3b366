import type { Stats } from "node:fs";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { Inside } from "../root-folder.js";
import type { Notebook } from "./notebook.js";

/** What the contents API distinguishes. */
export type ContentsType = "directory" | "notebook" | "file";
/** How the content of a model is written down. */
export type ContentsFormat = "json" | "text" | "base64";

/** A file or folder as Jupyter's contents API describes it. */
export interface ContentsModel {
  name: string;
  path: string;
  type: ContentsType;
  /** Times are in ISO 8601, UTC. */
  created: string;
  last_modified: string;
  writable: boolean;
  /** In bytes; null for a folder. */
  size: number | null;
  mimetype: string | null;
  format: ContentsFormat | null;
  /** null when it was not asked for. */
  content: string | Notebook | ContentsModel[] | null;
  hash?: string | null;
  hash_algorithm?: string | null;
  /** A notebook that departs from its schema says here how. */
  message?: string;
}

/** Returns what a file with these properties is. */
export function typeOf(stats: Stats, name: string): ContentsType {
  if (stats.isDirectory()) return "directory";
  return name.endsWith(".ipynb") ? "notebook" : "file";
}

/** Returns the model of a file or folder, without its content. */
export async function describe(inside: Inside, stats: Stats): Promise<ContentsModel> {
  const writable = await access(inside.real, constants.W_OK).then(
    () => true,
    () => false,
  );
  const created = stats.birthtimeMs > 0 ? stats.birthtime : stats.ctime;
  return {
    name: inside.name,
    path: inside.path,
    type: typeOf(stats, inside.name),
    created: created.toISOString(),
    last_modified: stats.mtime.toISOString(),
    writable,
    size: stats.isDirectory() ? null : stats.size,
    mimetype: null,
    format: null,
    content: null,
  };
}
