import { extname } from "node:path";

/** MIME types of the files that one meets beside notebooks. Text types are given without charset. */
const types: Readonly<Record<string, string>> = {
  ".avif": "image/avif",
  ".bin": "application/octet-stream",
  ".bmp": "image/bmp",
  ".css": "text/css",
  ".csv": "text/csv",
  ".gif": "image/gif",
  ".gz": "application/gzip",
  ".htm": "text/html",
  ".html": "text/html",
  ".ico": "image/vnd.microsoft.icon",
  ".ipynb": "application/x-ipynb+json",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript",
  ".json": "application/json",
  ".map": "application/json",
  ".md": "text/markdown",
  ".mjs": "text/javascript",
  ".mp3": "audio/mpeg",
  ".mp4": "video/mp4",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ts": "application/typescript",
  ".tsv": "text/tab-separated-values",
  ".ttf": "font/ttf",
  ".txt": "text/plain",
  ".wasm": "application/wasm",
  ".wav": "audio/wav",
  ".webm": "video/webm",
  ".webp": "image/webp",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
  ".zip": "application/zip",
};

/** Returns the MIME type that a file's name suggests. @example mimeType("mask.svg") // "image/svg+xml" */
export function mimeType(name: string): string | undefined {
  return types[extname(name).toLowerCase()];
}

/** Whether a `charset` belongs to the type. */
export function isText(type: string): boolean {
  return /^text\/|json$|javascript$|typescript$|xml$/.test(type);
}
