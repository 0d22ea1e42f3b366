/** The browser half of the format microscope. */
import { element, onNextFrame, setText } from "../dom/elements.js";
import { mount } from "../dom/mount.js";
import type { RenderProps } from "../dom/view-model.js";
import { inspect } from "./compute-inspect.js";
import { partOf, placeIn, wholePlace } from "./saved.js";
import { type FormatMicroscopeState, formatMicroscopeSpec } from "./state.js";
import { Microscope } from "./view-analysis.js";
import { createBits } from "./view-bits.js";
import { createBlock } from "./view-block.js";
import { createFinder } from "./view-finder.js";
import { createComparison, createNumbers } from "./view-numbers.js";
import { PlotView } from "./view-plot.js";
import { defineMicroscopeTasks } from "./view-tasks.js";
import { createToolbar } from "./view-toolbar.js";

const help =
  "Click or drag in the plot to choose a value, or press a key on the line: arrows go to the next value, Page Up and Page " +
  "Down far, Home and End to the ends. The comb shows the values of the format, powers of two taller and subnormal ones " +
  "shorter; bars are the values that are rounded to each, or the powers of two where there are more than 256 codes. Dots " +
  "are errors, below the largest that rounding can make.";

/**
 * Draws a format microscope into `el` and keeps it up to date with its model; returns what undoes both.
 * @example const stop = render({ model, el: document.body })
 */
export function render({ model, el }: RenderProps<FormatMicroscopeState>): () => void {
  defineMicroscopeTasks();
  const change = (values: Partial<FormatMicroscopeState>): void => {
    model.set(values);
    model.save_changes();
  };
  const view = createView({
    change,
    read: (values) => placeIn(values, model.get("selected")),
    choose: (values, place) => change({ selected: wholePlace(values, place) }),
  });
  const draw = (): void => {
    const state = readState(model);
    microscope.take(state);
    view.draw(state, microscope);
  };
  const frame = onNextFrame(draw);
  const microscope = new Microscope(frame.request);
  const unmount = mount(el, view.root, model, frame);
  draw();
  return () => {
    unmount();
    microscope.dispose();
  };
}

type Values = NonNullable<FormatMicroscopeState["values"]>;

interface Actions {
  readonly change: (values: Partial<FormatMicroscopeState>) => void;
  /** The place in `values` that is chosen. */
  readonly read: (values: Values) => number;
  readonly choose: (values: Values, place: number) => void;
}

interface View {
  readonly root: HTMLElement;
  draw(state: FormatMicroscopeState, microscope: Microscope): void;
}

function createView({ change, read, choose }: Actions): View {
  let values: Values | undefined;
  const chosen = (): number => (values === undefined ? 0 : read(values));
  const pick = (place: number): void => {
    if (values !== undefined) choose(values, place);
  };
  const toolbar = createToolbar(change);
  const plot = new PlotView(chosen, pick);
  const finder = createFinder(pick);
  const [numbers, bits, block] = [createNumbers(), createBits(), createBlock({ change, read: chosen, choose: pick })];
  const comparison = createComparison(change);
  const problem = element("p", { class: "lowbit-explorer-problem", role: "alert", hidden: true });
  const note = element("p", { class: "lowbit-explorer-saved", role: "note", hidden: true });
  const left = element("div", { class: "lowbit-micro-left" }, finder.element, bits.element, block.element);
  const columns = element("div", { class: "lowbit-micro-columns" }, left, comparison.element);
  const hint = element("p", { class: "lowbit-micro-help" }, help);
  const body = element("div", { class: "lowbit-micro-body" }, numbers.element, plot.element, columns, hint);
  const label = { class: "lowbit-explorer lowbit-micro", role: "group", "aria-label": "format microscope" };
  const root = element("div", label, toolbar.element, note, problem, body);
  return {
    root,
    draw(state, microscope) {
      const { result, problem: wrong } = microscope;
      toolbar.draw(state);
      say(note, result === undefined ? "Computing …" : savedNote(result.values));
      say(problem, wrong);
      body.hidden = result === undefined || wrong !== undefined;
      setBusy(body, microscope.isBusy);
      if (result === undefined || body.hidden) return;
      ({ values } = result);
      const found = inspect(values, result.settings, chosen());
      const shown = { result, found, axis: state.axis, width: Math.max(300, root.clientWidth - 16) };
      numbers.draw(result);
      plot.draw(shown);
      finder.draw(shown);
      bits.draw(shown);
      block.draw(shown);
      comparison.draw(microscope, result);
    },
  };
}

/** What is shown is of other settings for a moment. */
function setBusy(body: HTMLElement, busy: boolean): void {
  body.classList.toggle("busy", busy);
  body.setAttribute("aria-busy", String(busy));
}

function say(place: HTMLElement, text: string | undefined): void {
  setText(place, text ?? "");
  place.hidden = text === undefined;
}

function savedNote(values: Values): string | undefined {
  const part = partOf(values);
  if (part === undefined) return undefined;
  const count = part.shape.reduce((product, side) => product * side, 1);
  return `Saved preview: ${values.data.length} of ${count} values, in whole rows or pieces of them. Run the cell again for all of them.`;
}

function readState(model: RenderProps<FormatMicroscopeState>["model"]): FormatMicroscopeState {
  const names = Object.keys(formatMicroscopeSpec.traits) as (keyof FormatMicroscopeState)[];
  return Object.fromEntries(names.map((name) => [name, model.get(name)])) as unknown as FormatMicroscopeState;
}
