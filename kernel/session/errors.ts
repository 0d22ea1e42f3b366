/** From whatever a cell threw to the error that a front end shows. */
import type { ErrorOutcome } from "../io/channel.js";
import { thrownError } from "./code-frame.js";
import { inspectText } from "./format.js";
import { cellSource, firstCellPlace } from "./stack.js";

/** Returns the protocol's error for a thrown value; the value may be anything and is never trusted. */
export function toErrorOutcome(thrown: unknown): ErrorOutcome {
  if (!(thrown instanceof Error)) return thrownError("Uncaught", inspectText(thrown), []);
  const name = text(() => thrown.name, "Error");
  const message = text(() => thrown.message, "");
  const stack = text(() => thrown.stack ?? "", "");
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const found = firstCellPlace(stack);
  const source = found && cellSource(found.filename);
  const place = found && source !== undefined ? { source, position: found.position } : undefined;
  return thrownError(name, message, [...frames, ...causes(thrown)], place);
}

function causes(error: Error): string[] {
  const { cause } = error;
  return cause === undefined ? [] : [`  caused by: ${inspectText(cause)}`];
}

/** Reads a property that a hostile or broken error may have made a throwing getter or no string at all. */
function text(read: () => unknown, otherwise: string): string {
  try {
    const value = read();
    return typeof value === "string" ? value : otherwise;
  } catch {
    return otherwise;
  }
}
