/** The browser half of the figure widget. */
import { element, keepKeys, onNextFrame, setText } from "../dom/elements.js";
import { type PlotEvents, type PlotFigure, type PlotHandle, type PlotTrace, plot } from "../dom/plot.js";
import type { RenderProps, ViewModel } from "../dom/view-model.js";
import { equal, isRecord } from "../lib/equal.js";
import { type FigureEdit, relayout, type Values, withEdits } from "./compute.js";
import { type FigureTrace, forPlotly } from "./compute-values.js";
import { type FigureState, previewKey } from "./state.js";

type FigureViewModel = ViewModel<FigureState>;

/** Events of a pointer that moves come often: the kernel hears of the last one, after this pause; milliseconds. */
const pointerPause = 60;

/**
 * Draws a figure into `el` and keeps it up to date with its model; returns what undoes both.
 * @example const stop = render({ model, el: document.body })
 */
export function render({ model, el }: RenderProps<FigureState>): () => void {
  const saved = element("p", { class: "lowbit-explorer-saved", role: "note", hidden: true });
  const problem = element("p", { class: "lowbit-explorer-problem", role: "alert", hidden: true });
  const place = element("div", { class: "lowbit-figure-plot" });
  const root = element(
    "div",
    { class: "lowbit-explorer lowbit-figure", role: "group", "aria-label": "figure" },
    saved,
    problem,
    place,
  );
  const composer = createComposer(model);
  el.append(root);
  const first = composer.figure();
  const handle = plot(place, first.figure);
  const tell = (error: unknown): void => {
    const text = error instanceof Error ? error.message : error === undefined ? "" : String(error);
    setText(problem, text);
    problem.hidden = text === "";
  };
  const show = ({ note, problem: wrong }: Composed): void => {
    setText(saved, note);
    saved.hidden = note === "";
    tell(wrong);
  };
  show(first);
  handle.ready.catch(tell);
  const frame = onNextFrame(() => {
    if (composer.isShown()) return;
    const next = composer.figure();
    show(next);
    if (next.problem === undefined) handle.update(next.figure).catch(tell);
  });
  const stopListening = listen(model, handle, composer);
  const giveBackShortcuts = keepKeys(root);
  model.on("change", frame.request);
  return () => {
    model.off("change", frame.request);
    frame.cancel();
    stopListening();
    giveBackShortcuts();
    handle.dispose();
    root.remove();
  };
}

interface Composed {
  readonly figure: PlotFigure;
  /** Which traces were saved with fewer points; "" when all are whole. */
  readonly note: string;
  /** What keeps the state from being shown. */
  readonly problem: unknown;
}

/** Makes Plotly's figure of the model's values, and knows which of them are on the screen already. */
interface Composer {
  figure(): Composed;
  isShown(): boolean;
  /** Keeps a layout that the screen shows already from being drawn again. */
  expect(layout: Values): void;
}

function createComposer(model: FigureViewModel): Composer {
  let shown: unknown[] = [];
  let folded:
    | { base: readonly FigureTrace[]; edits: readonly FigureEdit[]; traces: readonly FigureTrace[] }
    | undefined;
  const current = (): unknown[] => [
    model.get("data"),
    model.get("edits"),
    model.get("plotLayout"),
    model.get("config"),
  ];
  /** Edits are added at the end: only those that are new are applied. */
  const fold = (base: readonly FigureTrace[], edits: readonly FigureEdit[]): readonly FigureTrace[] => {
    const done = folded?.edits.length ?? 0;
    const goesOn = folded?.base === base && done <= edits.length && folded.edits.every((edit, i) => edit === edits[i]);
    const traces =
      goesOn && folded !== undefined ? withEdits(folded.traces, edits.slice(done)) : withEdits(base, edits);
    folded = { base, edits, traces };
    return traces;
  };
  return {
    expect: (layout) => {
      shown[2] = layout;
    },
    isShown: () => current().every((value, i) => value === shown[i]),
    figure: () => {
      shown = current();
      const [data, edits, layout, config] = shown as [FigureTrace[], FigureEdit[], Values, Values];
      try {
        const traces = fold(data, edits);
        // The layout holds what a person zoomed: nothing else is to be remembered.
        const whole = { uirevision: undefined, ...(forPlotly(layout) as Values) };
        const figure = { data: traces.map(traceForPlotly), layout: whole, config: forPlotly(config) as Values };
        return { figure, note: describeSaved(traces), problem: undefined };
      } catch (problem) {
        return { figure: {}, note: "", problem };
      }
    },
  };
}

const drawnTraces = new WeakMap<FigureTrace, PlotTrace>();

/** The same trace gives the same arrays, by which Plotly sees that nothing has changed. */
function traceForPlotly(trace: FigureTrace): PlotTrace {
  const known = drawnTraces.get(trace);
  if (known !== undefined) return known;
  const { [previewKey]: _, ...rest } = forPlotly(trace) as Record<string, unknown>;
  drawnTraces.set(trace, rest);
  return rest;
}

function describeSaved(traces: readonly FigureTrace[]): string {
  const notes = traces.flatMap((trace, i) =>
    typeof trace[previewKey] === "string" ? [`${trace.name ?? `trace ${i}`}: ${trace[previewKey]}`] : [],
  );
  return notes.length === 0 ? "" : `Saved preview (${notes.join("; ")}). Run the cell again for all of it.`;
}

/** Brings what a person does to the model and to the kernel, and what the kernel asks for to the figure. */
function listen(model: FigureViewModel, handle: PlotHandle, composer: Composer): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = (event: string, detail: object): void => {
    if (model.comm_live && model.get("listening").includes(event)) model.send?.({ event, detail });
  };
  const later = (event: string, detail: object): void => {
    clearTimeout(timer);
    timer = setTimeout(() => send(event, detail), pointerPause);
  };
  const names: readonly (keyof PlotEvents)[] = ["click", "selected", "deselect", "doubleclick"];
  const stops = [
    ...names.map((name) => handle.on(name, (detail) => send(name, detail))),
    handle.on("hover", (detail) => later("hover", detail)),
    handle.on("unhover", (detail) => later("unhover", detail)),
    handle.on("relayout", ({ layout }) => {
      // The size is each view's own.
      const changed = Object.entries(layout).filter(([path]) => !/^(autosize|width|height)$/.test(path));
      if (changed.length === 0) return;
      keepLayout(model, composer, Object.fromEntries(changed));
      send("relayout", { layout: Object.fromEntries(changed) });
    }),
    handle.on("restyle", (detail) => keepStyle(model, detail)),
  ];
  const answer = (content: unknown): void => {
    if (!isRecord(content) || content.do !== "image" || typeof content.id !== "string") return;
    const { id, options } = content;
    // The picture goes where the colours of this page are not: on white, whatever the theme.
    handle.toImage({ onWhite: true, ...(isRecord(options) ? options : {}) }).then(
      (url) => model.send?.({ image: id, url }),
      // Another view may be able to; if none is, the kernel half says so in time.
      () => undefined,
    );
  };
  model.on("msg:custom", answer);
  return () => {
    clearTimeout(timer);
    model.off("msg:custom", answer);
    for (const stop of stops) stop();
  };
}

/** A zoom, a turn, a drawn shape: into the layout, for every view and the kernel. */
function keepLayout(model: FigureViewModel, composer: Composer, changed: Values): void {
  const before = model.get("plotLayout");
  const plotLayout = relayout(before, changed);
  if (equal(before, plotLayout)) return;
  composer.expect(plotLayout);
  model.set({ plotLayout });
  model.save_changes();
}

/** A click on the legend: the kernel makes an edit of it; where there is none, the page does. */
function keepStyle(model: FigureViewModel, { values, traces }: PlotEvents["restyle"]): void {
  if (model.comm_live && model.send !== undefined) {
    model.send({ event: "restyle", detail: { values, traces } });
    return;
  }
  model.set({ edits: [...model.get("edits"), { do: "restyle", values, traces }] });
  model.save_changes();
}
