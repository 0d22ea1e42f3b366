/** The bars of the histogram: one for each value of a small format, one for each power of two elsewhere. */
import { type Settings, targetIn } from "./compute-chunks.js";
import { finiteValues, rangeOf, valuesOf } from "./compute-formats.js";
import { type Analysis, exponents } from "./compute-tally.js";
import { numberText, powerText } from "./snapshot-text.js";

/** One bar, in the unit of the scales; `low` < `high`, magnitudes with `folded`. */
export interface Bar {
  readonly kind: "inside" | "under" | "beyond";
  readonly low: number;
  readonly high: number;
  /** Values in it. */
  readonly count: number;
  readonly tip: string;
}

/** Returns the bars that hold values; `folded` puts negative values onto their magnitudes. */
export function barsOf(analysis: Analysis, settings: Settings, folded: boolean): Bar[] {
  const { under, inside, beyond } = analysis.binades;
  const { max } = rangeOf(targetIn(settings));
  const least = smallestKept(settings);
  return [
    ...binadeBars(under, "under", folded, [0, least]),
    ...(analysis.cells.length > 0
      ? cellBars(analysis.cells, settings, folded)
      : binadeBars(inside, "inside", folded, [0, max])),
    ...binadeBars(beyond, "beyond", folded, [max, Number.POSITIVE_INFINITY]),
  ];
}

/** The magnitude below which everything becomes 0; NaN in a format without 0. */
export function smallestKept(settings: Settings): number {
  const list = finiteValues(targetIn(settings).format);
  if (!list.includes(0)) return Number.NaN;
  const least = list.find((value) => value > 0) ?? 1;
  return settings.rounding === "nearest-even" || settings.rounding === "nearest-away" ? least / 2 : least;
}

/** Each value with the part of the axis that is rounded to it. */
function cellBars(cells: Float64Array, settings: Settings, folded: boolean): Bar[] {
  const { format, kind } = targetIn(settings);
  const counts = new Map<number, number>();
  for (const [code, value] of valuesOf(format).entries()) {
    const key = folded ? Math.abs(value) : value + 0;
    if (Number.isFinite(value)) counts.set(key, (counts.get(key) ?? 0) + (cells[code] as number));
  }
  const values = [...counts.keys()].sort((a, b) => a - b);
  const edge = (i: number): number => edgeOf(values[i - 1], values[i], settings.rounding === "toward-zero");
  const { min, max } = rangeOf({ kind, format, name: "" });
  return values.flatMap((value, i): Bar[] => {
    const count = counts.get(value) as number;
    // On a logarithmic axis there is no place for 0, and underflow has bars of its own.
    if (count === 0 || (folded && value === 0)) return [];
    const low = Math.max(edge(i), folded ? 0 : min);
    const high = Math.min(edge(i + 1), max);
    const name = folded && value !== 0 && format.signed ? `±${numberText(value)}` : numberText(value);
    return [{ kind: "inside", low, high, count, tip: `${name}: ${count} values` }];
  });
}

/** Where the values rounded to one of two neighbours end; half-way, for random rounding too. */
function edgeOf(below: number | undefined, above: number | undefined, truncates: boolean): number {
  if (below === undefined) return Number.NEGATIVE_INFINITY;
  if (above === undefined) return Number.POSITIVE_INFINITY;
  if (!truncates) return (below + above) / 2;
  return above <= 0 ? below : above;
}

function binadeBars(bins: Float64Array, kind: Bar["kind"], folded: boolean, clip: readonly [number, number]): Bar[] {
  const half = exponents.count;
  const bars: Bar[] = [];
  for (let i = 0; i < half; i++) {
    const [negative, positive] = [bins[i] as number, bins[half + i] as number];
    const power = i + exponents.low;
    const low = Math.max(clip[0], 2 ** power);
    const high = Math.min(clip[1] >= low ? clip[1] : Number.POSITIVE_INFINITY, 2 ** (power + 1));
    const words = `${powerText(power)} to ${powerText(power + 1)}`;
    const end = { inside: "", under: ", which become 0", beyond: ", beyond the range" }[kind];
    const bar = (count: number, from: number, to: number, sign: string): void => {
      if (count > 0) bars.push({ kind, low: from, high: to, count, tip: `${sign}${words}: ${count} values${end}` });
    };
    if (folded) bar(negative + positive, low, high, "magnitude ");
    else {
      bar(positive, low, high, "");
      bar(negative, -high, -low, "− ");
    }
  }
  return bars;
}
