/**
 * Ambient declarations of what the kernel adds to a cell's global scope, and of what Node has there but the pinned
 * TypeScript and @types/node do not know yet. No `const` and no `class`: a newer @types/node that a package brings
 * may declare the same.
 */
export const cellGlobals: string = `
/** Asks for a line of text and waits for it; null when the question is dismissed. */
declare function prompt(message?: string, defaultValue?: string): string | null;
/** Asks a yes-or-no question and waits for the answer. */
declare function confirm(message?: string): boolean;
/** Shows a message and waits until it is acknowledged. */
declare function alert(message?: string): void;

/** The Web Crypto API. */
declare var crypto: import("node:crypto").webcrypto.Crypto;
declare var File: typeof import("node:buffer").File;

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
