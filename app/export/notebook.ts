/** What the exporter reads of a notebook, and how it copes with what a file may hold instead. */

/** JSON that nobody has checked. */
export type Loose = Readonly<Record<string, unknown>>;

/** A cell as nbformat 4 has it; its parts are judged where they are used. */
export interface ExportCell {
  readonly cell_type: string;
  readonly source: unknown;
  readonly metadata?: unknown;
  readonly outputs?: unknown;
  readonly execution_count?: unknown;
  readonly attachments?: unknown;
}

/** A notebook of nbformat 4. */
export interface ExportNotebook {
  readonly metadata: Loose;
  readonly cells: readonly ExportCell[];
}

/** What stops an export, in words. */
export class ExportError extends Error {
  override readonly name = "ExportError" as const;
}

/** Returns whether `value` is an object with keys. */
export function isLoose(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns `value`, or no keys when it is not an object. */
export function loose(value: unknown): Loose {
  return isLoose(value) ? value : {};
}

/** Returns a text that nbformat may hold as a list of lines; other values are empty. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.map((line) => (typeof line === "string" ? line : "")).join("") : "";
}

/** Returns the outputs of a code cell. */
export function outputsOf(cell: ExportCell): readonly Loose[] {
  return cell.cell_type === "code" && Array.isArray(cell.outputs) ? cell.outputs.filter(isLoose) : [];
}

/** Returns the tags of a cell. */
export function tagsOf(cell: ExportCell): readonly string[] {
  const { tags } = loose(cell.metadata);
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

/** Returns the language of the code cells, lower case; "typescript" when the notebook does not say. */
export function languageOf({ metadata }: ExportNotebook): string {
  const name = loose(metadata.language_info).name ?? loose(metadata.kernelspec).language;
  return typeof name === "string" ? name.toLowerCase() : "typescript";
}

/** Returns the notebook's title: its metadata's, its first heading, or `otherwise`. */
export function titleOf(notebook: ExportNotebook, otherwise: string): string {
  const { title } = notebook.metadata;
  if (typeof title === "string" && title.trim() !== "") return title.trim();
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "markdown") continue;
    const heading = /^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$/m.exec(textOf(cell.source))?.[1];
    if (heading !== undefined) return heading.replace(/[*_`]/g, "");
  }
  return otherwise;
}
