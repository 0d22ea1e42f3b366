/** What is known of a symbol, as text: its signature, its description and its tags. */

/** The parts of TypeScript's quick info that are shown. */
export interface QuickInfo {
  readonly displayParts?: readonly Part[];
  readonly documentation?: readonly Part[];
  readonly tags?: readonly { readonly name: string; readonly text?: readonly Part[] }[];
}

interface Part {
  readonly text: string;
}

/**
 * Returns the text of a tooltip.
 * @example quickInfoText({ displayParts: [{ text: "f" }], tags: [{ name: "returns", text: [{ text: "it" }] }] }) // "f\n\n@returns it"
 */
export function quickInfoText({ displayParts, documentation, tags = [] }: QuickInfo): string {
  const description = join(documentation);
  const told = tags.map(({ name, text }) => `@${name} ${join(text)}`.trimEnd());
  const about = [...(description === "" ? [] : [description]), ...told].join("\n");
  return about === "" ? join(displayParts) : `${join(displayParts)}\n\n${about}`;
}

function join(parts: readonly Part[] = []): string {
  return parts.map(({ text }) => text).join("");
}
