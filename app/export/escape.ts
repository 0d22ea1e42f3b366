/** Text inside HTML and inside scripts, so that it stays text. */

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Returns `text` for HTML, between tags or inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/**
 * Returns `value` as JSON that can stand in a `<script>` of any type: no `<`, so neither `</script>` nor `<!--` can be
 * in it, and no line separator that older JavaScript takes for the end of a line.
 * @example scriptJson("</script>") // "\"\\u003c/script>\""
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
