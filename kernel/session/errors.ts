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
  const frames = framesOf(stack, `${name}: ${message}`);
  const found = firstCellPlace(stack);
  const source = found && cellSource(found.filename);
  const place = found && source !== undefined ? { source, position: found.position } : undefined;
  return thrownError(name, message, [...frames, ...details(thrown)], place);
}

/** The frames below the description, which may itself have lines that look like frames. */
function framesOf(stack: string, description: string): string[] {
  const below = stack.startsWith(description) ? stack.slice(description.length) : stack;
  return below.split("\n").filter((line) => /^\s+at /.test(line));
}

/** What the error says besides: its cause, the errors it gathers, and properties of its own such as `code`. */
function details(error: Error): string[] {
  try {
    const { cause, errors } = error as { cause?: unknown; errors?: unknown };
    const own = Object.keys(error).filter((key) => key !== "cause" && key !== "errors");
    return [
      ...(cause === undefined ? [] : [`  caused by: ${inspectText(cause)}`]),
      ...(Array.isArray(errors) ? errors.map((one, index) => `  error ${index + 1}: ${inspectText(one)}`) : []),
      ...own.map((key) => `  ${key}: ${inspectText((error as unknown as Record<string, unknown>)[key])}`),
    ];
  } catch {
    return [];
  }
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
