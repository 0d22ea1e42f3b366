/** How errors look in a notebook: the lines around the fault, with a mark, in colours that every front end knows. */
import type { ErrorOutcome } from "../io/channel.js";
import type { Diagnostic, Position } from "./compiler/types.js";

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;
const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;

/** Lines shown before and after the faulty one. */
const around = 2;

/**
 * Returns a few lines of a source with a mark under the range.
 * @example codeFrame("let x\nx.y", { line: 1, character: 2 })
 */
export function codeFrame(source: string, start: Position, end?: Position): string {
  const lines = source.split("\n");
  const first = Math.max(0, start.line - around);
  const last = Math.min(lines.length - 1, start.line + around);
  const width = String(last + 1).length;
  const out: string[] = [];
  for (let line = first; line <= last; line++) {
    const text = (lines[line] ?? "").replace(/\r$/, "");
    const marked = line === start.line;
    const gutter = `${marked ? ">" : " "} ${String(line + 1).padStart(width)} | `;
    out.push(`${marked ? red(gutter) : dim(gutter)}${text}`);
    if (!marked) continue;
    const stop = end && end.line === line ? end.character : end && end.line > line ? text.length : start.character + 1;
    const indent = text.slice(0, start.character).replace(/[^\t]/g, " ");
    const mark = "^".repeat(Math.max(1, Math.min(stop, text.length + 1) - start.character));
    out.push(`${dim(`${" ".repeat(width + 2)} | `)}${indent}${red(mark)}`);
  }
  return out.join("\n");
}

/** Returns the error of a cell that TypeScript refuses: each fault with its place, the first three with a frame. */
export function diagnosticsError(filename: string, source: string, all: readonly Diagnostic[]): ErrorOutcome {
  const diagnostics = joinChains(all);
  const blocks = diagnostics.map((one, index) => {
    const place = `${one.file ?? filename}:${one.start.line + 1}:${one.start.character + 1}`;
    const headline = `${bold(place)} - ${red(`TS${one.code}`)}: ${one.message}`;
    const framed = index < 3 && one.file === undefined && one.start.line >= 0;
    return framed ? `${headline}\n\n${codeFrame(source, one.start, one.end)}\n` : headline;
  });
  const first = diagnostics[0];
  const place = first ? `${first.file ?? filename}:${first.start.line + 1}:${first.start.character + 1}` : filename;
  return {
    status: "error",
    ename: "TypeScriptError",
    evalue: `${place} - ${first ? `TS${first.code}: ${first.message}` : "the cell cannot be compiled"}`,
    traceback: blocks,
  };
}

/** tslab reports the links of a chain of reasons one by one, at the same place: they are one fault. */
function joinChains(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const joined: Diagnostic[] = [];
  for (const one of diagnostics) {
    const last = joined.at(-1);
    const same = last && last.file === one.file && isSame(last.start, one.start) && isSame(last.end, one.end);
    if (same) joined.splice(-1, 1, { ...last, message: `${last.message}\n  ${one.message}` });
    else joined.push(one);
  }
  return joined;
}

function isSame(a: Position, b: Position): boolean {
  return a.line === b.line && a.character === b.character;
}

/** Returns the error of a thrown `Error`: its name and message, the frame of its cell and the stack below. */
export function thrownError(
  name: string,
  message: string,
  frames: readonly string[],
  place?: { readonly source: string; readonly position: Position },
): ErrorOutcome {
  const headline = `${red(bold(name))}${message === "" ? "" : `: ${message}`}`;
  const traceback = [headline];
  if (place) traceback.push("", codeFrame(place.source, place.position), "");
  traceback.push(...frames.map((frame) => dim(frame)));
  return { status: "error", ename: name, evalue: message, traceback };
}
