/** `user_expressions`: evaluated one after the other once their cell has run, each with a result or an error of its own. */
import { diagnosticsError } from "../session/code-frame.js";
import { compilerFault, stopped, type ToIo } from "./channel.js";
import type { IoContext } from "./context.js";
import { log } from "./log.js";

type Value = Record<string, unknown>;

/** See {@link createExpressions}. */
export interface Expressions {
  /**
   * Returns the values by name.
   * @param parent the header, as JSON, that whatever they print answers
   * @param isStopped asked before each: after a stop, those that are left count as stopped
   */
  evaluate(expressions: Readonly<Record<string, string>>, parent: string, isStopped: () => boolean): Promise<Value>;
  /** An answer of main. */
  receive(message: Extract<ToIo, { kind: "evaluated" }>): void;
  /** Main has settled after a stop: what it did not answer is over. */
  settled(): void;
}

/** Returns the evaluator. */
export function createExpressions({ compiler, link }: IoContext): Expressions {
  const waiting = new Map<string, (value: Value) => void>();
  let last = 0;

  const one = async (code: string, parent: string, isStopped: () => boolean): Promise<Value> => {
    const filename = "expression.ts";
    const compiled = await compiler.compile(code, filename);
    if (!compiled.ok) return { ...diagnosticsError(filename, code, compiled.diagnostics) };
    if (isStopped()) return { ...stopped };
    const id = `expression-${++last}`;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      link.post({ kind: "evaluate", id, parent, cell: compiled.cell });
    });
  };

  return {
    evaluate: async (expressions, parent, isStopped) => {
      const values: Value = {};
      for (const [name, code] of Object.entries(expressions)) {
        values[name] = isStopped()
          ? { ...stopped }
          : await one(code, parent, isStopped).catch((error: Error) => {
              log(`compiler: ${error.message}`);
              return { ...compilerFault(error) };
            });
      }
      return values;
    },
    receive: ({ id, result }) => {
      waiting.get(id)?.(result);
      waiting.delete(id);
    },
    settled: () => {
      for (const resolve of waiting.values()) resolve({ ...stopped });
      waiting.clear();
    },
  };
}
