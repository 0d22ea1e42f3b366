/** When two values of a trait are the same, so that nothing needs to be sent. */

/**
 * Returns whether `a` and `b` hold the same value: numbers by `Object.is`, binary parts by kind and bytes, arrays
 * and plain objects member by member, everything else (widgets, functions) by identity. Raw bytes (`DataView`,
 * `ArrayBuffer`), which is what arrives from a front end, equal any binary part of the same bytes.
 * @example equal({ data: new Uint8Array([1, 2]) }, { data: new Uint8Array([1, 2]) }) // true
 */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isBinary(a) || isBinary(b)) return isBinary(a) && isBinary(b) && equalBinary(a, b);
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => equal(item, b[i]));
  }
  return isRecord(a) && isRecord(b) && equalRecords(a, b);
}

/** Returns whether `value` is an `ArrayBuffer` or a view of one. */
export function isBinary(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(value) || isArrayBuffer(value);
}

/** Returns whether `value` is a plain object: a record, not an instance of some class. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value) || isBinary(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of another realm (a cell runs in a vm context) have that realm's Object.prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Returns the bytes of a binary part without copying them. */
export function bytesOf(value: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

function equalBinary(a: ArrayBuffer | ArrayBufferView, b: ArrayBuffer | ArrayBufferView): boolean {
  if (a.byteLength !== b.byteLength) return false;
  if (!isRaw(a) && !isRaw(b) && tagOf(a) !== tagOf(b)) return false;
  const left = bytesOf(a);
  const right = bytesOf(b);
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

function isRaw(value: ArrayBuffer | ArrayBufferView): boolean {
  return isArrayBuffer(value) || tagOf(value) === "[object DataView]";
}

// By tag, because a cell may run in another realm, whose ArrayBuffer is another class.
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return tagOf(value) === "[object ArrayBuffer]";
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

function equalRecords(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}
