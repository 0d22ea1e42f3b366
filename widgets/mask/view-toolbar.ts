/** The controls above the mask: the pattern and the transposition. */
import { element, setAttributes, setOptions, setText } from "../dom/elements.js";
import { groupsOf, placeTile } from "./compute.js";
import type { Actions, Part, Scene } from "./view-scene.js";

/** Returns the toolbar. */
export function createToolbar({ change, announce }: Actions): Part {
  const keep = element("select", { "aria-label": "weights kept per group" });
  const group = element("select", { "aria-label": "weights per group" });
  const transpose = element("button", { type: "button", "aria-pressed": "false" }, "Transpose");
  const shape = element("span", { class: "lowbit-mask-shape" });
  let scene: Scene | undefined;
  keep.addEventListener("change", () => change({ keep: Number(keep.value) }));
  group.addEventListener("change", () => {
    if (scene === undefined) return;
    const size = Number(group.value);
    const kept = Math.max(1, Math.round((scene.keep / scene.group) * size));
    change({ group: size, keep: kept, tile: placeTile(scene.weights.shape, size, scene.tile) });
  });
  transpose.addEventListener("click", () => {
    if (scene === undefined) return;
    change({ transposed: !scene.transposed });
    announce(scene.transposed ? "The matrix is shown as it is." : "The transposed matrix is shown.");
  });
  return {
    element: element(
      "div",
      { class: "lowbit-explorer-toolbar lowbit-mask-toolbar", role: "group", "aria-label": "pattern" },
      element("label", {}, "keep ", keep),
      element("label", {}, "of every ", group),
      transpose,
      shape,
    ),
    draw(next) {
      scene = next;
      const { weights, pattern, transposed } = next;
      setOptions(keep, [...Array(pattern.group + 1).keys()], pattern.keep);
      setOptions(group, withValue(groupsOf(weights.shape), pattern.group), pattern.group);
      setAttributes(transpose, { "aria-pressed": String(transposed) });
      const [rows, columns] = weights.shape as [number, number];
      setText(shape, transposed ? `W transposed: ${columns} x ${rows}` : `W: ${rows} x ${columns}`);
    },
  };
}

function withValue(values: readonly number[], value: number): readonly number[] {
  return values.includes(value) ? values : [value, ...values];
}
