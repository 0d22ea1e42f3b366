/** How a value becomes a MIME bundle: what it says of itself first, then what it is, at last `util.inspect`. */
import { inspect } from "node:util";
import { displaySymbol, type MimeBundle } from "../../src/display.js";
import { chartOf } from "../../src/specs.js";
import { isTensorLike, tensorBundle, typedArrayBundle } from "./format-array.js";
import { isTable, tableBundle } from "./format-table.js";

/** Returns the bundle of a value; a promise when the value itself answers with one. */
export function format(value: unknown): MimeBundle | Promise<MimeBundle> {
  const own = ownDisplay(value);
  if (own !== undefined) return own;
  if (typeof value === "string" && isSvg(value)) return { "image/svg+xml": value, "text/plain": inspectText(value) };
  if (typeof value !== "object" || value === null) return { "text/plain": inspectText(value) };
  return structuredBundle(value) ?? { "text/plain": inspectText(value) };
}

/** What a value is by its properties; a getter that throws or a revoked proxy has none worth showing. */
function structuredBundle(value: object): MimeBundle | Promise<MimeBundle> | undefined {
  try {
    return (
      elementBundle(value) ??
      imageBundle(value) ??
      pixelBundle(value) ??
      chartBundle(value) ??
      (ArrayBuffer.isView(value) && !(value instanceof DataView) ? typedArrayBundle(value) : undefined) ??
      (isTensorLike(value) ? tensorBundle(value) : undefined) ??
      (isTable(value) ? tableBundle(value) : undefined)
    );
  } catch {
    return undefined;
  }
}

/** Returns `util.inspect`'s text; a value whose own inspection throws does not take the cell with it. */
export function inspectText(value: unknown): string {
  try {
    return inspect(value, { maxArrayLength: 100, maxStringLength: 100_000, breakLength: 100 });
  } catch (error) {
    return `[value that cannot be shown: ${String((error as Error)?.message ?? error)}]`;
  }
}

function ownDisplay(value: unknown): MimeBundle | Promise<MimeBundle> | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const method = readMethod(value);
  if (typeof method !== "function") return undefined;
  const bundle: unknown = method.call(value);
  return bundle instanceof Promise ? bundle.then((late) => checkBundle(late)) : checkBundle(bundle);
}

function readMethod(value: object): unknown {
  try {
    return (value as Record<symbol, unknown>)[displaySymbol];
  } catch {
    // A revoked proxy, for one.
    return undefined;
  }
}

function checkBundle(bundle: unknown): MimeBundle {
  if (typeof bundle === "object" && bundle !== null && !Array.isArray(bundle)) return bundle as MimeBundle;
  throw new TypeError(
    `display: Symbol.for("Jupyter.display") gave ${inspect(bundle)}, expected an object by MIME type`,
  );
}

function isSvg(text: string): boolean {
  return /^\s*(<\?xml[^>]*\?>\s*)?<svg[\s>]/.test(text) && text.trimEnd().endsWith("</svg>");
}

/** Elements of a DOM in Node (jsdom, linkedom). */
function elementBundle(value: object): MimeBundle | undefined {
  const { outerHTML, nodeType, tagName } = value as { outerHTML?: unknown; nodeType?: unknown; tagName?: unknown };
  if (nodeType !== 1 || typeof outerHTML !== "string" || typeof tagName !== "string") return undefined;
  const type = tagName.toLowerCase() === "svg" ? "image/svg+xml" : "text/html";
  return { [type]: outerHTML, "text/plain": outerHTML };
}

const signatures: readonly (readonly [string, readonly number[]])[] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
];

function imageBundle(value: object): MimeBundle | undefined {
  if (!(value instanceof Uint8Array)) return undefined;
  const found = signatures.find(([, bytes]) => bytes.every((byte, index) => value[index] === byte));
  if (!found) return undefined;
  const base64 = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  return { [found[0]]: base64, "text/plain": `<${found[0]}, ${value.byteLength} bytes>` };
}

/** What a canvas calls ImageData, whoever made it. The encoder is loaded when it is first needed. */
function pixelBundle(value: object): Promise<MimeBundle> | undefined {
  const { data, width, height } = value as { data?: unknown; width?: unknown; height?: unknown };
  if (!(data instanceof Uint8ClampedArray) || typeof width !== "number" || typeof height !== "number") return undefined;
  if (data.length === 0 || data.length !== width * height * 4) return undefined;
  return import("../../src/image.js").then(({ image }) => image({ data, width, height })[displaySymbol]());
}

/** Vega and Vega-Lite: a specification with its `$schema`, or a builder that makes one (`toSpec`). */
function chartBundle(value: object): MimeBundle | Promise<MimeBundle> | undefined {
  const own = chartOf(value);
  if (own !== undefined) return own[displaySymbol]();
  const { toSpec } = value as { toSpec?: unknown };
  const spec: unknown = typeof toSpec === "function" ? toSpec.call(value) : undefined;
  return typeof spec === "object" && spec !== null ? chartOf(spec)?.[displaySymbol]() : undefined;
}
