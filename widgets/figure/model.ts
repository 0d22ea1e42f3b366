/** The kernel half of the figure widget. */
import { displaySymbol, type Json, type MimeBundle } from "../../src/display.js";
import { ValueError } from "../../src/errors.js";
import { batch } from "../lib/batch.js";
import { DOMWidget, type DOMWidgetState } from "../lib/dom-widget.js";
import { onceForEdits } from "../lib/edited.js";
import { isRecord } from "../lib/equal.js";
import { randomId } from "../lib/identity.js";
import { Observers } from "../lib/observers.js";
import type { WidgetEvents } from "../lib/widget.js";
import { type FigureEdit, relayout, type Values, withEdits } from "./compute.js";
import { decimate } from "./compute-decimate.js";
import { asJson, type FigureTrace } from "./compute-values.js";
import type { FigureEvents, FigureImage, FigureImageOptions, FigureOptions } from "./model-types.js";
import { snapshotSvg } from "./snapshot.js";
import { type FigureState, figureSpec, weightOf } from "./state.js";

type Points = readonly unknown[] | ArrayLike<number>;

/** Edits are folded into the traces, which are then sent whole, when they weigh more than this; bytes, roughly. */
const editsLimit = 2 ** 16;
/** What goes into the output of a cell beside the view has at most so many numbers per array. */
const stillNumbers = 4096;
/** Cells of a heat map in a still picture, each of which is a shape of its own. */
const stillCells = 1024;
const edited = onceForEdits(withEdits);
const ownEvents: ReadonlySet<string> = new Set(["message", "close"]);

/**
 * A Plotly figure that is shown live and changes in place. Arrays of numbers travel as bytes, not as JSON; a change
 * sends what changed; what a person zooms, turns and hides is known here. All of Plotly's traces can be shown; the page
 * loads the smallest of three bundles that has them. Where there is no page, an SVG picture of scatter, bar, histogram,
 * heatmap and contour traces is shown.
 * @throws ValueError for data that are no traces, or values that are neither JSON nor numbers
 * @see https://plotly.com/javascript/reference/
 * @example
 * const figure = new Figure({ data: [{ y: loss }], layout: { title: { text: "Loss" } } });
 * figure.on("click", ({ points }) => console.log(points[0]?.index));
 * figure.extendTraces({ y: [[0.31, 0.29]] }, [0]);
 */
export class Figure extends DOMWidget<FigureState> {
  readonly #events: Observers = new Observers();
  readonly #heard: Map<string, number> = new Map();
  readonly #images: Map<string, (url: string) => void> = new Map();

  constructor(options: FigureOptions = {}) {
    const { layout: plotLayout, box: layout, data, config, ...rest } = options;
    const given = { data, plotLayout, config, layout };
    const values = Object.entries(given).filter(([, value]) => value !== undefined);
    super(figureSpec, { ...rest, ...Object.fromEntries(values) });
    super.on("message", ({ content }) => this.#take(content));
  }

  /** The traces as they are now, edits included; arrays of numbers as tensors. Setting them replaces all. */
  get data(): readonly FigureTrace[] {
    return edited(this.get("data"), this.get("edits"));
  }

  set data(data: readonly FigureTrace[]) {
    this.set("data", data);
  }

  /** Plotly's layout as it is now: what a person zoomed and turned is in it. */
  get plotLayout(): Values {
    return this.get("plotLayout");
  }

  set plotLayout(layout: Values) {
    this.set("plotLayout", layout);
  }

  /** Plotly's config. */
  get config(): Values {
    return this.get("config");
  }

  set config(config: Values) {
    this.set("config", config);
  }

  /**
   * Sets values of traces by path, of all traces or of those named. As in Plotly, a list gives each trace its own value
   * (wrap an array in a list: `{ y: [newY] }`), a typed array or tensor goes to each, and null takes a value away.
   * @throws ValueError for a trace that is not there or a malformed path; nothing is changed then
   * @example figure.restyle({ "marker.color": ["red", "blue"] }, [0, 1])
   */
  restyle(values: Values, traces?: number | readonly number[]): void {
    this.#edit({ do: "restyle", values, traces: this.#indices(traces) });
  }

  /** Sets values of the layout by path; null takes one away. @example figure.relayout({ "xaxis.range": [0, 5] }) */
  relayout(values: Values): void {
    this.set("plotLayout", relayout(this.plotLayout, values));
  }

  /** {@link Figure.restyle} and {@link Figure.relayout} in one message. */
  update(values: Values, layout: Values, traces?: number | readonly number[]): void {
    batch(() => {
      this.restyle(values, traces);
      this.relayout(layout);
    });
  }

  /** Adds traces at the end, or each at its place. @example figure.addTraces([{ y: [1, 2] }], 0) */
  addTraces(traces: FigureTrace | readonly FigureTrace[], at?: number | readonly number[]): void {
    const added = Array.isArray(traces) ? (traces as readonly FigureTrace[]) : [traces as FigureTrace];
    this.#edit({ do: "add", added, at: at === undefined ? null : listOf(at) });
  }

  /** Takes traces away. @example figure.deleteTraces(-1) */
  deleteTraces(traces: number | readonly number[]): void {
    this.#edit({ do: "delete", traces: listOf(traces) });
  }

  /** Moves traces to the end, or each to its new place. @example figure.moveTraces(0, 2) */
  moveTraces(traces: number | readonly number[], to?: number | readonly number[]): void {
    this.#edit({ do: "move", traces: listOf(traces), to: to === undefined ? null : listOf(to) });
  }

  /**
   * Adds points to the end of arrays: by path, one list of points per trace.
   * @param maxPoints how many of the newest points are kept; default all
   * @example figure.extendTraces({ x: [[4]], y: [[0.2]] }, [0], 1000)
   */
  extendTraces(
    values: Readonly<Record<string, readonly Points[]>>,
    traces: readonly number[],
    maxPoints?: number,
  ): void {
    this.#edit({ do: "extend", values, traces, maxPoints: maxPoints ?? null });
  }

  /** Adds points to the start of arrays; as {@link Figure.extendTraces}. */
  prependTraces(
    values: Readonly<Record<string, readonly Points[]>>,
    traces: readonly number[],
    maxPoints?: number,
  ): void {
    this.#edit({ do: "prepend", values, traces, maxPoints: maxPoints ?? null });
  }

  /** Calls `handler` on every event of this kind, from any view. @example figure.on("selected", ({ points }) => …) */
  override on<Event extends keyof FigureEvents>(event: Event, handler: (detail: FigureEvents[Event]) => unknown): void {
    if (isOwnEvent(event)) {
      super.on(event, handler as (detail: unknown) => unknown);
      return;
    }
    this.#events.add(handler as (detail: never) => unknown, event);
    this.#heard.set(event, (this.#heard.get(event) ?? 0) + 1);
    this.set("listening", [...this.#heard.keys()]);
  }

  /** Undoes {@link Figure.on} with the same arguments. */
  override off<Event extends keyof FigureEvents>(
    event: Event,
    handler: (detail: FigureEvents[Event]) => unknown,
  ): void {
    if (isOwnEvent(event)) {
      super.off(event, handler as (detail: unknown) => unknown);
      return;
    }
    this.#events.remove(handler as (detail: never) => unknown, event);
    const left = (this.#heard.get(event) ?? 1) - 1;
    if (left > 0) this.#heard.set(event, left);
    else this.#heard.delete(event);
    this.set("listening", [...this.#heard.keys()]);
  }

  /**
   * Resolves to a picture of the figure on white, drawn by a page that shows it.
   * @throws Error (rejects) when no page answers within `timeout` seconds
   * @example await figure.toImage({ format: "svg", width: 800, height: 500 })
   */
  toImage(options: FigureImageOptions = {}): Promise<FigureImage> {
    const { timeout = 30, ...wanted } = options;
    const id = randomId();
    return new Promise((resolve, reject) => {
      const { setTimeout, clearTimeout } = globalThis as unknown as Timers;
      const limit = setTimeout(() => {
        this.#images.delete(id);
        reject(new Error(`Figure.toImage: no answer in ${timeout} s, expected a page that shows the figure`));
      }, timeout * 1000);
      this.#images.set(id, (url) => {
        clearTimeout(limit);
        resolve(pictureOf(url));
      });
      this.send({ do: "image", id, options: wanted as Json });
    });
  }

  protected override settle(
    next: FigureState & DOMWidgetState,
    changed: ReadonlySet<string>,
  ): Partial<FigureState & DOMWidgetState> {
    // New traces begin without the edits of those before.
    const edits = changed.has("data") && !changed.has("edits") ? [] : next.edits;
    withEdits(next.data, edits);
    return { edits };
  }

  protected override fallback(): MimeBundle {
    const data = this.data.map((trace) => decimate(trace, stillNumbers)?.trace ?? trace);
    const figure = { data: asJson(data), layout: asJson(this.plotLayout), config: asJson(this.config) };
    const picture = snapshotSvg(data.map(forPicture), this.plotLayout);
    const kinds = data.map(({ type }) => type ?? "scatter");
    return {
      "application/vnd.plotly.v1+json": figure as unknown as Json,
      ...(picture !== undefined && { "image/svg+xml": picture }),
      "text/plain": `Figure: ${kinds.length === 0 ? "empty" : kinds.join(", ")}`,
    };
  }

  #indices(traces: number | readonly number[] | undefined): readonly number[] {
    return traces === undefined ? this.data.map((_, i) => i) : listOf(traces);
  }

  #edit(edit: FigureEdit): void {
    const edits = [...this.get("edits"), edit];
    // Refuses before anything is sent.
    const data = withEdits(this.data, [edit]);
    if (weightOf(edits) > editsLimit) this.set({ data, edits: [] });
    else this.set("edits", edits);
  }

  /** What a view sends: an event, a click on the legend, or a picture that was asked for. */
  #take(content: Json): void {
    if (!isRecord(content)) throw new ValueError("Figure: a message that is no record");
    const { event, detail, image, url } = content as Readonly<Record<string, unknown>>;
    if (typeof image === "string") {
      this.#images.get(image)?.(String(url));
      this.#images.delete(image);
      return;
    }
    if (typeof event !== "string" || !isRecord(detail) || ownEvents.has(event)) {
      throw new ValueError("Figure: a message that is neither an event nor a picture");
    }
    if (event === "restyle") this.restyle(detail.values as Values, detail.traces as readonly number[]);
    this.#events.call(`Figure: ${event} handler`, event, detail);
  }
}

/** The timers of Node and of the browser, of which the library's own types know nothing. */
interface Timers {
  setTimeout(action: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Returns a {@link Figure}. @example figure([{ y: [1, 3, 2] }], { title: { text: "Loss" } }) */
export function figure(data: readonly FigureTrace[], layout: Values = {}, config: Values = {}): Figure {
  return new Figure({ data, layout, config });
}

function forPicture(trace: FigureTrace): FigureTrace {
  return trace.type === "heatmap" || trace.type === "contour" ? (decimate(trace, stillCells)?.trace ?? trace) : trace;
}

function pictureOf(url: string): FigureImage {
  const [, mimeType = "", encoding, text = ""] = /^data:([\w+/]+)(;base64)?[^,]*,(.*)$/s.exec(url) ?? [];
  if (mimeType === "") throw new ValueError("Figure.toImage: the page sent no picture");
  const data = encoding === undefined ? decodeURIComponent(text) : text;
  const picture = { mimeType, url };
  const show = (): MimeBundle => ({ [mimeType]: data, "text/plain": `a picture (${mimeType})` });
  return Object.defineProperty(picture, displaySymbol, { value: show, enumerable: false });
}

function isOwnEvent(event: string): event is keyof WidgetEvents {
  return ownEvents.has(event);
}

function listOf(value: number | readonly number[]): readonly number[] {
  return typeof value === "number" ? [value] : value;
}
