/** What code in a page puts out: who captures it, and what a value looks like without a kernel's formatter. */
import {
  type DisplayOptions,
  displaySymbol,
  type HostOutput,
  type JsonObject,
  type MimeBundle,
  type OutputSink,
} from "../../src/display.js";
import { isThenable } from "./thenable.js";

/** A capture that has not ended. Captures that overlap cannot be told apart here: the newest one takes all. */
interface Capture {
  readonly sink: OutputSink;
}

type Print = (...values: readonly unknown[]) => void;
type Printing = Record<string, Print>;

const streams: Readonly<Record<string, "stdout" | "stderr">> = {
  log: "stdout",
  info: "stdout",
  debug: "stdout",
  warn: "stderr",
  error: "stderr",
};

/** The outputs of one page. While something is captured, `console` prints into it. */
export class PageOutputs {
  readonly #otherwise: (output: HostOutput) => void;
  #captures: readonly Capture[] = [];
  #console: Printing | undefined;

  constructor(otherwise: (output: HostOutput) => void) {
    this.#otherwise = otherwise;
  }

  put(output: HostOutput): void {
    if (this.#captures.at(-1)?.sink(output) !== true) this.#otherwise(output);
  }

  /** See {@link Host.capture}. */
  capture<Result>(sink: OutputSink, action: () => Result): Result {
    const capture = { sink };
    this.#captures = [...this.#captures, capture];
    this.#listen();
    let pending = false;
    try {
      const result = action();
      if (isThenable(result)) {
        pending = true;
        const end = (): void => this.#end(capture);
        result.then(end, end);
      }
      return result;
    } finally {
      if (!pending) this.#end(capture);
    }
  }

  display(value: unknown, options: DisplayOptions): void {
    const { displayId, metadata = {}, update = false, raw = false } = options;
    const type = update ? "update_display_data" : "display_data";
    const transient = displayId === undefined ? {} : { display_id: displayId as string };
    const show = (data: MimeBundle): void => this.put({ type, content: { data, metadata, transient } });
    const bundle = raw ? (value as MimeBundle) : bundleOf(value);
    if (isThenable(bundle)) bundle.then(show, (error: unknown) => this.showError(error));
    else show(bundle as MimeBundle);
  }

  showError(error: unknown): void {
    this.put({ type: "error", content: errorContent(error) });
  }

  #end(capture: Capture): void {
    this.#captures = this.#captures.filter((one) => one !== capture);
    if (this.#captures.length > 0 || this.#console === undefined) return;
    Object.assign(consoleOf(), this.#console);
    this.#console = undefined;
  }

  #listen(): void {
    if (this.#console !== undefined) return;
    const own = consoleOf();
    this.#console = Object.fromEntries(Object.keys(streams).map((name) => [name, own[name] as Print]));
    for (const [method, name] of Object.entries(streams)) {
      own[method] = (...values) => {
        const text = `${values.map(textOf).join(" ")}\n`;
        this.put({ type: "stream", content: { name, text } });
      };
    }
  }
}

function consoleOf(): Printing {
  return (globalThis as unknown as { console: Printing }).console;
}

/** Returns the representations of a value: its own, or text. */
function bundleOf(value: unknown): MimeBundle | PromiseLike<MimeBundle> {
  const show = (value as { [displaySymbol]?: () => MimeBundle } | null | undefined)?.[displaySymbol];
  return typeof show === "function" ? show.call(value) : { "text/plain": textOf(value) };
}

function errorContent(error: unknown): JsonObject {
  const { name = "Error", message = String(error), stack } = (error ?? {}) as Partial<Error>;
  return { ename: name, evalue: message, traceback: (stack ?? `${name}: ${message}`).split("\n") };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || value instanceof Error) return String(value);
  try {
    return JSON.stringify(value, (_, one: unknown) => (ArrayBuffer.isView(one) ? [...(one as Uint8Array)] : one));
  } catch {
    return String(value);
  }
}
