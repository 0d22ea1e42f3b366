/** Writes a measured table into a Markdown file, between the marks that name its benchmark. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/**
 * Returns the text with what stands between `<!-- bench:name -->` and `<!-- /bench:name -->` replaced; undefined when
 * it has no such marks.
 * @example betweenMarks("<!-- bench:a -->\n<!-- /bench:a -->", "a", "new") // "<!-- bench:a -->\n\nnew\n\n<!-- /bench:a -->"
 */
export function betweenMarks(text: string, name: string, content: string): string | undefined {
  const open = `<!-- bench:${name} -->`;
  const close = `<!-- /bench:${name} -->`;
  const from = text.indexOf(open);
  const to = text.indexOf(close);
  if (from < 0 || to < from) return undefined;
  return `${text.slice(0, from + open.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}

/** Writes the content between the marks of a file. @returns whether the file has them */
export function writeBetweenMarks(file: string, name: string, content: string): boolean {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const changed = betweenMarks(text, name, content);
  if (changed === undefined) return false;
  if (changed !== text) writeFileSync(file, changed);
  return true;
}
