/** What Plotly tells of a figure, as plain data: Plotly's own events hold the whole figure and DOM nodes. */

/** One point that an event is about. */
export interface PlotPoint {
  /** The trace, counted from 0. */
  readonly trace: number;
  /** The point in the trace, counted from 0; for a matrix its row and column. */
  readonly index: number | readonly number[];
  readonly x?: number | string;
  readonly y?: number | string;
  readonly z?: number | string;
}

/** The events of a figure and what their handlers are given. */
export interface PlotEvents {
  readonly click: { readonly points: readonly PlotPoint[] };
  readonly hover: { readonly points: readonly PlotPoint[] };
  readonly unhover: { readonly points: readonly PlotPoint[] };
  /** Points in the box or lasso; the box's ends by axis. */
  readonly selected: { readonly points: readonly PlotPoint[]; readonly range?: Readonly<Record<string, number[]>> };
  readonly deselect: Readonly<Record<string, never>>;
  readonly doubleclick: Readonly<Record<string, never>>;
  /** Layout values by path, for example `{ "xaxis.range[0]": 0, "xaxis.range[1]": 5 }`. */
  readonly relayout: { readonly layout: Readonly<Record<string, unknown>> };
  /** Trace values by path, and the traces that got them. */
  readonly restyle: { readonly values: Readonly<Record<string, unknown>>; readonly traces: readonly number[] };
}

/** A node that Plotly has drawn into. */
export interface PlotlyNode extends HTMLElement {
  on?(event: string, handler: (event: unknown) => void): void;
  removeListener?(event: string, handler: (event: unknown) => void): void;
}

/** The names of all events. */
export const plotEvents: readonly (keyof PlotEvents)[] = [
  "click",
  "hover",
  "unhover",
  "selected",
  "deselect",
  "doubleclick",
  "relayout",
  "restyle",
];

/** Calls `report` on every event of a drawn figure. Returns what undoes it. */
export function listen(
  node: PlotlyNode,
  report: (event: keyof PlotEvents, detail: PlotEvents[keyof PlotEvents]) => void,
): () => void {
  const handlers = plotEvents.map((event) => {
    const handler = (raw: unknown): void => {
      const detail = detailOf(event, raw);
      if (detail !== undefined) report(event, detail);
    };
    node.on?.(`plotly_${event}`, handler);
    return [`plotly_${event}`, handler] as const;
  });
  return () => {
    for (const [name, handler] of handlers) node.removeListener?.(name, handler);
  };
}

function detailOf(event: keyof PlotEvents, raw: unknown): PlotEvents[keyof PlotEvents] | undefined {
  if (event === "relayout") return { layout: plain(raw) as Record<string, unknown> };
  if (event === "restyle") {
    const [values, traces] = raw as [unknown, readonly number[]];
    return { values: plain(values) as Record<string, unknown>, traces: [...traces] };
  }
  if (event === "deselect" || event === "doubleclick") return {};
  const { points, range } = (raw ?? {}) as { points?: readonly Record<string, unknown>[]; range?: unknown };
  // Plotly tells of a selection that selects nothing without saying what.
  if (points === undefined) return event === "selected" ? undefined : { points: [] };
  return {
    points: points.map(pointOf),
    ...(event === "selected" && range !== undefined && { range: plain(range) as Record<string, number[]> }),
  };
}

function pointOf(raw: Record<string, unknown>): PlotPoint {
  const { curveNumber, pointNumber, pointIndex } = raw;
  const place = Object.fromEntries(
    ["x", "y", "z"].map((name) => [name, raw[name]] as const).filter(([, value]) => isPlain(value)),
  );
  const index = Array.isArray(pointNumber) ? pointNumber.map(Number) : Number(pointNumber ?? pointIndex ?? 0);
  return { trace: Number(curveNumber), index, ...place };
}

function isPlain(value: unknown): value is number | string {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

/** A copy that is JSON: what is not becomes null, or goes away from records. */
function plain(value: unknown, depth = 0): unknown {
  if (value === null || typeof value === "boolean" || isPlain(value)) return value;
  if (depth > 8 || typeof value !== "object") return null;
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    return Array.from(value as ArrayLike<unknown>, (item) => plain(item, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value as object)
      .filter(([key, item]) => !key.startsWith("_") && item !== undefined && typeof item !== "function")
      .map(([key, item]) => [key, plain(item, depth + 1)]),
  );
}
