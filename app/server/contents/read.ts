import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { HttpError, toHttpError } from "../http-error.js";
import type { Inside, RootFolder } from "../root-folder.js";
import { mimeType } from "./mime.js";
import { type ContentsFormat, type ContentsModel, type ContentsType, describe, typeOf } from "./model.js";
import { markTrust, parseNotebook, validateNotebook } from "./notebook.js";
import type { TrustStore } from "./trust.js";

/** What a client may ask about a file or folder. */
export interface ReadOptions {
  /** Default: what the name says. A notebook can be asked for as a file. */
  readonly type?: ContentsType | undefined;
  /** Default: text when the bytes are UTF-8, else base64. */
  readonly format?: ContentsFormat | undefined;
  readonly content: boolean;
  readonly hash: boolean;
}

/** The largest file that is read into a model; beyond it, a JSON string of the content cannot be made. */
export const largestRead: number = 256 * 2 ** 20;

/** Returns the model of *inside*. @throws HttpError 400 or 404 */
export async function readModel(
  root: RootFolder,
  trust: TrustStore,
  inside: Inside,
  options: ReadOptions,
): Promise<ContentsModel> {
  if (inside.hidden) throw new HttpError(404, `${inside.path}: file or folder does not exist`);
  const stats = await stat(inside.real).catch((error: unknown) => {
    throw toHttpError(error, inside.path);
  });
  if (!stats.isDirectory() && !stats.isFile()) throw new HttpError(400, `${inside.path}: is not a file or folder`);
  const model = await describe(inside, stats);
  if (options.type !== undefined) model.type = agreedType(options.type, typeOf(stats, inside.name), inside.path);
  if (stats.isDirectory()) {
    if (options.content) Object.assign(model, { format: "json", content: await listFolder(root, inside) });
    return model;
  }
  if (!options.content && !options.hash) return model;
  if (stats.size > largestRead) throw tooLarge(inside, stats.size);
  const bytes = await readFile(inside.real);
  if (options.hash) Object.assign(model, hashOf(bytes));
  if (!options.content) return model;
  return model.type === "notebook"
    ? await withNotebook(model, bytes, trust)
    : { ...model, ...encodeFile(bytes, inside, options.format) };
}

/** Returns the digest of a file as the contents API names it. */
export function hashOf(bytes: Uint8Array): { hash: string; hash_algorithm: string } {
  return { hash: createHash("sha256").update(bytes).digest("hex"), hash_algorithm: "sha256" };
}

function tooLarge({ path }: Inside, bytes: number): HttpError {
  const [size, most] = [bytes, largestRead].map((n) => `${Math.ceil(n / 2 ** 20)} MiB`);
  const words = `${size} is too large to open, at most ${most} are. It can be downloaded, or read in a cell`;
  return new HttpError(413, `${path}: ${words}`);
}

function agreedType(asked: ContentsType, actual: ContentsType, path: string): ContentsType {
  if ((asked === "directory") === (actual === "directory")) return asked;
  throw new HttpError(400, `${path}: is a ${actual}, not a ${asked}`);
}

/** The visible entries of a folder, by name. Links that lead outside and entries that vanish are left out. */
async function listFolder(root: RootFolder, folder: Inside): Promise<ContentsModel[]> {
  const names = (await readdir(folder.real)).filter((name) => !name.startsWith(".")).sort();
  const models = await Promise.all(
    names.map(async (name) => {
      try {
        const entry = await root.resolve(`${folder.path}/${name}`);
        const stats = await stat(entry.real);
        return stats.isDirectory() || stats.isFile() ? await describe(entry, stats) : undefined;
      } catch {
        return undefined;
      }
    }),
  );
  return models.filter((model) => model !== undefined);
}

async function withNotebook(model: ContentsModel, bytes: Uint8Array, trust: TrustStore): Promise<ContentsModel> {
  const text = decodeText(bytes);
  if (text === undefined) throw new HttpError(400, `${model.path}: is not a notebook: it is not UTF-8 text`);
  const notebook = parseNotebook(text, model.path);
  markTrust(notebook, await trust.isTrusted(text));
  const problem = validateNotebook(notebook);
  const message = problem === undefined ? {} : { message: `Notebook validation failed: ${problem}` };
  return { ...model, format: "json", content: notebook, ...message };
}

function encodeFile(
  bytes: Buffer,
  { name, path }: Inside,
  format: ContentsFormat | undefined,
): Pick<ContentsModel, "content" | "format" | "mimetype"> {
  const text = format === "base64" ? undefined : decodeText(bytes);
  if (text !== undefined) return { content: text, format: "text", mimetype: mimeType(name) ?? "text/plain" };
  if (format === "text") {
    throw new HttpError(400, `${path}: is not UTF-8 text. It can be downloaded, or read in a cell`);
  }
  const mimetype = mimeType(name) ?? "application/octet-stream";
  return { content: bytes.toString("base64"), format: "base64", mimetype };
}

/** The text of the bytes; undefined when they are not UTF-8. A byte order mark stays. */
function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
