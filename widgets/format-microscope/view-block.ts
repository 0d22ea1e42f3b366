/** The block around the chosen value: its values, its scale step by step, and what the other rules would give. */
import { element, setAttributes, setText } from "../dom/elements.js";
import { type BlockInspection, inspectBlock, type RuleResult } from "./compute-blocks.js";
import { targetIn } from "./compute-chunks.js";
import type { Inspection } from "./compute-inspect.js";
import { wholePlace } from "./saved.js";
import { amaxText, ruleSteps, stepsOfNvfp4 } from "./snapshot-rules.js";
import { numberText, roundText } from "./snapshot-text.js";
import type { FormatMicroscopeState } from "./state.js";
import type { Result } from "./view-analysis.js";

/** What is shown of a block. */
export interface BlockShown {
  readonly result: Result;
  readonly found: Inspection;
}

interface Actions {
  readonly change: (values: Partial<FormatMicroscopeState>) => void;
  /** The place that is chosen now, which may not be drawn yet. */
  readonly read: () => number;
  readonly choose: (place: number) => void;
}

/** So many values of a block are shown. */
const most = 64;

/** The panel of a block; hidden for a format without blocks. */
export function createBlock({ change, read, choose }: Actions): {
  readonly element: HTMLElement;
  draw(shown: BlockShown): void;
} {
  const title = element("h4", { class: "lowbit-micro-title" });
  const grid = element("div", { class: "lowbit-micro-grid", role: "listbox", "aria-label": "values of the block" });
  const steps = element("ol", { class: "lowbit-micro-steps" });
  const rules = createRules((rule) => change({ scale_rule: rule }));
  const note = element("p", { class: "lowbit-micro-note" });
  const root = element(
    "section",
    { class: "lowbit-micro-block", "aria-label": "the block and its scale" },
    title,
    grid,
    steps,
    rules.element,
    note,
  );
  let shown: BlockShown | undefined;
  const place = (event: Event): number | undefined => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-place]") : null;
    return cell === null ? undefined : Number(cell.dataset.place);
  };
  grid.addEventListener("click", (event) => {
    const chosen = place(event);
    if (chosen !== undefined) choose(chosen);
  });
  grid.addEventListener("keydown", (event) => {
    const next = nextInGrid(event.key, read(), shown?.result.values.data.length ?? 0);
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
    requestAnimationFrame(() => grid.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  });
  return {
    element: root,
    draw(next) {
      shown = next;
      const { result, found } = next;
      const block = inspectBlock(result.values, result.settings, found.place);
      root.hidden = block === undefined;
      if (block === undefined) return;
      const first = wholePlace(result.values, block.start);
      setText(title, `The block: ${block.values.length} values from ${first}, ${amaxText(block)}`);
      drawGrid(grid, block, found.place);
      const nvfp4 = targetIn(result.settings).kind === "nvfp4";
      drawSteps(steps, nvfp4 ? stepsOfNvfp4(block) : ruleSteps(block, block.chosen));
      rules.element.hidden = nvfp4;
      if (!nvfp4) rules.draw(block);
      setText(note, nvfp4 ? "" : ruleNote);
    },
  };
}

const ruleNote =
  "floor is the OCP specification's rule: cheap, and what lies above the largest element saturates. ceil and rceil leave " +
  "room for all; rceil (NVIDIA's for MXFP8) takes the least such scale. even rounds the magnitude to the mantissa first.";

function nextInGrid(key: string, place: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 };
  const step = Object.hasOwn(steps, key) ? (steps[key] as number) : undefined;
  return step === undefined ? undefined : Math.min(count - 1, Math.max(0, place + step));
}

function drawGrid(grid: HTMLElement, block: BlockInspection, place: number): void {
  const size = block.values.length;
  const own = place - block.start;
  const first = size <= most ? 0 : Math.max(0, Math.min(size - most, own - most / 2));
  const count = Math.min(size, most);
  while (grid.children.length > count) grid.lastElementChild?.remove();
  while (grid.children.length < count) {
    grid.append(element("button", { type: "button", role: "option" }, element("span"), element("small")));
  }
  for (let i = 0; i < count; i++) {
    const at = first + i;
    drawCell(grid.children[i] as HTMLElement, block, at, at === own);
  }
}

function drawCell(cell: HTMLElement, block: BlockInspection, at: number, chosen: boolean): void {
  const value = block.values[at] as number;
  const result = block.chosen.decoded[at] as number;
  const kind = kindOf(block, value, result);
  const words = `${numberText(value)} becomes ${numberText(result)}${kind === "" ? "" : `: ${kind}`}`;
  const largest = at === block.amaxAt ? ", the largest magnitude" : "";
  setAttributes(cell, {
    class: `lowbit-micro-cell ${kind}${at === block.amaxAt ? " amax" : ""}`,
    "data-place": block.start + at,
    "data-tip": `${words}${largest}`,
    "aria-label": `value ${at}: ${words}${largest}`,
    "aria-selected": String(chosen),
    tabindex: chosen ? 0 : -1,
  });
  setText(cell.children[0] as Element, roundText(value));
  setText(cell.children[1] as Element, roundText(result));
}

function kindOf({ chosen, tensorScale, max }: BlockInspection, value: number, result: number): string {
  if (result === value) return "exact";
  if (result === 0) return "underflow";
  return Math.abs(value) > max * chosen.scale * tensorScale ? "saturated" : "";
}

function drawSteps(list: HTMLElement, steps: readonly string[]): void {
  while (list.children.length > steps.length) list.lastElementChild?.remove();
  for (const [i, step] of steps.entries()) {
    if (i >= list.children.length) list.append(element("li"));
    setText(list.children[i] as Element, step);
  }
}

/** The table of rules. */
function createRules(choose: (rule: FormatMicroscopeState["scale_rule"]) => void): {
  readonly element: HTMLElement;
  draw(block: BlockInspection): void;
} {
  const heads = ["rule", "scale", "largest ÷ scale", "largest becomes", "block's MSE"];
  const body = element("tbody");
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
  return {
    element: element("table", { class: "lowbit-micro-rules" }, element("thead", {}, head), body),
    draw(block) {
      while (body.children.length < block.results.length) body.append(createRule(choose));
      const best = Math.min(...block.results.map(({ mse }) => mse));
      for (const [i, one] of block.results.entries()) drawRule(body.children[i] as HTMLElement, block, one, best);
    },
  };
}

function createRule(choose: (rule: FormatMicroscopeState["scale_rule"]) => void): HTMLElement {
  const button = element("button", { type: "button" });
  button.addEventListener("click", () => choose(button.textContent as FormatMicroscopeState["scale_rule"]));
  const cells = Array.from({ length: 4 }, () => element("td"));
  return element("tr", {}, element("th", { scope: "row" }, button), ...cells);
}

function drawRule(row: HTMLElement, block: BlockInspection, one: RuleResult, best: number): void {
  const [name, scale, scaled, result, mse] = [...row.children] as [Element, Element, Element, Element, Element];
  setAttributes(row, {
    class: one === block.chosen ? "chosen" : undefined,
    "data-rule": one.rule ?? undefined,
  });
  setText(name.children[0] as Element, `${one.rule}`);
  setAttributes(name.children[0] as Element, { "aria-pressed": String(one === block.chosen) });
  setText(scale, numberText(one.scale));
  setText(scaled, `${numberText(one.scaled)}${one.saturates ? `, saturates at ${numberText(block.max)}` : ""}`);
  setText(result, numberText(one.result));
  setText(mse, `${roundText(one.mse)}${one.mse === best ? " (least)" : ""}`);
}
