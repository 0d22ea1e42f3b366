/** Drawings as plain data: the kernel writes them as text, a view makes and changes elements from them. */

/** Attributes by name; undefined and false leave one out. */
export type SvgAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** One element of a drawing. */
export interface SvgNode {
  readonly tag: string;
  readonly attributes: SvgAttributes;
  readonly children: readonly (SvgNode | string)[];
}

/** Returns an element. @example svgNode("text", { x: 4, y: 12 }, "sigma") */
export function svgNode(
  tag: string,
  attributes: SvgAttributes = {},
  ...children: readonly (SvgNode | string | undefined)[]
): SvgNode {
  return { tag, attributes, children: children.filter((child) => child !== undefined) };
}

/**
 * Returns the attribute as it is written: numbers with at most two decimals, because a pixel has no finer parts.
 * @example attributeText(1 / 3) // "0.33"
 */
export function attributeText(value: string | number | boolean): string {
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : String(value);
}

/** Returns a drawing as the text of an SVG file; everything that comes from data is escaped. */
export function svgText({ tag, attributes, children }: SvgNode): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => ` ${name}="${escaped(attributeText(value as string))}"`);
  const inside = children.map((child) => (typeof child === "string" ? escaped(child) : svgText(child)));
  return `<${tag}${written.join("")}${inside.length > 0 ? `>${inside.join("")}</${tag}>` : "/>"}`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
