/** The controls above the pictures. */
import { element, setOptions, setText } from "../dom/elements.js";
import { type LawKind, lawKinds, lawNames } from "./compute.js";
import type { LognormalFitState } from "./state.js";

/** Returns the toolbar; `change` is called with what is chosen. */
export function createToolbar(change: (values: Partial<LognormalFitState>) => void): {
  readonly element: HTMLElement;
  draw(state: LognormalFitState): void;
} {
  const law = element(
    "select",
    {},
    ...lawKinds.map((kind) => element("option", { value: kind }, lawNames[kind].toLowerCase())),
  );
  const bits = element("select");
  const bins = slider(10, 200, 1);
  const sigma = slider(0.1, 6, 0.05);
  law.addEventListener("change", () => change({ law: law.value as LawKind }));
  bits.addEventListener("change", () => change({ bits: Number(bits.value) }));
  bins.input.addEventListener("input", () => change({ bins: Number(bins.input.value) }));
  sigma.input.addEventListener("input", () => change({ sigma: Number(sigma.input.value) }));
  const sample = element("label", {}, "sigma of the sample ", sigma.input, sigma.text);
  return {
    element: element(
      "div",
      { class: "lowbit-explorer-toolbar lowbit-fit-toolbar", role: "group", "aria-label": "settings" },
      element("label", {}, "threshold by the law ", law),
      element("label", {}, "format bits ", bits),
      element("label", {}, "bins ", bins.input, bins.text),
      sample,
    ),
    draw(state) {
      law.value = state.law;
      setOptions(bits, [3, 4, 5, 6, 7, 8], state.bits);
      bins.set(state.bins);
      sigma.set(state.sigma);
      sample.hidden = state.gradients !== null;
    },
  };
}

function slider(
  min: number,
  max: number,
  step: number,
): { input: HTMLInputElement; text: HTMLElement; set(value: number): void } {
  const input = element("input", { type: "range", min, max, step });
  const text = element("output");
  return {
    input,
    text,
    set(value) {
      if (Number(input.value) !== value) input.value = String(value);
      setText(text, String(Number(value.toFixed(2))));
    },
  };
}
