import { fastRotate } from "./decompositions-fast.js";

/** Columns of a panel: what kernels hold at a time. */
export const panelColumns = 8;
/** Rotations that are put by before they are done. */
const mostRotations = 2 ** 16;

/** Rows in panels of 8 columns, each panel [rows, 8]: rotations of two rows stay within 8 columns for long. */
export interface Panels {
  readonly rows: number;
  readonly data: Float64Array;
}

/** Returns `columns` columns of rows that lie `stride` apart as panels, the last filled up with zeros. */
export function panelsOf(source: Float64Array, rows: number, columns: number, stride: number): Panels {
  const data = new Float64Array(Math.ceil(columns / panelColumns) * panelColumns * rows);
  for (let from = 0; from < columns; from += panelColumns) {
    const width = Math.min(panelColumns, columns - from);
    for (let row = 0; row < rows; row++) {
      const [to, start] = [from * rows + row * panelColumns, row * stride + from];
      for (let q = 0; q < width; q++) data[to + q] = source[start + q] as number;
    }
  }
  return { rows, data };
}

/** Copies a row of panels into `row`. */
export function rowOf({ rows, data }: Panels, index: number, row: Float64Array): void {
  for (let from = 0; from < row.length; from += panelColumns) {
    const [start, width] = [from * rows + index * panelColumns, Math.min(panelColumns, row.length - from)];
    for (let q = 0; q < width; q++) row[from + q] = data[start + q] as number;
  }
}

/** Chains of plane rotations that are to be done to the rows of panels, in the order given. */
export interface Rotations {
  /** Begins a chain at a row; each of its rotations goes on by `step` rows. */
  begin(row: number, step: number): void;
  /** Rotates row x, where the chain stands, and its next, y: x becomes s y + c x, and y, where it goes on, c y - s x. */
  add(cosine: number, sine: number): void;
  /** Does what was put by. */
  finish(): void;
}

/** Rotations put by: numbers by pairs, and of each chain its row, step and length. */
export interface Chains {
  readonly pairs: Float64Array;
  readonly spans: Int32Array;
}

/** Returns rotations of the rows of panels. */
export function rotationsOf(panels: Panels): Rotations {
  // Room for one chain at the least, which has fewer rotations than rows.
  const room = Math.max(mostRotations, panels.rows);
  const pairs = new Float64Array(2 * room);
  /** Row, step and first rotation of each chain. */
  const spans: number[] = [];
  let used = 0;
  const finish = (): void => {
    const lengths = spans.map((value, i) => (i % 3 === 2 ? (spans[i + 3] ?? used) - value : value));
    rotate(panels, { pairs: pairs.subarray(0, 2 * used), spans: Int32Array.from(lengths) });
    used = 0;
    spans.length = 0;
  };
  return {
    begin: (row, step) => {
      if (used + panels.rows > room) finish();
      spans.push(row, step, used);
    },
    add: (cosine, sine) => {
      pairs[2 * used] = cosine;
      pairs[2 * used + 1] = sine;
      used++;
    },
    finish,
  };
}

/** Does chains of rotations to the rows of panels, in place. */
export function rotate(panels: Panels, chains: Chains): void {
  if (chains.pairs.length === 0 || fastRotate(panels, chains)) return;
  const { rows, data } = panels;
  const length = rows * panelColumns;
  for (let from = 0; from < data.length; from += length) rotatePanel(data.subarray(from, from + length), chains);
}

function rotatePanel(panel: Float64Array, { pairs, spans }: Chains): void {
  let at = 0;
  for (let span = 0; span < spans.length; span += 3) {
    const step = (spans[span + 1] as number) * panelColumns;
    let x = (spans[span] as number) * panelColumns;
    for (const end = at + 2 * (spans[span + 2] as number); at < end; at += 2, x += step) {
      rotateRows(panel, x, x + step, pairs[at] as number, pairs[at + 1] as number);
    }
  }
}

function rotateRows(panel: Float64Array, x: number, y: number, cosine: number, sine: number): void {
  for (let q = 0; q < panelColumns; q++) {
    const [kept, next] = [panel[x + q] as number, panel[y + q] as number];
    panel[x + q] = sine * next + cosine * kept;
    panel[y + q] = cosine * next - sine * kept;
  }
}
