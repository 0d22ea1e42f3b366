/** What the format did to the whole tensor, and other formats beside it. */
import { element, setAttributes, setText } from "../dom/elements.js";
import type { ComparedRow } from "./compute.js";
import { targetIn } from "./compute-chunks.js";
import { bitsPerValue, targetOf } from "./compute-formats.js";
import type { Report } from "./compute-tally.js";
import { formatText, numberText, roundText, shareText, sqnrText } from "./snapshot-text.js";
import type { FormatMicroscopeState } from "./state.js";
import type { Microscope, Result } from "./view-analysis.js";

/** The list of numbers. */
export function createNumbers(): { readonly element: HTMLElement; draw(result: Result): void } {
  const names = ["sqnr", "mse", "max-error", "beyond", "underflow", "exact", "values"] as const;
  const labels: Readonly<Record<(typeof names)[number], string>> = {
    sqnr: "Signal to noise (SQNR)",
    mse: "Mean squared error",
    "max-error": "Largest error",
    beyond: "Beyond the range",
    underflow: "Underflow to 0",
    exact: "Exact",
    values: "Values",
  };
  const cells = new Map(names.map((name) => [name, element("dd", { "data-number": name })]));
  const pairs = names.map((name) =>
    element("div", {}, element("dt", {}, labels[name]), cells.get(name) as HTMLElement),
  );
  const set = (name: (typeof names)[number], text: string): void => setText(cells.get(name) as HTMLElement, text);
  const about = element("p", { class: "lowbit-micro-about" });
  return {
    element: element("div", {}, about, element("dl", { class: "lowbit-micro-numbers" }, ...pairs)),
    draw({ analysis, settings }) {
      const { count, notFinite, lost } = analysis;
      setText(about, `${targetIn(settings).name}: ${formatText(settings)}.`);
      set("sqnr", sqnrText(analysis));
      set("mse", roundText(analysis.mse));
      set("max-error", roundText(analysis.maxError));
      set("beyond", `${shareText(analysis.beyond, count)}${lost > 0 ? `, ${lost} lost` : ""}`);
      set("underflow", shareText(analysis.underflowed, count));
      set("exact", shareText(analysis.exact, count));
      set("values", `${count}${notFinite > 0 ? `, ${notFinite} not finite` : ""}`);
    },
  };
}

/** The table of formats on the same tensor, the best signal to noise first. */
export function createComparison(change: (values: Partial<FormatMicroscopeState>) => void): {
  readonly element: HTMLElement;
  draw(microscope: Microscope, result: Result): void;
} {
  const heads = ["format", "bits", "SQNR", "beyond", "→ 0"];
  const body = element("tbody");
  const note = element("p", { class: "lowbit-micro-note", role: "status" });
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
  const table = element("table", { class: "lowbit-micro-compare" }, element("thead", {}, head), body);
  const rows = new Map<string, HTMLElement>();
  return {
    element: element(
      "section",
      { "aria-label": "formats compared" },
      element("h4", {}, "The same values in other formats"),
      table,
      note,
    ),
    draw(microscope, result) {
      const { name } = targetIn(result.settings);
      const { rows: compared, complete } = microscope.comparison;
      const own: ComparedRow = { ...result.analysis, name };
      const all = compared.some((row) => row.name === name) ? compared : [...compared, own];
      const sorted = [...all].sort((a, b) => rank(b) - rank(a));
      for (const [old, row] of rows) {
        if (!sorted.some((one) => one.name === old)) row.remove();
      }
      for (const [i, one] of sorted.entries()) {
        const row = rows.get(one.name) ?? createRow(one.name, change);
        rows.set(one.name, row);
        if (body.children[i] !== row) body.insertBefore(row, body.children[i] ?? null);
        drawRow(row, one, result, one.name === name);
      }
      setText(note, complete ? "Bits with the shared scales of blocks. A click chooses the format." : "Computing …");
    },
  };
}

/** Rows without a ratio come last. */
function rank({ sqnr }: Pick<Report, "sqnr">): number {
  return sqnr ?? Number.NEGATIVE_INFINITY;
}

function createRow(name: string, change: (values: Partial<FormatMicroscopeState>) => void): HTMLElement {
  const button = element("button", { type: "button" }, name);
  const row = element("tr", { "data-format": name }, element("th", { scope: "row" }, button));
  row.append(...Array.from({ length: 4 }, () => element("td")));
  row.addEventListener("click", () => {
    if (targetOf(name) !== undefined) change({ format: name });
  });
  return row;
}

function drawRow(row: HTMLElement, one: ComparedRow, { settings }: Result, chosen: boolean): void {
  const [name, bits, sqnr, beyond, under] = [...row.children] as [Element, Element, Element, Element, Element];
  setAttributes(row, { class: chosen ? "chosen" : undefined });
  setAttributes(name.children[0] as Element, { "aria-pressed": String(chosen) });
  const target = targetOf(one.name) ?? targetIn(settings);
  setText(bits, String(Number(bitsPerValue(target, settings.block).toFixed(2))));
  const decibels = one.sqnr === null ? "none" : numberText(Number(one.sqnr.toFixed(1)));
  setText(sqnr, one.sqnr === null || !Number.isFinite(one.sqnr) ? decibels : `${decibels} dB`);
  setText(beyond, shareText(one.beyond, one.count));
  setText(under, shareText(one.underflowed, one.count));
}
