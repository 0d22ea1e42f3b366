/** What the rest of the kernel knows of a compiler. tslab stands behind it today; another may tomorrow. */

/** A place in a cell's own text; both count from 0, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** One thing the compiler has to say against a cell. */
export interface Diagnostic {
  readonly start: Position;
  readonly end: Position;
  readonly message: string;
  /** TypeScript's number, as in TS2322. */
  readonly code: number;
  /** The file it is in, when that is not the cell itself. */
  readonly file?: string;
}

/** JavaScript of a local module that a cell imports. */
export interface SideModule {
  /** Absolute path of the file as it was written, with slashes. */
  readonly path: string;
  /** The body of a function of what CommonJS has, `__load` and `_importMeta`. */
  readonly code: string;
  /** The body awaits outside of any function. */
  readonly async: boolean;
  /** What it imports before it runs, in order. */
  readonly imports: readonly string[];
  readonly source: string;
  /** The line of the mapped text where the source begins. */
  readonly firstLine: number;
  /** Source maps from the code back to the file, applied one after the other. */
  readonly maps: readonly string[];
}

/** A cell ready to run. */
export interface CompiledCell {
  /** `cell-3.ts`: what stack frames show. */
  readonly filename: string;
  readonly source: string;
  /** The body of a function of `exports`, `require` and the helpers that `executor.ts` names. */
  readonly code: string;
  /** The body holds a top-level `await` or `for await`. */
  readonly async: boolean;
  /** What the cell imports before it runs, in order. */
  readonly imports: readonly string[];
  /** The export that holds the value of the last expression; absent when there is none. */
  readonly resultName?: string;
  /** Names of values that the cell declares. */
  readonly names: readonly string[];
  readonly sideModules: readonly SideModule[];
  /** Source maps from the body back to the cell, applied one after the other. */
  readonly maps: readonly string[];
  /** How many columns earlier text stands in the first mapped text, by line: see `lower.ts`. */
  readonly shifts: Readonly<Record<number, number>>;
}

/** Either a cell that can run or the reasons why not. */
export type CompileResult =
  | { readonly ok: true; readonly id: number; readonly cell: CompiledCell }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Completions for the text between `start` and `end` (UTF-16 offsets). */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly matches: readonly { readonly text: string; readonly type: string }[];
}

/** Whether a front end should run the text or wait for more. */
export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid" | "unknown";
  readonly indent?: string;
}

/** Turns cells into JavaScript and remembers what earlier cells declared. */
export interface CellCompiler {
  /** Compiles against all committed cells; declares nothing until {@link commit}. */
  compile(source: string, filename: string): CompileResult;
  /**
   * Makes a compiled cell's declarations known to later cells.
   * @param assigned for a cell that threw: the names that got a value; the others keep their earlier meaning
   */
  commit(id: number, assigned?: readonly string[]): void;
  complete(source: string, offset: number): Completion;
  /** What is known of the symbol at an offset, as text; undefined when nothing is. */
  inspect(source: string, offset: number): string | undefined;
  isComplete(source: string): Completeness;
  /** Does what may wait until nobody waits for an answer: gives the next start a shorter way. */
  rest(): void;
  close(): void;
}
