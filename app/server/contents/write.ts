import { appendFile, mkdir, stat, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { HttpError, toHttpError } from "../http-error.js";
import type { Inside } from "../root-folder.js";
import { replaceBy, temporaryName, writeAtomically } from "./atomic-write.js";
import type { ContentsFormat, ContentsType } from "./model.js";
import { formatNotebook, requireNotebook, takeTrust, validateNotebook } from "./notebook.js";
import type { TrustStore } from "./trust.js";

/** What a client sends to save. */
export interface SaveRequest {
  readonly type: ContentsType;
  readonly format?: ContentsFormat | null | undefined;
  readonly content?: unknown;
  /** Parts of a large upload are numbered from 1; the last one is -1. */
  readonly chunk?: number | undefined;
}

/** Saves files and folders below the root. */
export interface Writer {
  /** Writes *request* to *inside*. Returns what a front end should be told about a notebook, if anything. */
  save(inside: Inside, request: SaveRequest): Promise<string | undefined>;
  /** Removes what uploads have left that were never finished. */
  close(): Promise<void>;
}

/** Returns a writer that remembers trusted notebooks in *trust*. */
export function createWriter(trust: TrustStore): Writer {
  const uploads = new Map<string, string>();
  return {
    save: async (inside, request) => {
      refuseHidden(inside, "create");
      await requireParent(inside);
      try {
        if (request.type === "directory") return await makeFolder(inside);
        if (request.type === "notebook") return await saveNotebook(inside, request, trust);
        if (request.chunk !== undefined) return await saveChunk(uploads, inside, request, request.chunk);
        await writeAtomically(inside.real, decodeContent(inside, request));
        return undefined;
      } catch (error) {
        throw toHttpError(error, inside.path);
      }
    },
    close: async () => {
      await Promise.all([...uploads.values()].map((temporary) => unlink(temporary).catch(() => undefined)));
    },
  };
}

/** @throws HttpError 400 for a hidden path or the root itself, which clients do not change */
export function refuseHidden(inside: Inside, verb: string): void {
  if (inside.path === "") throw new HttpError(400, `cannot ${verb} the root folder`);
  if (inside.hidden) throw new HttpError(400, `${inside.path}: cannot ${verb} a hidden file or folder`);
}

/** @throws HttpError 404 when the folder that *inside* should be in does not exist */
export async function requireParent(inside: Inside): Promise<void> {
  const parent = await stat(dirname(inside.real)).catch(() => undefined);
  if (!parent?.isDirectory()) throw new HttpError(404, `${inside.path}: its folder does not exist`);
}

async function makeFolder(inside: Inside): Promise<undefined> {
  const existing = await stat(inside.real).catch(() => undefined);
  if (existing?.isDirectory()) return undefined;
  await mkdir(inside.real);
  return undefined;
}

async function saveNotebook(inside: Inside, request: SaveRequest, trust: TrustStore): Promise<string | undefined> {
  const notebook = requireNotebook(request.content, inside.path);
  const trusted = takeTrust(notebook);
  const text = formatNotebook(notebook);
  await writeAtomically(inside.real, text);
  if (trusted) await trust.trust(text);
  const problem = validateNotebook(notebook);
  return problem === undefined ? undefined : `Notebook validation failed: ${problem}`;
}

function decodeContent(inside: Inside, { content, format }: SaveRequest): string | Buffer {
  if (typeof content !== "string") throw new HttpError(400, `${inside.path}: content is not a string`);
  if (format !== "base64") return content;
  const bytes = Buffer.from(content, "base64");
  // Buffer.from skips what it does not understand; a damaged upload must not become a damaged file.
  if (bytes.toString("base64") !== content.replace(/\s/g, "")) {
    throw new HttpError(400, `${inside.path}: content is not base64`);
  }
  return bytes;
}

/** Collects an upload in a hidden file beside its target, which appears only when the last part is there. */
async function saveChunk(
  uploads: Map<string, string>,
  inside: Inside,
  request: SaveRequest,
  chunk: number,
): Promise<undefined> {
  const bytes = decodeContent(inside, request);
  if (chunk === 1) {
    const abandoned = uploads.get(inside.real);
    if (abandoned !== undefined) await unlink(abandoned).catch(() => undefined);
    const temporary = temporaryName(inside.real);
    await writeFile(temporary, bytes, { flag: "wx" });
    uploads.set(inside.real, temporary);
    return undefined;
  }
  const temporary = uploads.get(inside.real);
  if (temporary === undefined) throw new HttpError(400, `${inside.path}: chunk ${chunk} without its first`);
  await appendFile(temporary, bytes);
  if (chunk !== -1) return undefined;
  uploads.delete(inside.real);
  await replaceBy(temporary, inside.real);
  return undefined;
}
