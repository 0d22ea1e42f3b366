/**
 * How values show themselves, and the one place where kernel and widgets meet: the {@link Host}.
 * Without a kernel every call is a no-op, so this imports anywhere: plain Node, a test, a browser.
 */

/** JSON as it travels in messages and notebooks. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** One value in several representations, by MIME type; a front end shows the richest one it knows. */
export type MimeBundle = JsonObject;

/** The method by which a value shows itself (Deno's protocol). May return a promise. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that shows itself. */
export interface Displayable {
  [displaySymbol](): MimeBundle | Promise<MimeBundle>;
}

/** What {@link display} takes besides the value. */
export interface DisplayOptions {
  /** Names the output, so that a later call with `update: true` can replace it; true: a new name, in the handle. */
  readonly displayId?: string | true;
  /** Replace the output with this `displayId` instead of adding one. Default false. */
  readonly update?: boolean;
  /** Jupyter metadata by MIME type, for example `{ "image/png": { width: 320 } }`. */
  readonly metadata?: JsonObject;
  /** The value is already a MIME bundle and goes out as it is. Default false. */
  readonly raw?: boolean;
}

/** An output that can be replaced, wherever it is shown. */
export interface DisplayHandle {
  readonly id: string;
  /** Shows another value in its place, also from a later cell. */
  update(value: unknown, options?: Pick<DisplayOptions, "metadata" | "raw">): void;
}

/** Binary parts of a comm message. Incoming ones are always `DataView`s. */
export type BufferLike = ArrayBuffer | ArrayBufferView;

/** One message on a comm. */
export interface CommMessage {
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  readonly buffers: readonly DataView[];
}

/** What may accompany the data of an outgoing comm message. */
export interface CommPayload {
  readonly metadata?: JsonObject;
  readonly buffers?: readonly BufferLike[];
}

/** One open comm, seen from the kernel. Handlers are replaced, not added: a comm has one owner. */
export interface Comm {
  readonly id: string;
  readonly targetName: string;
  send(data: JsonObject, payload?: CommPayload): void;
  close(data?: JsonObject, payload?: CommPayload): void;
  onMessage: ((message: CommMessage) => void) | undefined;
  /** Called once, when the front end closes the comm; not when `close()` is called here. */
  onClose: ((message: CommMessage) => void) | undefined;
  /** Called when the first output with a view of this comm's widget is there, and when the last one is gone. */
  onShown?: ((shown: boolean) => void) | undefined;
}

/** How the kernel opens a comm towards the front end. */
export interface CommOpen extends CommPayload {
  readonly targetName: string;
  readonly data: JsonObject;
  /** Default: a fresh UUID. */
  readonly id?: string;
}

/** The cell that the running code belongs to; the same object for all of its code. */
export interface HostCell {
  /** Whether a person may be looking on: the cell came from a front end that takes questions. */
  readonly watched: boolean;
  /** Calls `handler` when the cell is stopped before its end. */
  onStop(handler: () => void): void;
}

/** One thing that running code puts out: the type and the content of the Jupyter message that tells of it. */
export interface HostOutput {
  readonly type: "stream" | "display_data" | "update_display_data" | "execute_result" | "error" | "clear_output";
  readonly content: JsonObject;
}

/** Is given each output and returns whether it keeps it; what it does not keep goes on to the front end. */
export type OutputSink = (output: HostOutput) => boolean;

/** Where a function can be found again: the module that exports it and the name there. */
export interface FunctionOrigin {
  /** A package specifier (`"lowbit/sparsity"`), or a file relative to the notebook's folder (`"./surface.ts"`). */
  readonly module: string;
  readonly name: string;
}

/** What a kernel offers to the library. Kept on `globalThis` under {@link hostSymbol}. */
export interface Host {
  display(value: unknown, options?: DisplayOptions & { readonly displayId?: string }): void;
  /** Returns a name that no other output has. */
  newDisplayId?(): string;
  clearOutput(options?: { readonly wait?: boolean }): void;
  openComm(open: CommOpen): Comm;
  /** Calls `handler` for every comm that the front end opens with this target name. */
  registerCommTarget(targetName: string, handler: (comm: Comm, open: CommMessage) => void): void;
  /** Returns the cell that is running, or the last one; undefined before the first, and where there are no cells. */
  cell?(): HostCell | undefined;
  /**
   * Runs `action` and gives `sink` what it puts out, until it returns; when it returns a promise, until that is settled.
   * Inside another capture only the inner sink is asked.
   */
  capture?<Result>(sink: OutputSink, action: () => Result): Result;
  /** Puts an error out, as a cell that ends with it does. */
  showError?(error: unknown): void;
  /** Returns the id of the message that the running code answers, by which a front end can catch its output. */
  messageId?(): string | undefined;
  /** Returns where a function comes from, when an imported module exports it. */
  originOf?(value: unknown): FunctionOrigin | undefined;
  /** The host calls {@link Comm.onShown}, so what is not shown may be collected; without, widgets live until closed. */
  readonly knowsWhatIsShown?: boolean;
}

/** Where the kernel keeps its {@link Host}. */
export const hostSymbol: unique symbol = Symbol.for("lowbit.host") as never;

const silentHost: Host = {
  display: () => undefined,
  clearOutput: () => undefined,
  openComm: (open) => ({
    id: open.id ?? "no-kernel",
    targetName: open.targetName,
    send: () => undefined,
    close: () => undefined,
    onMessage: undefined,
    onClose: undefined,
  }),
  registerCommTarget: () => undefined,
  knowsWhatIsShown: true,
};

/** Returns the kernel's host, or one that does nothing when there is no kernel. */
export function host(): Host {
  return (globalThis as { [hostSymbol]?: Host })[hostSymbol] ?? silentHost;
}

/**
 * Makes `kernel` the host that widgets and `display` use from now on; undefined: none. For kernels other than Lowbit's,
 * which fills the slot by itself. To be called before the first widget is made.
 * @example setHost({ display, clearOutput, openComm, registerCommTarget })
 */
export function setHost(kernel: Host | undefined): void {
  Object.defineProperty(globalThis, hostSymbol, { value: kernel, configurable: true, writable: true });
}

/**
 * Shows `value` in the output of the running cell, now.
 * @returns a handle that replaces the output later, when `displayId` is true; nothing otherwise, so that a call at the
 *   end of a cell shows no second output
 * @example const step = display("epoch 0", { displayId: true }); step.update("epoch 1")
 */
export function display(value: unknown, options: DisplayOptions & { readonly displayId: true }): DisplayHandle;
export function display(value: unknown, options?: DisplayOptions): void;
export function display(value: unknown, options: DisplayOptions = {}): DisplayHandle | undefined {
  const { displayId, ...rest } = options;
  const id = displayId === true ? (host().newDisplayId?.() ?? "no-kernel") : displayId;
  host().display(value, { ...rest, ...(id !== undefined && { displayId: id }) });
  if (displayId !== true || id === undefined) return undefined;
  return {
    id,
    update: (next, more = {}) => host().display(next, { ...more, displayId: id, update: true }),
  };
}

/** Clears the output of the running cell; with `wait`, only when the next output arrives. */
export function clearOutput(options: { readonly wait?: boolean } = {}): void {
  host().clearOutput(options);
}

/** Wraps a MIME bundle so that it shows itself as the value of a cell. */
export function bundle(content: MimeBundle): Displayable {
  return { [displaySymbol]: () => content };
}

/** A template tag: HTML, with interpolated values escaped. @example html`<b>${name}</b>` */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Displayable {
  const text = String.raw({ raw: strings }, ...values.map((value) => escapeHtml(String(value))));
  return bundle({ "text/html": text, "text/plain": text });
}

/** A template tag: Markdown. @example md`The mask keeps **${kept}** weights.` */
export function md(strings: TemplateStringsArray, ...values: readonly unknown[]): Displayable {
  const text = String.raw({ raw: strings }, ...values.map(String));
  return bundle({ "text/markdown": text, "text/plain": text });
}

/** A template tag: LaTeX, shown as a display equation; backslashes stay as typed. @example tex`\binom{M}{N}` */
export function tex(strings: TemplateStringsArray, ...values: readonly unknown[]): Displayable {
  const text = String.raw(strings, ...values.map(String));
  return bundle({ "text/latex": `$$${text}$$`, "text/plain": text });
}

/**
 * Shows an SVG picture; its `<title>` is what shows as plain text.
 * @example svg(sparsity.maskSvg(mask, { group: 4 }))
 */
export function svg(picture: string): Displayable {
  const title = /<title>([^<]*)<\/title>/.exec(picture)?.[1] ?? "picture";
  return bundle({ "image/svg+xml": picture, "text/plain": unescapeHtml(title) });
}

/** Returns `text` with the five characters that mean something in HTML replaced by entities. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function unescapeHtml(text: string): string {
  const characters: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (entity, name: string) => characters[name] ?? entity);
}
