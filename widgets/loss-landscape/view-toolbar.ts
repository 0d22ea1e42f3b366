/** The controls above the pictures. */
import { element, setText } from "../dom/elements.js";
import type { Camera } from "./compute.js";
import type { LandscapePart, LossLandscapeState } from "./state.js";
import { turned } from "./view-surface.js";

/** What the controls do. */
export interface ToolbarActions {
  readonly camera: () => Camera;
  readonly change: (values: Partial<LossLandscapeState>) => void;
}

const parts: Readonly<Record<LandscapePart, string>> = {
  both: "surface and contours",
  surface: "surface",
  contour: "contours",
};

const turns = [
  ["ArrowLeft", "◀", "turn left"],
  ["ArrowRight", "▶", "turn right"],
  ["ArrowUp", "▲", "raise the camera"],
  ["ArrowDown", "▼", "lower the camera"],
  ["+", "+", "closer"],
  ["-", "−", "farther"],
  ["Home", "Reset", "reset the camera"],
] as const;

/** Returns the toolbar. */
export function createToolbar({ camera, change }: ToolbarActions): {
  readonly element: HTMLElement;
  draw(state: LossLandscapeState, canTurn: boolean): void;
} {
  const shown = element(
    "select",
    {},
    ...Object.entries(parts).map(([value, text]) => element("option", { value }, text)),
  );
  const log = element("input", { type: "checkbox" });
  const levels = element("input", { type: "range", min: 3, max: 40, step: 1 });
  const count = element("output");
  shown.addEventListener("change", () => change({ shown: shown.value as LandscapePart }));
  log.addEventListener("change", () => change({ log: log.checked }));
  levels.addEventListener("input", () => change({ levels: Number(levels.value) }));
  const turning = element(
    "span",
    { class: "lowbit-land-turn", role: "group", "aria-label": "camera" },
    ...turnButtons(camera, change),
  );
  return {
    element: element(
      "div",
      { class: "lowbit-explorer-toolbar lowbit-land-toolbar", role: "group", "aria-label": "settings" },
      element("label", {}, "show ", shown),
      element("label", {}, log, " logarithmic"),
      element("label", {}, "contours ", levels, count),
      turning,
    ),
    draw(state, canTurn) {
      shown.value = state.shown;
      log.checked = state.log;
      if (Number(levels.value) !== state.levels) levels.value = String(state.levels);
      setText(count, String(state.levels));
      turning.hidden = !canTurn;
    },
  };
}

function turnButtons(camera: () => Camera, change: (values: Partial<LossLandscapeState>) => void): HTMLElement[] {
  return turns.map(([key, text, label]) => {
    const button = element("button", { type: "button", "aria-label": label, title: label }, text);
    button.addEventListener("click", () => {
      const next = turned(camera(), { key, shiftKey: false });
      if (next !== undefined) change({ camera: next });
    });
    return button;
  });
}
