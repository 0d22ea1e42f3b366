/** The words and buttons around the map: what is exact, what is being computed, what is under the pointer. */
import { element, setAttributes, setText } from "../dom/elements.js";
import { percent } from "./compute.js";
import { isKept, type Region } from "./view-map-data.js";
import { exactLimit, type MapState } from "./view-map-jobs.js";
import type { Scene } from "./view-scene.js";

/** What the buttons do. */
export interface LegendActions {
  zoom(factor: number): void;
  fit(): void;
  solve(): void;
  cancel(): void;
}

/** What the legend tells of. */
export interface LegendFrame {
  readonly scene: Scene;
  readonly state: MapState;
  readonly seen: Region;
  /** Whether all blocks that are seen are optimal. */
  readonly seenSolved: boolean;
  /** Whether everything is seen. */
  readonly all: boolean;
}

/** The bar above the map and the caption below. */
export interface Legend {
  readonly bar: HTMLElement;
  readonly caption: HTMLElement;
  draw(frame: LegendFrame): void;
  /** Shows what is under the pointer. */
  read(text: string): void;
  /** What a screen reader is told after a key. */
  spoken(): string;
}

/** Returns the bar and the caption. */
export function createLegend({ zoom, fit, solve, cancel }: LegendActions): Legend {
  const nearer = button("zoom in", "+", () => zoom(1.5));
  const farther = button("zoom out", "\u2212", () => zoom(1 / 1.5));
  const whole = button("Fit: show the whole matrix", "Fit", fit);
  const under = element("span", { class: "lowbit-mask-under" });
  const bar = element(
    "div",
    { class: "lowbit-mask-map-bar", role: "group", "aria-label": "map" },
    ...[nearer, farther, whole, under],
  );
  const exact = element("p", { class: "lowbit-mask-exactness" });
  const ask = button("Compute the whole optimum, of all blocks of the matrix", "Compute the whole optimum", solve);
  const stop = button("Cancel computing the whole optimum", "Cancel", cancel);
  const meter = element("progress", { max: 1, "aria-label": "computing" });
  const computing = element("span", { class: "lowbit-mask-computing" }, "computing ... ", meter);
  const place = element("p", { class: "lowbit-mask-seen" });
  const row = element("p", { class: "lowbit-mask-work" }, ask, stop, computing);
  const caption = element("figcaption", {}, place, exact, row);
  return {
    bar,
    caption,
    draw: ({ scene, state, seen, seenSolved, all }) => {
      setText(place, describePlace(scene, state, seen, all));
      setText(exact, state.problem ?? describeExactness(scene, state, seen, seenSolved));
      // A button that goes while it has the focus loses it, and hands it on below.
      const focused = [ask, stop].find((node) => node.ownerDocument.activeElement === node);
      ask.hidden = state.exact === undefined || state.asked || state.exact.blocks === state.exact.all;
      stop.hidden = !state.asked;
      computing.hidden = state.progress === undefined;
      meter.value = state.progress ?? 0;
      row.hidden = ask.hidden && stop.hidden && computing.hidden;
      if (focused?.hidden) ([stop, ask].find((node) => !node.hidden) ?? nearer).focus();
      setAttributes(farther, { disabled: all });
      setAttributes(whole, { disabled: all });
    },
    read: (text) => setText(under, text),
    spoken: () => place.textContent ?? "",
  };
}

function button(label: string, text: string, act: () => void): HTMLButtonElement {
  const node = element("button", { type: "button", "aria-label": label, title: label }, text);
  node.addEventListener("click", act);
  return node;
}

function describePlace({ weights }: Scene, { map, fresh }: MapState, seen: Region, all: boolean): string {
  const size = `W: ${weights.shape.join(" x ")}`;
  const kept =
    map !== undefined && fresh ? `, this mask keeps ${percent(shareOf(map.kept, map.total))} of the whole` : "";
  const { row, column, height, width } = seen;
  const part = all ? "" : ` Seen: rows ${row} to ${row + height - 1}, columns ${column} to ${column + width - 1}.`;
  return `${size}${kept}.${part} Drag moves, the wheel zooms, a click chooses the tile.`;
}

/** Which part of the picture is the optimum, and which is not. */
function describeExactness({ shown }: Scene, state: MapState, seen: Region, seenSolved: boolean): string {
  const { exact, fresh } = state;
  if (shown !== "transposable" || !fresh) return "";
  if (exact === undefined || exact.blocks === exact.all) return "All blocks are optimal.";
  const solved = `${formatNumber(exact.blocks)} of ${formatNumber(exact.all)} blocks (${sharePercent(exact.blocks / exact.all)})`;
  const rest = `greedy-keep elsewhere`;
  if (seenSolved) return `What is seen is optimal; so far ${solved} are, ${rest}.`;
  const near = seen.width * seen.height <= exactLimit;
  if (near) return `Optimal: ${solved}; ${rest}. The optimum of what is seen is being computed.`;
  return `Optimal: ${solved}; ${rest}. Zoom in to ${formatNumber(exactLimit)} weights or fewer for the optimum of what is seen.`;
}

/** Returns address, value and verdict of one weight. */
export function describeWeight(scene: Scene, { map, fresh }: MapState, row: number, column: number): string {
  const edited = scene.edits.find(([r, c]) => r === row && c === column);
  const value = edited?.[2] ?? (scene.weights.data[row * (scene.weights.shape[1] as number) + column] as number);
  const verdict = map === undefined || !fresh ? "" : isKept(map, row, column) ? ", kept" : ", pruned";
  return `row ${row}, column ${column}: ${Number(value.toPrecision(5))}${verdict}`;
}

/** A share as per cent, in which a few of very many are not none. */
function sharePercent(share: number): string {
  return share > 0 && share < 0.0005 ? "under 0.1 %" : percent(share);
}

function shareOf(kept: number, total: number): number {
  return total === 0 ? 1 : kept / total;
}

function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}
