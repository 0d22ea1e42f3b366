/** What a FileUpload receives. */
import { bytesOf, isBinary, isRecord } from "../equal.js";
import type { Trait } from "../spec.js";
import { list } from "../traits.js";

/** One uploaded file. */
export interface UploadedFile {
  readonly name: string;
  /** MIME type, as the browser guesses it. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  readonly last_modified: Date;
  readonly content: Uint8Array;
}

/** The uploaded files. They are not echoed: files can be large. */
export function uploadedFiles(): Trait<readonly UploadedFile[]> {
  return { ...list(uploadedFile()), echo: false };
}

function uploadedFile(): Trait<UploadedFile> {
  return {
    expects: "a file ({ name, type, size, last_modified, content })",
    initial: () => ({ name: "", type: "", size: 0, last_modified: new Date(0), content: new Uint8Array(0) }),
    accept: (value) => {
      if (!isRecord(value) || typeof value.name !== "string" || typeof value.type !== "string") return undefined;
      const { name, type, size, last_modified, content } = value;
      if (!Number.isSafeInteger(size) || !(last_modified instanceof Date) || !isBinary(content)) return undefined;
      return { name, type, size: size as number, last_modified, content: bytesOf(content) };
    },
    encode: (file) => ({ ...file, last_modified: file.last_modified.getTime() }),
    decode: (wire) => {
      if (!isRecord(wire) || !Number.isFinite(wire.last_modified)) return undefined;
      return { ...wire, last_modified: new Date(wire.last_modified as number) };
    },
  };
}
