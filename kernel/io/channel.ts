/** What the threads of a kernel say to each other: io (sockets), main (the user's code), compiler. */
import type { CompiledCell, CompileResult, Completeness, Completion } from "../session/compiler/types.js";

/** How a cell ended, in the words of the protocol. */
export type Outcome = { readonly status: "ok" } | ErrorOutcome;

/** The error of a cell, as `error` messages and replies carry it. */
export interface ErrorOutcome {
  readonly status: "error";
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** The outcome of a cell that was stopped, wherever it was when the stop came. */
export const stopped: ErrorOutcome = {
  status: "error",
  ename: "Interrupted",
  evalue: "the cell was stopped; variables keep their values",
  traceback: ["\u001b[31mInterrupted\u001b[39m: the cell was stopped; variables keep their values"],
};

/** Returns the outcome of a cell on which the compiler itself failed. */
export function compilerFault(error: Error): ErrorOutcome {
  const evalue = `the compiler failed on this cell: ${error.message.split("\n")[0]}`;
  return { status: "error", ename: "CompilerError", evalue, traceback: [`CompilerError: ${evalue}`] };
}

/** From io to main. `parent` is the JSON of the header that all output of this work answers. */
export type ToMain =
  | {
      readonly kind: "run";
      readonly id: string;
      readonly parent: string;
      readonly count: number;
      readonly cell: CompiledCell;
      readonly silent: boolean;
      readonly allowStdin: boolean;
      /** The cell's id in its notebook, where the front end tells it: running it again replaces its outputs. */
      readonly place?: string;
      /** Ids of cells that were deleted since. */
      readonly gone: readonly string[];
    }
  | { readonly kind: "evaluate"; readonly id: string; readonly parent: string; readonly cell: CompiledCell }
  | {
      readonly kind: "comm";
      readonly id: string;
      readonly parent: string;
      readonly event: "open" | "msg" | "close";
      readonly commId: string;
      readonly targetName: string;
      readonly data: Record<string, unknown>;
      readonly metadata: Record<string, unknown>;
      readonly buffers: readonly Uint8Array[];
    }
  | { readonly kind: "interrupt"; readonly token: number }
  | { readonly kind: "shutdown"; readonly code: number };

/** A message to main with its number, so that one lost to a stop can be sent again. */
export interface Numbered {
  readonly seq: number;
  readonly message: ToMain;
}

/** From main to io. */
export type ToIo =
  | {
      readonly kind: "publish";
      readonly type: string;
      /** JSON text: made where the value lives, so that nothing unclonable crosses a thread. */
      readonly content: string;
      readonly metadata?: string;
      readonly parent: string;
      readonly buffers?: readonly Uint8Array[];
      /** The comm that this message opens or closes, so that io can answer `comm_info_request` by itself. */
      readonly comm?: { readonly id: string; readonly targetName?: string };
    }
  | { readonly kind: "stream"; readonly name: "stdout" | "stderr"; readonly text: string; readonly parent: string }
  | { readonly kind: "done"; readonly id: string; readonly outcome: Outcome; readonly assigned: readonly string[] }
  | { readonly kind: "evaluated"; readonly id: string; readonly result: Record<string, unknown> }
  | { readonly kind: "handled"; readonly id: string }
  | { readonly kind: "interrupted"; readonly token: number }
  | { readonly kind: "lost"; readonly seqs: readonly number[] }
  | { readonly kind: "input"; readonly prompt: string }
  /** The process is about to exit; main waits for {@link sharedSlots.closed}. */
  | { readonly kind: "exiting" };

/** Questions to the compiler thread and their answers. */
export interface CompilerCalls {
  compile(source: string, filename: string): CompileResult;
  commit(id: number, assigned?: readonly string[]): void;
  complete(source: string, offset: number): Completion;
  inspect(source: string, offset: number): string | undefined;
  isComplete(source: string): Completeness;
}

/** One call to the compiler thread. */
export interface CompilerRequest {
  readonly id: number;
  readonly call: keyof CompilerCalls;
  readonly args: readonly unknown[];
}

/** The answer of the compiler thread. */
export interface CompilerResponse {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** What the io thread is started with. */
export interface IoData {
  readonly connectionFile: string;
  readonly shared: SharedArrayBuffer;
  readonly cwd: string;
  /** The limit of the main thread's heap, in bytes. */
  readonly heapLimit: number;
}

/** Places in the memory that io and main share; each is one 32-bit integer. */
export const sharedSlots = {
  /** Number of the last message from io that main took up. */
  seen: 0,
  /** Kilobytes of output that main has sent and io has not yet handed to the socket. */
  inFlight: 1,
  /** Set to 1 when an answer to `prompt()` is there. */
  input: 2,
  /** Set to 1 when io has sent everything and closed its sockets. */
  closed: 3,
  count: 4,
} as const;

/** The least that a message on its own counts, in kilobytes: making its frames takes longer than its bytes do. */
const leastPublished = 8;

/** Returns how much a message counts in {@link sharedSlots}' `inFlight`, in kilobytes. */
export function kilobytesOf(message: Extract<ToIo, { kind: "stream" | "publish" }>): number {
  if (message.kind === "stream") return Math.ceil(message.text.length / 1024);
  const bytes = (message.buffers ?? []).reduce((sum, { byteLength }) => sum + byteLength, message.content.length);
  return Math.max(leastPublished, Math.ceil(bytes / 1024));
}
