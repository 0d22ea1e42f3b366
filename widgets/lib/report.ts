/** Where errors of handlers and refused messages go: they are told, and the message loop goes on. */
import { isTensor } from "../../src/tensor/index.js";

/** Prints `error` with where it happened; never throws. @example reportError("IntSlider: observer of value", error) */
export function reportError(where: string, error: unknown): void {
  const output = (globalThis as { console?: { error(...values: unknown[]): void } }).console;
  output?.error(`${where}:`, error);
}

/** Calls `handler`; what it throws, now or as a rejected promise, is reported instead of passed on. */
export function callSafely<Argument>(
  where: string,
  handler: (argument: Argument) => unknown,
  argument: Argument,
): void {
  try {
    const result = handler(argument);
    const then = (result as PromiseLike<unknown> | undefined)?.then;
    if (typeof then === "function") then.call(result, undefined, (error: unknown) => reportError(where, error));
  } catch (error) {
    reportError(where, error);
  }
}

/** Returns a short text of `value` for an error message. @example describe([1, "a"]) // '[1,"a"]' */
export function describe(value: unknown): string {
  if (typeof value === "string") return shorten(JSON.stringify(value));
  if (typeof value === "bigint") return `${value}n`;
  if (value === null || typeof value !== "object") return String(value);
  if (isTensor(value)) return `a ${value.dtype} tensor of shape [${value.shape.join(", ")}]`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  const name = (value as { constructor?: { name?: string } }).constructor?.name;
  if (!Array.isArray(value) && name !== undefined && name !== "Object") return name;
  try {
    // JSON writes null for NaN and infinity.
    const mark = (_: string, one: unknown): unknown =>
      typeof one === "number" && !Number.isFinite(one) ? `<${one}>` : one;
    return shorten(JSON.stringify(value, mark).replace(/"<(-?Infinity|NaN)>"/g, "$1"));
  } catch {
    return name ?? "an object";
  }
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
