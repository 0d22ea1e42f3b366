/** What a call calls, for a cursor between its brackets. */
import type TS from "typescript";
import type { TypeScript } from "./typescript.js";

/**
 * Returns the offset of the last letter of the innermost call's function, or undefined outside of any call.
 * @example calleeOffset(ts, "Math.sin(1", 9) // 7, the n of sin
 */
export function calleeOffset(ts: TypeScript, source: string, offset: number): number | undefined {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  let found: number | undefined;
  const visit = (node: TS.Node): void => {
    if (offset < node.pos || offset > node.end) return;
    const called = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression : undefined;
    if (called && offset >= called.end) found = called.end - 1;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
