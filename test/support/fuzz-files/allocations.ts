/**
 * Counts the bytes of typed arrays and buffers that are asked for by length. To be called before the library is loaded,
 * which keeps some of the constructors: `const memory = await vi.hoisted(async () => (await import(…)).countAllocations())`.
 * Copies by `slice` are not counted: they are never longer than what they copy.
 */
export interface Allocations {
  /** Bytes since `reset`. */
  readonly bytes: number;
  /** The largest single request since `reset`, in bytes. */
  readonly largest: number;
  reset(): void;
}

const names = [
  "ArrayBuffer",
  "Uint8Array",
  "Int8Array",
  "Uint16Array",
  "Int16Array",
  "Uint32Array",
  "Int32Array",
  "Float32Array",
  "Float64Array",
] as const;

export function countAllocations(): Allocations {
  const seen = { bytes: 0, largest: 0 };
  for (const name of names) {
    const original = globalThis[name] as unknown as new (...args: unknown[]) => object;
    const width = (globalThis[name] as { readonly BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    const counting: typeof original = new Proxy(original, {
      construct(target, args: unknown[], newTarget): object {
        const [first] = args;
        const length = typeof first === "number" ? first : Array.isArray(first) ? first.length : 0;
        seen.bytes += length * width;
        seen.largest = Math.max(seen.largest, length * width);
        return Reflect.construct(target, args, newTarget === counting ? target : newTarget) as object;
      },
    });
    Object.defineProperty(globalThis, name, { value: counting, configurable: true, writable: true });
  }
  return {
    get bytes() {
      return seen.bytes;
    },
    get largest() {
      return seen.largest;
    },
    reset() {
      seen.bytes = 0;
      seen.largest = 0;
    },
  };
}
