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
  for (const [found, quoted, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    if (found === "{") open.push(new Set());
    else if (found === "[") open.push(undefined);
    else if (found === "}" || found === "]") open.pop();
    else if (quoted !== undefined && colon !== undefined) {
      const keys = open.at(-1);
      const key = JSON.parse(quoted) as string;
      if (keys?.has(key)) return quoted;
      keys?.add(key);
    }
  }
  return undefined;
}
