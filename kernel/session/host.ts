/** The kernel's side of `src/display.ts`, and the globals that cells find. */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import type { DisplayOptions, Host, HostCell, HostOutput, MimeBundle } from "../../src/display.js";
import { hostSymbol } from "../../src/display.js";
import { capture, isCaptured, offer } from "./capture.js";
import type { Comms } from "./comms.js";
import { currentContext, runInContext, type WorkContext } from "./context.js";
import { toErrorOutcome } from "./errors.js";
import { format, inspectText } from "./format.js";
import type { Line } from "./line.js";
import type { Modules } from "./modules.js";
import type { Shown } from "./shown.js";

/** Sends one message about a bundle: `display_data`, `update_display_data` or `execute_result`. */
export type SendBundle = (type: string, bundle: MimeBundle, extra: Readonly<Record<string, unknown>>) => void;

/** Returns the function that turns bundles into messages of the cell that is running. */
export function createBundleSender(line: Line, shown: Shown): SendBundle {
  return (type, bundle, extra) => {
    const content = stringify({ data: cleanBundle(bundle), metadata: {}, ...extra });
    if (offer(type as HostOutput["type"], () => JSON.parse(content))) return;
    const context = currentContext();
    line.send({ kind: "publish", type, content, parent: context?.parent ?? "{}" });
    const id = (extra.transient as { display_id?: string } | undefined)?.display_id;
    if (!context || isCaptured()) return;
    if (type === "update_display_data" && id !== undefined) shown.update(context.cell, bundle, id);
    else shown.add(context.cell, bundle, id);
  };
}

/** Entries that are undefined are left out, JSON has no word for them; what claims to be text becomes text. */
function cleanBundle(bundle: MimeBundle): Record<string, unknown> {
  const entries = Object.entries(bundle).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([type, value]) => [
      type,
      type.startsWith("text/") && typeof value !== "object" ? String(value) : value,
    ]),
  );
}

/** JSON in which a bigint is a number when it fits and a string when it does not. */
function stringify(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item !== "bigint") return item;
    return Number.isSafeInteger(Number(item)) ? Number(item) : String(item);
  });
}

/** What the host is made of. */
export interface HostParts {
  readonly line: Line;
  readonly comms: Comms;
  readonly send: SendBundle;
  readonly shown: Shown;
  readonly modules: Modules;
  /** Why a cell may not ask a question now; undefined when it may. */
  whyNotAsk(): string | undefined;
}

/** Installs the host and the globals `prompt`, `confirm` and `alert`. */
export function installHost({ line, comms, send, shown, modules, whyNotAsk }: HostParts): void {
  const host: Host = {
    display: (value, options = {}) => showValue(value, options, send),
    newDisplayId: () => randomUUID(),
    clearOutput: ({ wait = false } = {}) => {
      if (offer("clear_output", () => ({ wait }))) return;
      const context = currentContext();
      const content = JSON.stringify({ wait });
      line.send({ kind: "publish", type: "clear_output", content, parent: context?.parent ?? "{}" });
      if (context && !isCaptured()) shown.clear(context.cell, wait);
    },
    capture,
    showError: (error) => {
      const { ename, evalue, traceback } = toErrorOutcome(error);
      const content = { ename, evalue, traceback };
      if (offer("error", () => content)) return;
      const parent = currentContext()?.parent ?? "{}";
      line.send({ kind: "publish", type: "error", content: JSON.stringify(content), parent });
    },
    messageId: () => (JSON.parse(currentContext()?.parent ?? "{}") as { msg_id?: string }).msg_id,
    originOf: modules.originOf,
    knowsWhatIsShown: true,
    openComm: comms.openComm,
    registerCommTarget: comms.registerCommTarget,
    cell: () => {
      const context = currentContext();
      return context && cellOf(context);
    },
  };
  Object.defineProperty(globalThis, hostSymbol, { value: host, configurable: true });
  const ask = (name: string, question: string): string => {
    const reason = whyNotAsk();
    if (reason !== undefined) throw new Error(`${name}: ${reason}`);
    return line.ask(question);
  };
  const globals = {
    prompt: (message = "", defaultValue?: unknown) => {
      const answer = ask("prompt", String(message));
      return answer === "" && defaultValue !== undefined ? String(defaultValue) : answer;
    },
    confirm: (message = "") => /^\s*y(es)?\s*$/i.test(ask("confirm", `${message} [y/n] `)),
    alert: (message = "") => {
      ask("alert", `${message} (press Enter) `);
    },
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}

/** By what all code of a cell shares, the parts whose output is captured too. */
const cells = new WeakMap<WorkContext["stopHandlers"], HostCell>();

function cellOf(context: WorkContext): HostCell {
  const known = cells.get(context.stopHandlers);
  if (known) return known;
  const cell = { watched: context.watched, onStop: (handler: () => void) => void context.stopHandlers.add(handler) };
  cells.set(context.stopHandlers, cell);
  return cell;
}

function showValue(value: unknown, options: DisplayOptions, send: SendBundle): void {
  const { displayId, update = false, metadata = {}, raw = false } = options;
  const extra = { metadata, transient: displayId === undefined ? {} : { display_id: displayId } };
  if (update && displayId === undefined) {
    throw new TypeError("display: update without displayId, expected the id of the output to replace");
  }
  const show = (bundle: MimeBundle): void => send(update ? "update_display_data" : "display_data", bundle, extra);
  const bundle = raw ? (value as MimeBundle) : format(value);
  if (!(bundle instanceof Promise)) {
    show(bundle);
    return;
  }
  const context = currentContext();
  bundle.then(
    (late) => runInContext(context, () => show(late)),
    (error) => runInContext(context, () => process.stderr.write(`display: ${inspectText(error)}\n`)),
  );
}

/** Makes the `display` of tslab itself work in our kernel. To be called once tslab was imported by a cell. */
export function connectTslab(send: SendBundle): void {
  const jupyter = createRequire(import.meta.url)("tslab/dist/jupyter.js") as Record<string, unknown>;
  jupyter.lastWriteDisplayData = (
    content: { readonly data: MimeBundle; readonly transient?: { readonly display_id?: string } },
    update?: boolean,
  ): void => {
    const id = content.transient?.display_id;
    const transient = id === undefined ? {} : { display_id: id };
    send(update ? "update_display_data" : "display_data", content.data, { transient });
  };
}
