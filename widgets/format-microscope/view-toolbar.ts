/** The controls above the pictures. */

import type { FloatFormat } from "../../src/dtypes/index.js";
import { floatFormat, type MxScaleRule, type Overflow, type Rounding } from "../../src/dtypes/index.js";
import { element, setOptions } from "../dom/elements.js";
import { scaleRules } from "./compute-blocks.js";
import { targetIn } from "./compute-chunks.js";
import { blockFormats, overflowOf, overflowsOf, singleFormats } from "./compute-formats.js";
import { type FormatMicroscopeState, roundings } from "./state.js";

type Change = (values: Partial<FormatMicroscopeState>) => void;

const custom = "custom";

/** Returns the toolbar; `change` is called with what is chosen. */
export function createToolbar(change: Change): {
  readonly element: HTMLElement;
  draw(state: FormatMicroscopeState): void;
} {
  const format = formatSelect();
  const split = createSplit(change);
  const rounding = select(roundings);
  const overflow = select<Overflow>(["saturate", "infinity-or-nan", "wrap"]);
  const scale = select<"none" | "absmax">(["none", "absmax"]);
  const rule = select<MxScaleRule>(scaleRules);
  const block = element("select");
  const axis = select<"log" | "linear">(["log", "linear"]);
  const seed = element("input", { type: "number", min: 0, step: 1, class: "lowbit-micro-number" });
  on(format, () => change({ format: format.value === custom ? customFormat(4, 3, "ieee") : format.value }));
  on(rounding, () => change({ rounding: rounding.value as Rounding }));
  on(overflow, () => change({ overflow: overflow.value as Overflow }));
  on(scale, () => change({ scale: scale.value as "none" | "absmax" }));
  on(rule, () => change({ scale_rule: rule.value as MxScaleRule }));
  on(block, () => change({ block: Number(block.value) }));
  on(axis, () => change({ axis: axis.value as "log" | "linear" }));
  on(seed, () => {
    const value = Number(seed.value);
    if (Number.isInteger(value) && value >= 0 && value <= 2 ** 31) change({ seed: value });
  });
  const labelled = {
    overflow: label("beyond the range", overflow),
    scale: label("scale of the tensor", scale),
    rule: label("scale rule", rule),
    block: label("block", block),
    seed: label("seed", seed),
  };
  const all = [
    label("format", format),
    split.element,
    label("rounding", rounding),
    ...Object.values(labelled),
    label("axis", axis),
  ];
  return {
    element: element("div", { class: "lowbit-explorer-toolbar", role: "group", "aria-label": "settings" }, ...all),
    draw(state) {
      const target = targetIn(state);
      const known = [...format.options].some(({ value }) => value === target.name);
      format.value = known ? target.name : custom;
      split.draw(target.format.kind === "float" && !known ? target.format : undefined);
      rounding.value = state.rounding;
      showOverflow(overflow, state);
      scale.value = state.scale;
      rule.value = state.scale_rule;
      axis.value = state.axis;
      if (document.activeElement !== seed) seed.value = String(state.seed);
      setOptions(
        block,
        [...new Set([4, 8, 16, 32, 64, 128, state.block])].sort((a, b) => a - b),
        state.block,
      );
      labelled.overflow.hidden = overflowsOf(target).length < 2;
      labelled.scale.hidden = target.kind !== "single";
      labelled.rule.hidden = labelled.block.hidden = target.kind !== "mx";
      labelled.seed.hidden = state.values !== null && state.rounding !== "stochastic";
    },
  };
}

function showOverflow(overflow: HTMLSelectElement, state: FormatMicroscopeState): void {
  const target = targetIn(state);
  const able = overflowsOf(target);
  for (const option of overflow.options) option.hidden = !able.includes(option.value as Overflow);
  overflow.value = overflowOf(target, state.overflow);
}

function on(control: HTMLElement, change: () => void): void {
  control.addEventListener("change", change);
}

function label(text: string, control: HTMLElement): HTMLLabelElement {
  // A name of its own, because that of a label would hold all options.
  control.setAttribute("aria-label", text);
  return element("label", {}, `${text} `, control);
}

function select<Value extends string>(values: readonly Value[]): HTMLSelectElement {
  return element("select", {}, ...values.map((value) => element("option", { value }, value)));
}

function formatSelect(): HTMLSelectElement {
  const group = (name: string, names: readonly string[]): HTMLElement =>
    element("optgroup", { label: name }, ...names.map((value) => element("option", { value }, value)));
  const named = (kind: "float" | "int"): string[] =>
    singleFormats.filter((one) => one.kind === kind).map(({ name }) => name);
  return element(
    "select",
    {},
    group(
      "Blocks with a shared scale",
      blockFormats.map(({ name }) => name),
    ),
    group("Floats", named("float")),
    group("Integers", named("int")),
    element("option", { value: custom }, "own split …"),
  );
}

/** A float format of one's own; what cannot be is not offered. */
function customFormat(exponent: number, mantissa: number, nan: FloatFormat["nan"]): FloatFormat {
  const able = exponent >= 2 && mantissa >= 1 ? nan : "none";
  const format = floatFormat({ exponent, mantissa, nan: able });
  // A name of its own, so that it stays an own split when it equals a known format.
  return { ...format, name: `own ${format.name}` };
}

/** Exponent and mantissa bits, and which codes are NaN. */
function createSplit(change: Change): { readonly element: HTMLElement; draw(format: FloatFormat | undefined): void } {
  const [exponent, mantissa] = [element("select"), element("select")];
  const nan = select<FloatFormat["nan"]>(["ieee", "all-ones", "negative-zero", "none"]);
  const read = (): void => {
    const [e, m] = [Number(exponent.value), Number(mantissa.value)];
    change({ format: customFormat(e, Math.min(m, 15 - e), nan.value as FloatFormat["nan"]) });
  };
  for (const control of [exponent, mantissa, nan]) on(control, read);
  const root = element(
    "span",
    { class: "lowbit-micro-split" },
    label("exponent bits", exponent),
    label("mantissa bits", mantissa),
    label("NaN codes", nan),
  );
  const count = (low: number, high: number): number[] => Array.from({ length: high - low + 1 }, (_, i) => low + i);
  return {
    element: root,
    draw(format) {
      root.hidden = format === undefined;
      if (format === undefined) return;
      setOptions(exponent, count(1, 8), format.exponent);
      setOptions(mantissa, count(0, Math.min(10, 15 - format.exponent)), format.mantissa);
      nan.value = format.nan;
    },
  };
}
