/** What the figure widget takes, tells and gives. */
import type { DOMWidgetOptions } from "../lib/dom-widget.js";
import type { WidgetEvents } from "../lib/widget.js";
import type { Values } from "./compute.js";
import type { FigureTrace } from "./compute-values.js";

/** The options of a {@link Figure}. */
export interface FigureOptions extends Omit<DOMWidgetOptions, "layout"> {
  /** The traces; arrays may be lists, typed arrays or tensors. Default: none. */
  readonly data?: readonly FigureTrace[];
  /** Plotly's layout: title, axes, margins, height …; `figure.plotLayout` afterwards. */
  readonly layout?: Values;
  /** Plotly's config, for example `{ scrollZoom: true }`. */
  readonly config?: Values;
  /** The widget's box, which other widgets call `layout`. */
  readonly box?: DOMWidgetOptions["layout"];
}

/** One point that an event is about. */
export interface FigurePoint {
  /** The trace, counted from 0. */
  readonly trace: number;
  /** The point in the trace, counted from 0; for a matrix its row and column. */
  readonly index: number | readonly number[];
  readonly x?: number | string;
  readonly y?: number | string;
  readonly z?: number | string;
}

/** What a figure tells of, and what handlers are given. */
export interface FigureEvents extends WidgetEvents {
  readonly click: { readonly points: readonly FigurePoint[] };
  readonly hover: { readonly points: readonly FigurePoint[] };
  readonly unhover: { readonly points: readonly FigurePoint[] };
  /** The points in a box or lasso, and the box's ends by axis. */
  readonly selected: { readonly points: readonly FigurePoint[]; readonly range?: Readonly<Record<string, number[]>> };
  readonly deselect: Readonly<Record<string, never>>;
  readonly doubleclick: Readonly<Record<string, never>>;
  /** Layout values by path, for example `{ "xaxis.range[0]": 0, "xaxis.range[1]": 5 }`. */
  readonly relayout: { readonly layout: Values };
  /** Trace values by path, and the traces that got them: a person clicked on the legend. */
  readonly restyle: { readonly values: Values; readonly traces: readonly number[] };
}

/** A picture of a figure, as {@link Figure.toImage} resolves to; the value of a cell shows it. */
export interface FigureImage {
  readonly mimeType: string;
  /** The picture as a data URL. */
  readonly url: string;
}

/** Options of {@link Figure.toImage}. */
export interface FigureImageOptions {
  /** Default "png". */
  readonly format?: "png" | "jpeg" | "webp" | "svg";
  /** Pixels; default: as shown. */
  readonly width?: number;
  readonly height?: number;
  /** Pixels of the picture per pixel of the figure; default 1. */
  readonly scale?: number;
  /** Seconds to wait for a page that shows the figure; default 30. */
  readonly timeout?: number;
}
