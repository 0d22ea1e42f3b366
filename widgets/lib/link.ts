/** The comm of one widget: sends what changed, takes what the front ends change, repeats it to all of them. */
import { type BufferLike, type Comm, type CommMessage, host, type Json, type JsonObject } from "../../src/display.js";
import { ValueError } from "../../src/errors.js";
import { whenBatchEnds } from "./batch.js";
import { putBuffers, removeBuffers, type SplitState } from "./buffers.js";
import { equal, isRecord } from "./equal.js";
import { echoEnabled, protocolVersion, widgetTarget } from "./protocol.js";
import { describe, reportError } from "./report.js";
import type { Difference, Store } from "./store.js";

/** A message that is neither state nor a request for it; what it means is up to the widget. */
export interface CustomMessage {
  readonly content: Json;
  readonly buffers: readonly DataView[];
}

/** What a {@link Link} tells its widget. */
export interface LinkListener {
  changed(differences: readonly Difference[]): void;
  message(message: CustomMessage): void;
  closed(): void;
  shown(shown: boolean): void;
}

/** Opens a widget's comm, its state inside. Widgets it refers to must be open already, and are: they are values. */
export function openWidgetComm(id: string, store: Store): Comm {
  const { state, bufferPaths, buffers } = store.splitAll();
  return host().openComm({
    targetName: widgetTarget,
    id,
    data: { state: state as JsonObject, buffer_paths: bufferPaths },
    metadata: { version: protocolVersion },
    buffers,
  });
}

/** One widget's side of its comm. */
export class Link {
  readonly #store: Store;
  readonly #comm: Comm;
  readonly #listener: LinkListener;
  readonly #unsent: Set<string> = new Set();
  /** The state that is arriving: the front end does not get its own values back. */
  #arriving: Readonly<Record<string, unknown>> = {};
  #open = true;

  constructor(store: Store, comm: Comm, listener: LinkListener) {
    this.#store = store;
    this.#comm = comm;
    this.#listener = listener;
    // Weakly: the host holds the comm, and a widget that nothing else refers to is to go.
    const reference = new WeakRef(this);
    const tell = (act: (link: Link) => void): void => {
      const link = reference.deref();
      if (link) act(link);
    };
    comm.onMessage = (message) => tell((link) => link.#receive(message));
    comm.onClose = () => tell((link) => link.#closed());
    comm.onShown = (shown) => tell((link) => link.#listener.shown(shown));
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Keeps checked values, sends those that differ (at the end of a batch or of an arriving update), tells of them. */
  assign(values: ReadonlyMap<string, unknown>): void {
    const differences = this.#store.assign(values);
    if (differences.length === 0) return;
    for (const { name } of differences) {
      if (this.#hasArrived(name)) this.#unsent.delete(name);
      else this.#unsent.add(name);
    }
    if (this.#unsent.size > 0) whenBatchEnds(this.#flush);
    this.#listener.changed(differences);
  }

  /** Whether the value of now is the one that is arriving. Once another was sent, it is not. */
  #hasArrived(name: string): boolean {
    if (!Object.hasOwn(this.#arriving, name)) return false;
    if (equal(this.#store.encode(name), this.#arriving[name])) return true;
    const { [name]: _, ...others } = this.#arriving;
    this.#arriving = others;
    return false;
  }

  sendState(names: Iterable<string>): void {
    this.#send("update", this.#store.split(names));
  }

  sendCustom(content: Json, buffers: readonly BufferLike[]): void {
    if (this.#open) this.#comm.send({ method: "custom", content }, { buffers });
  }

  close(): void {
    if (!this.#open) return;
    this.#comm.close();
    this.#closed();
  }

  #closed(): void {
    this.#open = false;
    this.#unsent.clear();
    this.#listener.closed();
  }

  readonly #flush = (): void => {
    const names = [...this.#unsent];
    this.#unsent.clear();
    this.sendState(names);
  };

  #send(method: "update" | "echo_update", { state, bufferPaths, buffers }: SplitState): void {
    if (!this.#open || (bufferPaths.length === 0 && Object.keys(state).length === 0)) return;
    this.#comm.send({ method, state: state as JsonObject, buffer_paths: bufferPaths }, { buffers });
  }

  #receive(message: CommMessage): void {
    const { method, content } = message.data;
    try {
      if (method === "update") this.#update(message);
      else if (method === "request_state") this.#send("update", this.#store.splitAll());
      else if (method === "custom") this.#listener.message({ content: content ?? null, buffers: message.buffers });
      else throw new ValueError(`method ${describe(method)}, expected update, request_state or custom`);
    } catch (error) {
      reportError(`${this.#store.name}: message from the front end`, error);
    }
  }

  #update({ data, buffers }: CommMessage): void {
    const { state, buffer_paths: paths = [] } = data;
    if (!isRecord(state)) throw new ValueError(`update: state ${describe(state)}, expected an object`);
    putBuffers(state, paths, buffers);
    const { accepted, refused } = this.#judge(state);
    this.#echo(state, accepted.keys());
    const untouched = [...accepted]
      .filter(([name, value]) => equal(this.#store.get(name), value))
      .map(([name]) => name);
    this.#arriving = { ...state };
    try {
      this.assign(accepted);
    } finally {
      this.#arriving = {};
    }
    // What was corrected to the value that was current already: the front end shows another.
    for (const name of untouched) {
      if (Object.hasOwn(state, name) && !equal(this.#store.encode(name), state[name])) this.#unsent.add(name);
    }
    // The front end shows a value that was refused; tell it the one that counts.
    for (const name of refused) this.#unsent.add(name);
    if (this.#unsent.size > 0) whenBatchEnds(this.#flush);
  }

  /** Decodes and checks what arrived; what is not allowed is reported and left out. */
  #judge(state: Readonly<Record<string, unknown>>): { accepted: Map<string, unknown>; refused: string[] } {
    const decoded = new Map<string, unknown>();
    const refused: string[] = [];
    for (const [name, wire] of Object.entries(state)) {
      // Names that are not traits are the front end's own affair, the names of its classes among them.
      if (!this.#store.traits.has(name) || this.#store.trait(name).sync === false) continue;
      try {
        decoded.set(name, this.#store.decode(name, wire));
      } catch (error) {
        refused.push(name);
        reportError("update from the front end refused", error);
      }
    }
    try {
      return { accepted: this.#store.check(decoded), refused };
    } catch (error) {
      reportError("update from the front end refused", error);
      return { accepted: new Map(), refused: [...refused, ...decoded.keys()] };
    }
  }

  #echo(state: Readonly<Record<string, unknown>>, accepted: Iterable<string>): void {
    if (!echoEnabled()) return;
    const echoed = [...accepted].filter((name) => Object.hasOwn(state, name) && this.#store.trait(name).echo !== false);
    this.#send("echo_update", removeBuffers(Object.fromEntries(echoed.map((name) => [name, state[name]]))));
  }
}
