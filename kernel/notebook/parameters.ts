/** Parameters as papermill has them: a cell tagged `parameters`, and one injected after it. */
import { randomBytes } from "node:crypto";
import type { Cell, Notebook } from "./document.js";

/** Values by name. */
export type Parameters = Readonly<Record<string, unknown>>;

/**
 * Returns the values of `-p name=value` arguments: JSON where it is JSON, text otherwise.
 * @throws Error when there is no `=`, or the name cannot be a variable
 * @example parseParameters(["keep=4", "seed=7", "title=wide"]) // { keep: 4, seed: 7, title: "wide" }
 */
export function parseParameters(args: readonly string[]): Parameters {
  return Object.fromEntries(
    args.map((argument) => {
      const at = argument.indexOf("=");
      const name = argument.slice(0, Math.max(0, at)).trim();
      if (!/^[A-Za-z_$][\w$]*$/.test(name)) {
        throw new Error(`parseParameters: "${argument}", expected name=value with a name that a variable can have`);
      }
      return [name, parseValue(argument.slice(at + 1))];
    }),
  );
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Returns the notebook with a cell that sets the parameters, after the one tagged `parameters`; the cell of an earlier
 * run is replaced where it is. */
export function injectParameters(notebook: Notebook, parameters: Parameters): Notebook {
  if (Object.keys(parameters).length === 0) return notebook;
  const { cells } = notebook;
  const earlier = cells.findIndex((cell) => hasTag(cell, "injected-parameters"));
  const at = earlier >= 0 ? earlier : cells.findIndex((cell) => hasTag(cell, "parameters")) + 1;
  const lines = Object.entries(parameters).map(([name, value]) => `let ${name} = ${JSON.stringify(value)};`);
  const injected: Cell = {
    ...(notebook.nbformat_minor >= 5 && { id: randomBytes(4).toString("hex") }),
    cell_type: "code",
    source: `// Parameters\n${lines.join("\n")}`,
    metadata: { tags: ["injected-parameters"] },
    outputs: [],
    execution_count: null,
  };
  return { ...notebook, cells: [...cells.slice(0, at), injected, ...cells.slice(earlier >= 0 ? at + 1 : at)] };
}

/** Returns the names among `parameters` that the cell tagged `parameters` does not declare. */
export function unknownParameters(notebook: Notebook, parameters: Parameters): string[] {
  const source = notebook.cells
    .filter((cell) => hasTag(cell, "parameters"))
    .map((cell) => cell.source)
    .join("\n");
  return Object.keys(parameters).filter((name) => {
    const declaration = new RegExp(`\\b(?:const|let|var)\\b[^;]*?(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`);
    return !declaration.test(source);
  });
}

function hasTag(cell: Cell, tag: string): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes(tag);
}
