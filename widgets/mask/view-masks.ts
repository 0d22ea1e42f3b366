/** The comparison of masks: what each keeps, and in which directions it is valid. */
import { element, setAttributes, setText } from "../dom/elements.js";
import { type MaskKind, type MaskReport, maskKinds, maskNames, percent } from "./compute.js";
import type { Actions, Part } from "./view-scene.js";

interface Row {
  readonly element: HTMLElement;
  readonly radio: HTMLInputElement;
  readonly bar: HTMLElement;
  readonly kept: HTMLElement;
  readonly share: HTMLElement;
  readonly ofBound: HTMLElement;
  readonly entries: HTMLElement;
  readonly rows: HTMLElement;
  readonly columns: HTMLElement;
}

const headings = [
  ["Mask", "choose the one that is drawn"],
  ["Kept magnitude", "sum of |w| over the kept weights"],
  ["of all", "share of the sum over all weights"],
  ["of bound", "share of what the unstructured mask of this density keeps"],
  ["Weights", "how many are kept"],
  ["Rows", "valid when every group within a row keeps at most as many as allowed"],
  ["Columns", "valid when every group within a column keeps at most as many as allowed"],
] as const;
let instances = 0;

/** Returns the table of masks; choosing a row draws its mask. */
export function createMaskTable({ change }: Actions): Part {
  const name = `lowbit-mask-shown-${instances++}`;
  const rows = new Map(maskKinds.map((kind) => [kind, createRow(kind, name, () => change({ shown: kind }))]));
  const total = element("caption");
  const head = element(
    "tr",
    { role: "row" },
    ...headings.map(([text, title]) => element("th", { scope: "col", role: "columnheader", title }, text)),
  );
  const table = element(
    "table",
    // The roles are said again because a narrow view lays the table out as blocks, which would take them away.
    { class: "lowbit-mask-table", role: "table" },
    total,
    element("thead", { role: "rowgroup" }, head),
    element("tbody", { role: "rowgroup" }, ...[...rows.values()].map((row) => row.element)),
  );
  return {
    element: table,
    draw(scene) {
      const { analysis, tileShape, shown, transposed } = scene;
      const size = transposed ? [tileShape[1], tileShape[0]] : tileShape;
      setText(
        total,
        `Magnitude kept on these ${size.join(" x ")} weights (sum of |w| = ${formatMagnitude(analysis.total)})`,
      );
      const bound = analysis.masks[0]?.share ?? 1;
      for (const report of analysis.masks) {
        drawRow(rows.get(report.kind) as Row, report, { bound, shown: report.kind === shown, transposed });
      }
    },
  };
}

function createRow(kind: MaskKind, name: string, choose: () => void): Row {
  const radio = element("input", { type: "radio", name, value: kind });
  radio.addEventListener("change", () => {
    if (radio.checked) choose();
  });
  const bar = element("div", { class: "lowbit-mask-bar", "data-kind": kind });
  const cells = {
    kept: element("span", { class: "lowbit-mask-number" }),
    share: element("td", { role: "cell", "data-heading": "of all" }),
    ofBound: element("td", { role: "cell", "data-heading": "of bound" }),
    entries: element("td", { role: "cell", "data-heading": "weights" }),
    rows: element("span", { class: "lowbit-mask-light" }),
    columns: element("span", { class: "lowbit-mask-light" }),
  };
  const row = element(
    "tr",
    { role: "row" },
    element("th", { scope: "row", role: "rowheader" }, element("label", {}, radio, " ", maskNames[kind])),
    element(
      "td",
      { role: "cell", class: "lowbit-mask-kept" },
      element("div", { class: "lowbit-mask-track" }, bar),
      cells.kept,
    ),
    cells.share,
    cells.ofBound,
    cells.entries,
    element("td", { role: "cell", "data-heading": "rows" }, cells.rows),
    element("td", { role: "cell", "data-heading": "columns" }, cells.columns),
  );
  return { element: row, radio, bar, ...cells };
}

function drawRow(row: Row, report: MaskReport, view: { bound: number; shown: boolean; transposed: boolean }): void {
  row.radio.checked = view.shown;
  setAttributes(row.element, { class: view.shown ? "shown" : undefined });
  setAttributes(row.bar, { style: `width: ${(report.share * 100).toFixed(2)}%; --bound: ${view.bound}` });
  setText(row.kept, formatMagnitude(report.kept));
  setText(row.share, percent(report.share));
  setText(row.ofBound, percent(report.shareOfBound));
  setText(row.entries, String(report.entries));
  drawLight(row.rows, view.transposed ? report.validAlongColumns : report.validAlongRows);
  drawLight(row.columns, view.transposed ? report.validAlongRows : report.validAlongColumns);
}

function drawLight(light: HTMLElement, valid: boolean): void {
  setAttributes(light, { "data-valid": String(valid) });
  setText(light, valid ? "valid" : "no");
}

function formatMagnitude(value: number): string {
  return value >= 1e5 || (value > 0 && value < 1e-3) ? value.toExponential(2) : value.toFixed(value < 100 ? 2 : 1);
}
