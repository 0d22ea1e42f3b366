/** The globals that cells find and the pinned TypeScript and @types/node do not know. */

/**
 * Returns ambient declarations of what the kernel adds to a cell's global scope, and of what this Node has there but
 * the checker does not know yet. No `const` and no `class`: a newer @types/node that a package brings may declare the
 * same.
 */
export function cellGlobals(): string {
  const newer = [...("WebSocket" in globalThis ? [webSocket] : []), ...("navigator" in globalThis ? [navigator] : [])];
  return [always, typedArrays, ...newer].join("\n");
}

const typedArrays = [
  ...["Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64"].map((kind) =>
    changedCopies(`${kind}Array`, "number"),
  ),
  ...["BigInt64", "BigUint64"].map((kind) => changedCopies(`${kind}Array`, "bigint")),
].join("\n");

/** ES2023's methods of a typed array that change a copy. */
function changedCopies(name: string, element: string): string {
  return `interface ${name} {
  toReversed(): ${name};
  toSorted(compare?: (a: ${element}, b: ${element}) => number): ${name};
  with(index: number, value: ${element}): ${name};
}`;
}

const navigator = `
interface Navigator {
  readonly hardwareConcurrency: number;
  readonly language: string;
  readonly languages: readonly string[];
  readonly platform: string;
  readonly userAgent: string;
}
declare var navigator: Navigator;
`;

const webSocket = `
interface MessageEvent<T = any> extends Event { readonly data: T; readonly lastEventId: string; readonly origin: string }
interface CloseEvent extends Event { readonly code: number; readonly reason: string; readonly wasClean: boolean }
interface WebSocketEventMap { close: CloseEvent; error: Event; message: MessageEvent; open: Event }
interface WebSocket extends EventTarget {
  binaryType: "arraybuffer" | "blob";
  readonly bufferedAmount: number;
  readonly extensions: string;
  readonly protocol: string;
  readonly readyState: number;
  readonly url: string;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onopen: ((event: Event) => void) | null;
  close(code?: number, reason?: string): void;
  send(data: string | ArrayBufferLike | ArrayBufferView | Blob): void;
  addEventListener<K extends keyof WebSocketEventMap>(type: K, listener: (event: WebSocketEventMap[K]) => void, options?: { once?: boolean; signal?: AbortSignal }): void;
  removeEventListener<K extends keyof WebSocketEventMap>(type: K, listener: (event: WebSocketEventMap[K]) => void): void;
}
declare var WebSocket: {
  prototype: WebSocket;
  new (url: string | URL, protocols?: string | string[]): WebSocket;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
};
`;

const always = `
/** Asks for a line of text and waits for it; null when the question is dismissed. */
declare function prompt(message?: string, defaultValue?: string): string | null;
/** Asks a yes-or-no question and waits for the answer. */
declare function confirm(message?: string): boolean;
/** Shows a message and waits until it is acknowledged. */
declare function alert(message?: string): void;

/** The Web Crypto API. */
declare var crypto: import("node:crypto").webcrypto.Crypto;
declare var File: typeof import("node:buffer").File;

interface ImportMeta {
  dirname: string;
  filename: string;
  resolve(specifier: string): string;
}

interface SymbolConstructor {
  readonly dispose: unique symbol;
  readonly asyncDispose: unique symbol;
}

interface CustomEvent<T = unknown> extends Event { readonly detail: T }
declare var CustomEvent: {
  prototype: CustomEvent;
  new <T = unknown>(type: string, init?: { bubbles?: boolean; cancelable?: boolean; detail?: T }): CustomEvent<T>;
};

declare namespace WebAssembly {
  interface Module {}
  interface Instance { readonly exports: Record<string, any> }
  interface Memory { readonly buffer: ArrayBuffer; grow(pages: number): number }
  interface Table { readonly length: number; get(index: number): any; grow(by: number, value?: unknown): number; set(index: number, value?: unknown): void }
  interface Global<T = any> { value: T; valueOf(): T }
  interface Source { readonly module: Module; readonly instance: Instance }
  type Bytes = ArrayBufferLike | ArrayBufferView;
  type Imports = Record<string, Record<string, unknown>>;
  var Module: {
    new (bytes: Bytes): Module;
    customSections(module: Module, name: string): ArrayBuffer[];
    exports(module: Module): { name: string; kind: string }[];
    imports(module: Module): { module: string; name: string; kind: string }[];
  };
  var Instance: { new (module: Module, imports?: Imports): Instance };
  var Memory: { new (size: { initial: number; maximum?: number; shared?: boolean }): Memory };
  var Table: { new (size: { element: "anyfunc" | "externref"; initial: number; maximum?: number }, value?: unknown): Table };
  var Global: { new <T = any>(type: { value: "i32" | "i64" | "f32" | "f64" | "externref" | "anyfunc"; mutable?: boolean }, value?: T): Global<T> };
  var CompileError: ErrorConstructor;
  var LinkError: ErrorConstructor;
  var RuntimeError: ErrorConstructor;
  function validate(bytes: Bytes): boolean;
  function compile(bytes: Bytes): Promise<Module>;
  function instantiate(bytes: Bytes, imports?: Imports): Promise<Source>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
}

interface Array<T> {
  toReversed(): T[];
  toSorted(compare?: (a: T, b: T) => number): T[];
  toSpliced(start: number, count?: number, ...items: T[]): T[];
  with(index: number, value: T): T[];
}
interface ReadonlyArray<T> {
  toReversed(): T[];
  toSorted(compare?: (a: T, b: T) => number): T[];
  toSpliced(start: number, count?: number, ...items: T[]): T[];
  with(index: number, value: T): T[];
}
`;
