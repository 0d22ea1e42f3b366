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
  // Room for one chain at the least, which has fewer rotations than rows; as a rule a matrix takes about n² rotations.
  const room = Math.max(panels.rows, Math.min(mostRotations, 2 * panels.rows * panels.rows));
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

function rotatePanel(panel: Float64Array, chains: Chains): void {
  let at = 0;
  const { spans } = chains;
  for (let span = 0; span < spans.length; span += 3) {
    const [row, step, length] = [spans[span] as number, spans[span + 1] as number, spans[span + 2] as number];
    const chain = chains.pairs.subarray(at, at + 2 * length);
    const start = row * panelColumns;
    for (let q = 0; q < panelColumns; q += 4) rotateFour(panel, start + q, step * panelColumns, chain);
    at += 2 * length;
  }
}

/** Rotates four columns: the row where the chain stands is held until the next one takes its place. */
function rotateFour(panel: Float64Array, start: number, step: number, chain: Float64Array): void {
  let x = start;
  let a = panel[x] as number;
  let b = panel[x + 1] as number;
  let c = panel[x + 2] as number;
  let d = panel[x + 3] as number;
  for (let at = 0; at < chain.length; at += 2) {
    const cosine = chain[at] as number;
    const sine = chain[at + 1] as number;
    const y = x + step;
    const nextA = panel[y] as number;
    const nextB = panel[y + 1] as number;
    const nextC = panel[y + 2] as number;
    const nextD = panel[y + 3] as number;
    panel[x] = sine * nextA + cosine * a;
    panel[x + 1] = sine * nextB + cosine * b;
    panel[x + 2] = sine * nextC + cosine * c;
    panel[x + 3] = sine * nextD + cosine * d;
    a = cosine * nextA - sine * a;
    b = cosine * nextB - sine * b;
    c = cosine * nextC - sine * c;
    d = cosine * nextD - sine * d;
    x = y;
  }
  panel[x] = a;
  panel[x + 1] = b;
  panel[x + 2] = c;
  panel[x + 3] = d;
}
