/** Pictures that a Markdown cell names: its attachments, and files in the notebook's folder. */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { extname, resolve, sep } from "node:path";
import { type ExportCell, loose, textOf } from "./notebook.js";
import { svgUri } from "./sanitize.js";

const types: Readonly<Record<string, string>> = {
  ".avif": "image/avif",
  ".gif": "image/gif",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
};

/** A larger file is named, not embedded; bytes. */
const largest = 10 * 2 ** 20;

/** Returns the address of a picture with its bytes inside; undefined when it is elsewhere, or none. */
export function embedImage(href: string, cell: ExportCell, folder: string): string | undefined {
  if (href.startsWith("attachment:")) return attachment(decode(href.slice("attachment:".length)), cell);
  if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(href)) return undefined;
  const type = types[extname(decode(href)).toLowerCase()];
  if (type === undefined) return undefined;
  try {
    const root = realpathSync(folder);
    const file = realpathSync(resolve(root, decode(href)));
    // A notebook of somebody else must not carry away pictures from outside its folder.
    if (!file.startsWith(root.endsWith(sep) ? root : root + sep) || statSync(file).size > largest) return undefined;
    return `data:${type};base64,${readFileSync(file).toString("base64")}`;
  } catch {
    return undefined;
  }
}

function attachment(name: string, cell: ExportCell): string | undefined {
  for (const [type, data] of Object.entries(loose(loose(cell.attachments)[name]))) {
    const picture = imageUri(type, data);
    if (picture !== undefined) return picture;
  }
  return undefined;
}

/** Returns the picture that an output or attachment holds as a data address; undefined when it is none. */
export function imageUri(type: string, data: unknown): string | undefined {
  const text = textOf(data);
  if (text === "" || !Object.values(types).includes(type)) return undefined;
  if (type === "image/svg+xml") return svgUri(text);
  return `data:${type};base64,${text.replace(/[^A-Za-z0-9+/=]/g, "")}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
