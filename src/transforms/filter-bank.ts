import { ValueError } from "../errors.js";
import type { Wavelet } from "./wavelet.js";

/** What stands beyond the ends of a signal, as PyWavelets names it. */
export type BorderMode = "symmetric" | "periodic" | "periodization";

/** Throws a ValueError unless the mode is one of the three. */
export function checkMode(caller: string, mode: BorderMode): BorderMode {
  if (mode !== "symmetric" && mode !== "periodic" && mode !== "periodization") {
    throw new ValueError(
      `${caller}: mode ${JSON.stringify(mode)}, expected "symmetric", "periodic" or "periodization"`,
    );
  }
  return mode;
}

/** Returns how many coefficients each half of a signal of `length` values has. */
export function halfLength(length: number, { low }: Wavelet, mode: BorderMode): number {
  return mode === "periodization" ? Math.ceil(length / 2) : Math.floor((length + low.length - 1) / 2);
}

/** Returns how many values two halves of `length` coefficients make, at most; may be below 1. */
export function fullLength(length: number, { low }: Wavelet, mode: BorderMode): number {
  return mode === "periodization" ? 2 * length : 2 * length - low.length + 2;
}

/** Fills the two halves: half[k] = Σ_j filter[j] x[start + 2k - j], j ascending, the signal extended as `mode` says. */
export function split(
  signal: Float64Array,
  [low, high]: readonly [Float64Array, Float64Array],
  filters: Wavelet,
  mode: BorderMode,
): void {
  const taps = filters.low.length;
  const start = mode === "periodization" ? taps / 2 : 1;
  for (let k = 0; k < low.length; k++) {
    let lowSum = 0;
    let highSum = 0;
    for (let j = 0; j < taps; j++) {
      const value = signal[extended(start + 2 * k - j, signal.length, mode)] as number;
      lowSum += (filters.low[j] as number) * value;
      highSum += (filters.high[j] as number) * value;
    }
    low[k] = lowSum;
    high[k] = highSum;
  }
}

/** Fills the signal by the transpose of {@link split}: signal[start + 2k - j] += filter[j] half[k], k and j ascending. */
export function join(
  [low, high]: readonly [Float64Array, Float64Array],
  signal: Float64Array,
  filters: Wavelet,
  mode: BorderMode,
): void {
  const taps = filters.low.length;
  const wraps = mode === "periodization";
  const start = wraps ? taps / 2 : 1;
  const period = 2 * low.length;
  signal.fill(0);
  for (let k = 0; k < low.length; k++) {
    for (let j = 0; j < taps; j++) {
      const place = start + 2 * k - j;
      const at = wraps ? modulo(place, period) : place;
      if (at < 0 || at >= signal.length) continue;
      const value = (filters.low[j] as number) * (low[k] as number) + (filters.high[j] as number) * (high[k] as number);
      signal[at] = (signal[at] as number) + value;
    }
  }
}

/** Returns where in a signal of `length` values the value at `place`, within or beyond its ends, is found. */
export function extended(place: number, length: number, mode: BorderMode): number {
  if (mode === "periodic") return modulo(place, length);
  if (mode === "periodization") return Math.min(modulo(place, length + (length % 2)), length - 1);
  const at = modulo(place, 2 * length);
  return at < length ? at : 2 * length - 1 - at;
}

function modulo(place: number, period: number): number {
  const rest = place % period;
  return rest < 0 ? rest + period : rest;
}
