/**
 * What moves in `../your-own-weights.ipynb`: each function shows the chosen layer in one widget. They read and write nothing
 * but widgets, so an exported page runs them too; the bytes of the file are in the upload widget.
 */
import { errors, io, random, tensor } from "lowbit";
import type { Dropdown, Figure, FileUpload, FormatMicroscope, HTML, MaskViewer } from "lowbit/widgets";
import { type Comparison, compare, inputs, type Layer, layersOf, type Method, methods, readLayer } from "./methods";

/** Layers with more weights are compared by their first rows. */
export const mostCompared = 2 ** 18;
/** Which inputs the layers get. */
export const inputKey: random.Key = random.key(1);
/** What a page without a kernel can still save of the mask. */
const mostMasked = 2 ** 17;

/** The file on the disk, where it is too large for the widget. */
let onDisk: io.SafetensorsFile | undefined;

/** Compares a file that is on the disk, until one is dropped. */
export function useFile(file: io.SafetensorsFile): void {
  onDisk = file;
}

/** Returns the file that was dropped, or the one on the disk; undefined when there is neither. Throws for no such file. */
export function fileIn(upload: FileUpload): io.SafetensorsFile | undefined {
  const [given] = upload.value;
  return given ? io.openSafetensors(given.content) : onDisk;
}

/** Offers the layers of the file that was dropped. */
export function offerLayers({ upload, layer, note }: { upload: FileUpload; layer: Dropdown; note: HTML }): void {
  const problem = attempt(() => {
    const file = fileIn(upload);
    if (file === undefined)
      return "This page holds no weights: one of more than 1 MiB is not saved in it. Drop a file.";
    const names = layersOf(file);
    if (names.length === 0) return "No matrix of F32, BF16 or F16 is in this file.";
    // With the first one chosen, also where nothing was.
    if (names.join("\n") !== layer.options.join("\n")) layer.set({ options: names, index: 0 });
    return "";
  });
  const name = upload.value[0]?.name ?? "";
  const shown = problem === "" ? "" : `<b>${escaped(name)}</b> ${escaped(problem)}`;
  note.value = shown && `<span style="color: #c92a2a; padding: 0 12px; line-height: 1.4">${shown}</span>`;
}

/** Returns the chosen layer; undefined while the file is none, or another one. */
function chosen(upload: FileUpload, layer: Dropdown, most: number): Layer | undefined {
  const name = layer.value;
  let found: Layer | undefined;
  attempt(() => {
    const file = fileIn(upload);
    if (file && typeof name === "string" && layersOf(file).includes(name)) found = readLayer(file, name, most);
    return "";
  });
  return found;
}

/** Returns what `action` does, or what is wrong with the file. */
function attempt(action: () => string): string {
  try {
    return action();
  } catch (error) {
    if (error instanceof errors.LowbitError) return error.message;
    throw error;
  }
}

/** What a method did to the layer, or why it does not fit. */
type Outcome = Comparison | { readonly method: Method; readonly reason: string };

/** Compares the chosen layer: a table, and error against bits. */
export function showComparison(widgets: { upload: FileUpload; layer: Dropdown; table: HTML; chart: Figure }): void {
  const { upload, layer, table, chart } = widgets;
  const found = chosen(upload, layer, mostCompared);
  if (found === undefined) return;
  const x = inputs(inputKey, 64, found.weights.shape[1] as number);
  const outcomes = methods.map((method): Outcome => {
    let made: Comparison | undefined;
    const reason = attempt(() => {
      made = compare(found, method, x);
      return "";
    });
    return made ?? { method, reason };
  });
  table.value = tableOf(found, outcomes);
  chart.data = tracesOf(outcomes.filter(isComparison));
  chart.relayout({ "title.text": `Error against size: ${escaped(found.name)}` });
}

function isComparison(outcome: Outcome): outcome is Comparison {
  return !("reason" in outcome);
}

/** Names come from a file that anybody may have made. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const padded = "padding: 1px 12px; text-align:";

function rowOf(outcome: Outcome): string {
  const { label, colour } = outcome.method;
  const first = `<td style="${padded} left"><span style="color: ${colour}">&#9632;</span> ${label}</td>`;
  if (!isComparison(outcome)) {
    return `<tr>${first}<td colspan="4" style="${padded} left; opacity: 0.75">${escaped(outcome.reason)}</td></tr>`;
  }
  const { bits, sqnr, error, outputError } = outcome;
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const cells = [bits.toFixed(4), sqnr.toFixed(2), percent(error), percent(outputError)];
  return `<tr>${first}${cells.map((cell) => `<td style="${padded} right">${cell}</td>`).join("")}</tr>`;
}

function tableOf({ name, dtype, rows, weights: { shape } }: Layer, outcomes: readonly Outcome[]): string {
  const part = shape[0] === rows ? "" : `, its first ${shape[0]} rows`;
  const caption = `${escaped(name)}: ${rows} x ${shape[1]}, ${dtype}${part}`;
  const titles = ["bits per weight", "SQNR, dB", "error of weights", "error of outputs"];
  const head = titles.map((title) => `<th style="${padded} right">${title}</th>`).join("");
  return (
    `<table style="border-collapse: collapse; line-height: 1.5"><caption style="${padded} left"><b>${caption}</b></caption>` +
    `<thead><tr><th></th>${head}</tr></thead><tbody>${outcomes.map(rowOf).join("")}</tbody></table>`
  );
}

/** One trace per method: the weights' error, filled, and the outputs', hollow, at the same size. */
function tracesOf(comparisons: readonly Comparison[]): Record<string, unknown>[] {
  return comparisons.map(({ method: { label, colour, symbol }, bits, error, outputError }) => ({
    type: "scatter",
    mode: "lines+markers",
    name: label,
    x: [bits, bits],
    y: [100 * error, 100 * outputError],
    text: ["weights", "outputs"],
    hovertemplate: "%{fullData.name}<br>%{x:.4f} bits per weight<br>%{text}: %{y:.2f} %<extra></extra>",
    line: { color: colour, width: 1 },
    // Larger ones behind smaller ones, so that none hides another at the same place.
    marker: { color: colour, size: symbol === "circle" ? 13 : 9, symbol: [symbol, `${symbol}-open`] },
  }));
}

/** The layout of the picture. */
export const layout = {
  height: 440,
  margin: { t: 50, r: 20, b: 60 },
  xaxis: {
    title: { text: "bits per weight, with scales and masks (logarithmic)" },
    type: "log",
    tickvals: [3, 3.5, 4, 4.5, 5, 6, 8, 10, 12, 16, 20],
  },
  yaxis: { title: { text: "relative error, % (filled: weights, hollow: outputs)" }, rangemode: "tozero" },
  legend: { orientation: "v" },
};

/** Shows the masks of the chosen layer, or of as much of it as fits and the group divides. */
export function showMask({ upload, layer, viewer }: { upload: FileUpload; layer: Dropdown; viewer: MaskViewer }): void {
  const found = chosen(upload, layer, mostMasked);
  if (found === undefined) return;
  const { group } = viewer;
  const [rows = 0, columns = 0] = found.weights.shape.map((side) => group * Math.floor(Math.min(4096, side) / group));
  if (rows === 0 || columns === 0 || !found.weights.data.every(Number.isFinite)) return;
  viewer.weights = tensor.slice(found.weights, [0, rows], [0, columns]);
}

/** Puts the chosen layer under the microscope. */
export function showValues(widgets: { upload: FileUpload; layer: Dropdown; microscope: FormatMicroscope }): void {
  const found = chosen(widgets.upload, widgets.layer, mostCompared);
  // The most that a microscope takes: a row alone may be longer.
  if (found && found.weights.data.length <= 2 ** 22) widgets.microscope.values = found.weights;
}
