import { FileFormatError } from "../errors.js";
import { fromUtf8 } from "./utf8.js";

/** What JSON holds. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Returns what UTF-8 bytes of JSON hold, or throws: for bytes that are no UTF-8, for a syntax error, and for a key that
 * stands twice in one object, where `JSON.parse` would keep the last silently.
 * @param start where the text begins in the file
 * @throws FileFormatError
 */
export function parseJson(caller: string, bytes: Uint8Array, start: number): Json {
  const text = fromUtf8(bytes);
  if (text === undefined) throw new FileFormatError(`${caller}: a header that is no UTF-8, expected JSON`, start);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new FileFormatError(`${caller}: a header that is no JSON: ${(error as Error).message}`, start);
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) throw new FileFormatError(`${caller}: the key ${twice} twice, expected it once`, start);
  return value;
}

/** The first key that an object of valid JSON has twice, in quotes. */
function repeatedKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const mark = text[at];
    if (mark === "{") open.push(new Set());
    else if (mark === "[") open.push(undefined);
    else if (mark === "}" || mark === "]") open.pop();
    else if (mark === '"') {
      const end = endOfText(text, at);
      const quoted = text.slice(at, end);
      at = end - 1;
      if (!isFollowedByColon(text, end)) continue;
      const keys = open.at(-1);
      const key = JSON.parse(quoted) as string;
      if (keys?.has(key)) return quoted;
      keys?.add(key);
    }
  }
  return undefined;
}

/** The place behind the closing quote. No regular expression: they give up on texts of some megabytes. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isFollowedByColon(text: string, start: number): boolean {
  let at = start;
  while (" \t\n\r".includes(text[at] ?? ":")) at++;
  return text[at] === ":";
}
