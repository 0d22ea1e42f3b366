/** The patterns of `history_request`. No regular expression: one with many stars would take exponential time. */

/**
 * Tells whether a text matches a pattern in which `*` stands for any text and `?` for any one character.
 * @example matchesGlob("const a = 1", "const*=?1") // true
 */
export function matchesGlob(text: string, pattern: string): boolean {
  const [characters, wanted] = [[...text], [...pattern]];
  let at = 0;
  let star = -1;
  /** Where the text that the last star stands for ends. Only this star ever needs to take more. */
  let taken = 0;
  for (let next = 0; next < characters.length; ) {
    if (wanted[at] === "*") {
      star = at++;
      taken = next;
    } else if (at < wanted.length && (wanted[at] === "?" || wanted[at] === characters[next])) {
      at++;
      next++;
    } else if (star >= 0) {
      at = star + 1;
      next = ++taken;
    } else {
      return false;
    }
  }
  return wanted.slice(at).every((character) => character === "*");
}
