/** The browser half of the mask widget. */
import { element, keepKeys, onNextFrame, onThemeChange, setText } from "../dom/elements.js";
import type { RenderProps } from "../dom/view-model.js";
import type { MaskState } from "./state.js";
import { DiversityCounter } from "./view-diversity.js";
import { FlowView } from "./view-flow.js";
import { MapView } from "./view-map.js";
import { createMaskTable } from "./view-masks.js";
import { changeState, describeSaved, readState, setWeight, weightAt } from "./view-saved.js";
import { type Actions, composeScene, type Part } from "./view-scene.js";
import { defineMaskTasks } from "./view-tasks.js";
import { TileView } from "./view-tile.js";
import { createToolbar } from "./view-toolbar.js";

const help =
  "Drag a weight up or down. Keys: arrows move, + and - (or Shift with up and down) change the weight, " +
  "Enter types it, Delete makes it 0. With Shift a drag is finer. Rows and columns are those of W, counted from 0.";

/**
 * Draws a mask viewer into `el` and keeps it up to date with its model; returns what undoes both.
 * @example const stop = render({ model, el: document.body })
 */
export function render({ model, el }: RenderProps<MaskState>): () => void {
  defineMaskTasks();
  const status = element("div", { class: "lowbit-mask-status", role: "status", "aria-live": "polite" });
  const { root, body, problem, saved, parts } = createView(createActions(model, status));
  root.append(status);
  const draw = (): void => {
    try {
      const scene = composeScene(readState(model));
      setText(saved, describeSaved(scene.weights) ?? "");
      saved.hidden = saved.textContent === "";
      for (const part of parts) part.draw(scene);
      problem.hidden = true;
    } catch (error) {
      setText(problem, error instanceof Error ? error.message : String(error));
      problem.hidden = false;
    }
    body.hidden = !problem.hidden;
  };
  const frame = onNextFrame(draw);
  const giveBackShortcuts = keepKeys(root);
  const forgetTheme = onThemeChange(frame.request);
  el.append(root);
  draw();
  model.on("change", frame.request);
  return () => {
    model.off("change", frame.request);
    frame.cancel();
    giveBackShortcuts();
    forgetTheme();
    for (const part of parts) part.dispose?.();
    root.remove();
  };
}

interface View {
  readonly root: HTMLElement;
  readonly body: HTMLElement;
  /** Says what is wrong with a state that fits no mask. */
  readonly problem: HTMLElement;
  /** Says that only a part of the matrix was saved. */
  readonly saved: HTMLElement;
  readonly parts: readonly Part[];
}

function createView(actions: Actions): View {
  const toolbar = createToolbar(actions);
  const flow = new FlowView();
  const tile = new TileView(actions, (row, column) => flow.choose(row, column));
  const map = new MapView(actions);
  const table = createMaskTable(actions);
  const diversity = new DiversityCounter();
  const problem = element("p", { class: "lowbit-explorer-problem", role: "alert", hidden: true });
  const saved = element("p", { class: "lowbit-explorer-saved", role: "note", hidden: true });
  const hint = element("p", { class: "lowbit-mask-help" }, help);
  const left = element("div", { class: "lowbit-mask-left" }, tile.element, hint);
  const right = element("div", { class: "lowbit-mask-right" }, table.element, diversity.element);
  const body = element("div", { class: "lowbit-mask-body" }, map.element, left, right, flow.element);
  const label = { class: "lowbit-explorer lowbit-mask", role: "group", "aria-label": "mask viewer" };
  const root = element("div", label, toolbar.element, problem, saved, body);
  return { root, body, problem, saved, parts: [toolbar, tile, map, table, diversity, flow] };
}

function createActions(model: RenderProps<MaskState>["model"], status: HTMLElement): Actions {
  return {
    change: (values) => changeState(model, values),
    weightAt: (row, column) => weightAt(model, row, column),
    setWeight: (row, column, value) => setWeight(model, row, column, value),
    announce: (text) => setText(status, text),
  };
}
