/** Whether a text is a whole cell: the answer to `is_complete_request`. */
import type TS from "typescript";
import type { Completeness } from "./types.js";
import type { Tslab } from "./typescript.js";

/** TypeScript's messages for a text that stops inside a literal or a comment. */
const unterminated = new Set([
  1010, // '*/' expected
  1160, // unterminated template literal
]);

/** Returns complete, incomplete (with the indent of the next line) or invalid. */
export function completeness(tslab: Tslab, source: string): Completeness {
  const { ts } = tslab;
  const file = ts.createSourceFile("cell.tsx", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const errors = (file as unknown as { parseDiagnostics: readonly TS.Diagnostic[] }).parseDiagnostics;
  if (errors.length === 0) return { status: "complete" };
  const first = errors[0] as TS.Diagnostic;
  if (unterminated.has(first.code)) return { status: "incomplete", indent: "" };
  // A block that is left open is reported where the text ends; anything before that cannot be mended by more text.
  const end = source.trimEnd().length;
  if ((first.start ?? 0) < end) return { status: "invalid" };
  const verdict = tslab.isCompleteCode(source.trimEnd());
  return { status: "incomplete", indent: verdict.indent ?? "" };
}
