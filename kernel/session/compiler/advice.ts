/** What TypeScript 5.0, which checks the cells, does not know yet: said in words instead of as a row of syntax errors. */
import type { Diagnostic } from "./types.js";

const using = /(?<![\w$.])(await\s+)?using\s+(?!in\b|of\b|instanceof\b)([A-Za-z_$][\w$]*)\s*(?::[^=;]*)?=(?!=)/g;

/**
 * Returns the faults of a text; those on a line with a `using` declaration become one that says what to write.
 * @param text the cell or file
 */
export function withAdvice(text: string, faults: readonly Diagnostic[]): Diagnostic[] {
  const found = [...text.matchAll(using)].flatMap((match) => adviceFor(text, match, faults) ?? []);
  const lines = new Set(found.map(({ start }) => start.line));
  return [...found, ...faults.filter(({ start }) => !lines.has(start.line))];
}

function adviceFor(text: string, match: RegExpExecArray, faults: readonly Diagnostic[]): Diagnostic | undefined {
  const before = text.slice(0, match.index).split("\n");
  const start = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const fault = faults.find((one) => one.start.line === start.line);
  if (!fault) return undefined;
  const [, awaits, name] = match;
  const keyword = awaits ? "await using" : "using";
  const dispose = awaits ? `await ${name}[Symbol.asyncDispose]()` : `${name}[Symbol.dispose]()`;
  const message =
    `'${keyword}' needs TypeScript 5.2, and cells are checked by 5.0. ` +
    `Write: const ${name} = …; try { … } finally { ${dispose} }`;
  return { ...fault, start, end: { line: start.line, character: start.character + keyword.length }, message };
}
