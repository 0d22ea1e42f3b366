/** Texts too long for a page, kept on disk as long as their kernel. */
import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeCharacter } from "../../../kernel/io/characters.js";

/** The most that is kept of one text, in characters: a loop that prints without end must not fill the disk. */
const mostKept = 256 * 2 ** 20;
/** Texts that are kept; beyond it the oldest goes. */
const mostTexts = 20;

/** One text that grows. */
export interface SpooledText {
  /** Its name in addresses. */
  readonly name: string;
  /** False once something could not be kept: it was too much, or the disk is full. */
  readonly complete: boolean;
  append(text: string): void;
}

/** See {@link createSpool}. */
export interface Spool {
  /** Begins a text with these pieces. */
  create(pieces: readonly string[]): SpooledText;
  /** The file of a text; undefined when there is none of this name. */
  file(name: string): string | undefined;
  /** Removes all texts. */
  close(): void;
}

/** Returns an empty spool; its folder, which only this user can read, is made when the first text comes. */
export function createSpool(): Spool {
  const files = new Map<string, string>();
  let folder: string | undefined;
  return {
    create: (pieces) => {
      folder ??= mkdtempSync(join(tmpdir(), "lowbit-output-"));
      const name = `${randomBytes(12).toString("hex")}.txt`;
      const file = join(folder, name);
      files.set(name, file);
      if (files.size > mostTexts) {
        const [oldest, path] = files.entries().next().value as [string, string];
        files.delete(oldest);
        rmSync(path, { force: true });
      }
      const text = createText(name, file);
      for (const piece of pieces) text.append(piece);
      return text;
    },
    file: (name) => {
      const file = files.get(name);
      return file !== undefined && existsSync(file) ? file : undefined;
    },
    close: () => {
      files.clear();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      folder = undefined;
    },
  };
}

function createText(name: string, file: string): SpooledText {
  let length = 0;
  let complete = true;
  return {
    name,
    get complete() {
      return complete;
    },
    append: (text) => {
      if (!complete) return;
      const kept = text.slice(0, beforeCharacter(text, mostKept - length));
      complete = kept.length === text.length;
      length += kept.length;
      try {
        appendFileSync(file, kept, { mode: 0o600 });
      } catch {
        complete = false;
      }
    },
  };
}
