/** Finding a value by its place or by what it is nearest to. */
import { element, setText } from "../dom/elements.js";
import { nearestPlace } from "./compute-search.js";
import { wholePlace } from "./saved.js";
import { numberText } from "./snapshot-text.js";
import type { Shown } from "./view-plot.js";

/** Two fields: the place, and a number whose nearest value is looked for. `pick` takes a place in the values shown. */
export function createFinder(pick: (place: number) => void): {
  readonly element: HTMLElement;
  draw(shown: Shown): void;
} {
  const place = element("input", { type: "number", min: 0, step: 1, class: "lowbit-micro-number" });
  const wanted = element("input", {
    type: "text",
    inputmode: "decimal",
    class: "lowbit-micro-number",
    placeholder: "such as 957",
  });
  const status = element("span", { class: "lowbit-micro-note", role: "status" });
  let shown: Shown | undefined;
  place.addEventListener("change", () => {
    const count = shown?.result.values.data.length ?? 0;
    const at = Number(place.value);
    if (Number.isInteger(at) && at >= 0 && at < count) pick(at);
    else place.value = String(shown?.found.place ?? 0);
  });
  wanted.addEventListener("change", () => {
    const value = Number(wanted.value.replace("−", "-"));
    if (wanted.value.trim() === "" || shown === undefined) setText(status, "");
    else if (Number.isNaN(value)) setText(status, `${wanted.value} is not a number`);
    else {
      const { values } = shown.result;
      const found = nearestPlace(values, value, { scales: [1], block: 1, folded: false });
      const own = values.data[found] as number;
      setText(status, own === value ? "" : `nearest: ${numberText(own)}`);
      pick(found);
    }
  });
  return {
    element: element(
      "div",
      { class: "lowbit-micro-finder" },
      element("label", {}, "place ", place),
      element("label", {}, "value nearest to ", wanted),
      status,
    ),
    draw(next) {
      shown = next;
      const { values } = next.result;
      if (document.activeElement !== place) place.value = String(wholePlace(values, next.found.place));
    },
  };
}
