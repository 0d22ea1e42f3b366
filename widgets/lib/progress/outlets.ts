/** The places where progress is shown: a notebook's output, a terminal, plain lines. */
import { display, escapeHtml, type MimeBundle } from "../../../src/display.js";
import { randomId } from "../identity.js";
import { lineOf, type Outlet } from "./board.js";
import { describeReading, type ProgressReading } from "./meter.js";

/** A stream of text, as Node's `process.stderr` is one. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const smoothInterval = 100;
const sparseInterval = 10_000;

/**
 * Returns an outlet that keeps one output of the cell up to date; it is part of the notebook, so a saved one shows
 * the last state.
 * @param watched whether a person looks on; if not, updates are rare
 */
export function notebookOutlet(watched: boolean): Outlet {
  const displayId = `lowbit-progress-${randomId()}`;
  let update = false;
  return {
    interval: watched ? smoothInterval : sparseInterval,
    show: (bars) => {
      display(bundleOf(bars), { displayId, update, raw: true });
      update = true;
    },
  };
}

/** Returns an outlet for a stream: one line that is written over in a terminal, else a line now and then. */
export function streamOutlet(stream: TextStream): Outlet {
  if (stream.isTTY !== true) return lineOutlet(stream);
  return {
    interval: smoothInterval,
    show: (bars, ended) => {
      // One column is left free: a full line would wrap, and a wrapped line cannot be written over. A terminal that
      // does not know its width says 0.
      const width = Math.max(10, (stream.columns || 80) - 1);
      const size = barWidth(bars, width);
      const line = bars
        .map((bar) => lineOf(bar, size))
        .join(" | ")
        .slice(0, width);
      stream.write(`\r${line}\u001b[K${ended ? "\n" : ""}`);
    },
  };
}

/** About as many characters the numbers of a bar take, with what is between two bars. */
const numbersWidth = 44;

/** How wide each bar can be beside its numbers, which say more; the same for every drawing, so that nothing jumps. */
function barWidth(bars: readonly ProgressReading[], width: number): number {
  const words = bars.reduce((sum, { label }) => sum + label.length + numbersWidth, 0);
  const room = Math.floor((width - words) / bars.length);
  return room < 5 ? 0 : Math.min(20, room);
}

/** Lines for a log: none at the start, one every ten seconds, one at the end. */
function lineOutlet(stream: TextStream): Outlet {
  let first = true;
  return {
    interval: sparseInterval,
    show: (bars, ended) => {
      if (!first || ended) stream.write(`${bars.map(describeReading).join(" | ")}\n`);
      first = false;
    },
  };
}

/** Returns an outlet that shows nothing, for places without a stream. */
export function silentOutlet(): Outlet {
  return { interval: Number.POSITIVE_INFINITY, show: () => undefined };
}

function bundleOf(bars: readonly ProgressReading[]): MimeBundle {
  return {
    "text/html": `<div>${bars.map(barHtml).join("")}</div>`,
    "text/plain": bars.map((bar) => lineOf(bar)).join("\n"),
  };
}

const colours = {
  running: painted("--jp-brand-color1", "#1976d2"),
  done: painted("--jp-success-color1", "#2e7d32"),
  stopped: painted("--jp-warn-color1", "#b26a00"),
} as const;

/** A colour of the page; where variables are taken out, as in an exported page, the other. */
function painted(name: string, otherwise: string): string {
  return `background: ${otherwise}; background: var(${name}, ${otherwise})`;
}

/** A bar of two boxes: what colours a native progress element is left to the browser, and to what cleans the HTML. */
function barHtml(reading: ProgressReading): string {
  const { count, total, state } = reading;
  const text = escapeHtml(describeReading(reading));
  const percent = total === undefined ? undefined : total === 0 ? 100 : (100 * count) / total;
  const row = "display: flex; flex-wrap: wrap; align-items: center; gap: 2px 10px; margin: 2px 0";
  if (percent === undefined) return `<div style="${row}" data-state="${state}"><span>${text}</span></div>`;
  const box = "flex: none; width: 220px; max-width: 100%; height: 10px; border-radius: 5px; overflow: hidden";
  const track = `${box}; ${painted("--jp-layout-color3", "#dddddd")}`;
  const fill = `width: ${percent.toFixed(1)}%; height: 10px; ${colours[state]}`;
  const values = `aria-valuemin="0" aria-valuemax="${total}" aria-valuenow="${count}"`;
  return (
    `<div style="${row}" data-state="${state}">` +
    `<div role="progressbar" aria-label="${text}" ${values} style="${track}"><div style="${fill}"></div></div>` +
    `<span style="font-variant-numeric: tabular-nums">${text}</span></div>`
  );
}
