/** A Plotly figure in an element: in the page's colours, as wide as its place, and without leaks. */
import { onThemeChange } from "./elements.js";
import { type ContextHolder, giveContexts, takeContexts } from "./plot-contexts.js";
import { listen, type PlotEvents, type PlotlyNode } from "./plotly-events.js";
import { bundleFor, loadPlotly, type PlotFigure, type PlotlyLibrary } from "./plotly-library.js";
import { camerasOf, inTheme, onWhite, seenFrom } from "./plotly-theme.js";

export type { PlotEvents, PlotPoint } from "./plotly-events.js";
export type { PlotFigure, PlotTrace, PlotValue } from "./plotly-library.js";

/** Options of {@link plot}. */
export interface PlotOptions {
  /** What the figure shows, for screen readers. Default: the title of its layout, or "plot". */
  readonly label?: string;
}

/** A picture of a figure. */
export interface PlotImageOptions {
  /** Default "png". */
  readonly format?: "png" | "jpeg" | "webp" | "svg";
  /** Pixels; default: as shown. */
  readonly width?: number;
  readonly height?: number;
  /** Pixels of the picture per pixel of the figure; default 1. */
  readonly scale?: number;
  /** In Plotly's own colours on white, for a page with another theme. Default false. */
  readonly onWhite?: boolean;
}

/** A figure that is shown. */
export interface PlotHandle {
  /** Resolves when the first figure is drawn, or waits to be scrolled to; rejects with what kept it from being drawn. */
  readonly ready: Promise<void>;
  /** Shows another figure in its place; the newest wins. Resolves when it is drawn, or another is under way. */
  update(figure: PlotFigure): Promise<void>;
  /** Calls `handler` on an event; returns what undoes it. */
  on<Event extends keyof PlotEvents>(event: Event, handler: (detail: PlotEvents[Event]) => void): () => void;
  /** Fits the figure to its place again; happens by itself when the place changes. */
  resize(): void;
  /** Resolves to a picture of what is shown, as a data URL. */
  toImage(options?: PlotImageOptions): Promise<string>;
  /** Takes the figure away and gives back its WebGL contexts. */
  dispose(): void;
}

/**
 * Draws a figure into `el`, which should be empty. The library is loaded when the first figure needs it, in the
 * smallest of its bundles that has the figure's traces. Nothing is drawn after `dispose`. A figure with WebGL that is out
 * of sight may be taken away while the page needs its context for others; it is drawn again when it is scrolled to.
 * @example const handle = plot(el, { data: [{ x: [1, 2, 3], y: [2, 6, 3] }] }); handle.dispose()
 */
export function plot(el: HTMLElement, figure: PlotFigure, options: PlotOptions = {}): PlotHandle {
  return new Plot(el, figure, options);
}

type AnyHandler = (detail: never) => void;

class Plot implements PlotHandle, ContextHolder {
  readonly ready: Promise<void>;
  readonly #node: PlotlyNode;
  readonly #options: PlotOptions;
  readonly #handlers: Map<keyof PlotEvents, Set<AnyHandler>> = new Map();
  readonly #forgetTheme: () => void;
  readonly #size: ResizeObserver;
  readonly #sight: IntersectionObserver;
  #figure: PlotFigure;
  #library: PlotlyLibrary | undefined;
  #deaf: (() => void) | undefined;
  #drawing: Promise<void> = Promise.resolve();
  #wanted = 0;
  #disposed = false;
  #seen = false;
  #busy = false;
  /** Whether it waits to be seen, because others need the contexts. */
  #parked = false;
  #cameras: ReturnType<typeof camerasOf> = {};

  constructor(el: HTMLElement, figure: PlotFigure, options: PlotOptions) {
    this.#node = el;
    this.#figure = figure;
    this.#options = options;
    el.classList.add("lowbit-plot");
    this.#forgetTheme = onThemeChange(() => void this.#draw());
    this.#size = new ResizeObserver(() => this.resize());
    this.#size.observe(el);
    this.#sight = new IntersectionObserver((entries) => this.#see(entries.at(-1)?.isIntersecting === true), {
      rootMargin: "200px",
    });
    this.#sight.observe(el);
    this.ready = this.#draw();
  }

  get seen(): boolean {
    return this.#seen;
  }

  get needed(): boolean {
    return this.#seen || this.#busy;
  }

  contexts(): number {
    return Math.max(1, this.#node.querySelectorAll("canvas").length);
  }

  /** Takes the figure away, but not its place. */
  park(): void {
    this.#parked = true;
    const { height } = this.#node.getBoundingClientRect();
    const { height: wanted = 450 } = this.#figure.layout ?? {};
    this.#node.style.minHeight = `${height || Number(wanted)}px`;
    this.#cameras = { ...this.#cameras, ...camerasOf(this.#node) };
    this.#clear();
  }

  update(figure: PlotFigure): Promise<void> {
    this.#figure = figure;
    return this.#draw();
  }

  on<Event extends keyof PlotEvents>(event: Event, handler: (detail: PlotEvents[Event]) => void): () => void {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler as AnyHandler));
    return () => void handlers.delete(handler as AnyHandler);
  }

  resize(): void {
    if (this.#library === undefined || !this.#node.isConnected || this.#node.clientWidth === 0) return;
    // Plotly rejects when the figure is taken away while it is fitted.
    if (this.#figure.layout?.width === undefined) this.#library.Plots.resize(this.#node).catch(() => undefined);
  }

  async toImage(options: PlotImageOptions = {}): Promise<string> {
    await this.#drawing;
    const library = this.#library ?? (this.#parked ? await loadPlotly(this.#figure) : undefined);
    if (library === undefined) throw new Error("plot.toImage: no figure, expected one that is drawn");
    const { format = "png", scale } = options;
    const { width: shownWidth, height: shownHeight } = this.#node.getBoundingClientRect();
    const width = options.width ?? (shownWidth || 700);
    const height = options.height ?? (shownHeight || 450);
    const figure = options.onWhite ? onWhite(this.#figure) : this.#shownFigure();
    return library.toImage(figure, { format, width, height, ...(scale !== undefined && { scale }) });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#forgetTheme();
    this.#size.disconnect();
    this.#sight.disconnect();
    giveContexts(this);
    this.#handlers.clear();
    this.#clear();
    this.#node.classList.remove("lowbit-plot");
    this.#node.style.minHeight = "";
  }

  #see(seen: boolean): void {
    this.#seen = seen;
    if (seen && this.#parked) this.#draw().catch(() => undefined);
  }

  /** What a picture is taken of. */
  #shownFigure(): HTMLElement | object {
    return this.#parked ? inTheme(seenFrom(this.#figure, this.#cameras), this.#node) : this.#node;
  }

  /** Draws the newest figure after the one that is being drawn. */
  #draw(): Promise<void> {
    const turn = ++this.#wanted;
    const drawn = this.#drawing.then(() => (turn === this.#wanted ? this.#drawNow() : undefined));
    // A figure that cannot be drawn does not keep the next one from it.
    this.#drawing = drawn.catch(() => undefined);
    return drawn;
  }

  async #drawNow(): Promise<void> {
    if (this.#disposed) return;
    if (bundleFor(this.#figure) === "cartesian") giveContexts(this);
    else if (!takeContexts(this)) return this.park();
    this.#busy = true;
    try {
      await this.#react();
    } finally {
      this.#busy = false;
    }
  }

  async #react(): Promise<void> {
    const figure = this.#figure;
    const library = await loadPlotly(figure);
    if (this.#disposed) return;
    // Two bundles do not know each other's traces.
    if (this.#library !== undefined && this.#library !== library) this.#clear();
    this.#library = library;
    this.#parked = false;
    this.#node.setAttribute("role", "figure");
    this.#node.setAttribute("aria-label", this.#options.label ?? titleOf(figure) ?? "plot");
    await library.react(this.#node, inTheme(seenFrom(figure, this.#cameras), this.#node));
    if (this.#disposed) return release(library, this.#node);
    this.#node.style.minHeight = "";
    this.#deaf ??= listen(this.#node, (event, detail) => this.#report(event, detail));
  }

  #report(event: keyof PlotEvents, detail: PlotEvents[keyof PlotEvents]): void {
    for (const handler of this.#handlers.get(event) ?? []) handler(detail as never);
  }

  #clear(): void {
    this.#deaf?.();
    this.#deaf = undefined;
    if (this.#library !== undefined) release(this.#library, this.#node);
    this.#library = undefined;
  }
}

/**
 * Takes a figure away, and gives back its WebGL contexts: Plotly leaves them to the garbage collector, and a page that
 * has 16 of them loses the oldest, although it may be the one that is looked at.
 */
function release(plotly: PlotlyLibrary, node: HTMLElement): void {
  const canvases = [...node.querySelectorAll("canvas")];
  plotly.purge(node);
  for (const canvas of canvases) canvas.getContext("webgl")?.getExtension("WEBGL_lose_context")?.loseContext();
}

function titleOf({ layout }: PlotFigure): string | undefined {
  const title = layout?.title;
  if (typeof title === "string") return title;
  const text = (title as { readonly text?: unknown } | undefined)?.text;
  return typeof text === "string" ? text : undefined;
}
