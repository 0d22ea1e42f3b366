import { sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";
import { dwtKernels as module } from "../wasm/modules/dwt.generated.js";
import { wasmEnabled } from "../wasm/settings.js";
import { sweep } from "../wasm/sweep.js";
import { interleaved, type Quarters } from "./dwt-fast.js";
import type { BorderMode } from "./filter-bank.js";
import type { Wavelet } from "./wavelet.js";

/** Puts images together by the kernels and returns whether it did. */
export function fastJoin2(quarters: Quarters, filters: Wavelet, mode: BorderMode, out: Tensor): boolean {
  if (!canJoin(out)) return false;
  const [rows, columns] = out.shape.slice(-2) as [number, number];
  const [halfRows, halfColumns] = quarters[0].shape.slice(-2) as [number, number];
  const halfSize = halfRows * halfColumns;
  const taps = filters.low.length;
  const line = lineOf(columns, halfColumns, filters, mode);
  return sweep({
    module,
    kernel: "join2",
    units: out.data.length / rows / columns,
    inputs: quarters.map(({ data }) => ({ data, per: halfSize })),
    outputs: [{ data: out.data, per: rows * columns }],
    tables: [interleaved(filters), entriesOf(rows, halfRows, filters, mode, 4 * halfColumns), line.entries],
    work: 16 * halfColumns + 16,
    params: [taps, rows, columns, halfSize, halfColumns, ...line.params],
    nanoseconds: rows * columns * taps * 0.5,
  });
}

/** Puts halves along an axis together by the kernels and returns whether it did. */
export function fastJoin(
  halves: readonly [Tensor, Tensor],
  axis: number,
  filters: Wavelet,
  mode: BorderMode,
  out: Tensor,
): boolean {
  if (!canJoin(out)) return false;
  const length = out.shape[axis] as number;
  const half = halves[0].shape[axis] as number;
  const inner = sizeOf(out.shape.slice(axis + 1));
  const taps = filters.low.length;
  const task = {
    module,
    units: out.data.length / length / inner,
    inputs: halves.map(({ data }) => ({ data, per: half * inner })),
    outputs: [{ data: out.data, per: length * inner }],
    nanoseconds: length * inner * taps * 0.3,
  };
  if (inner > 1) {
    const tables = [interleaved(filters), entriesOf(length, half, filters, mode, 4 * inner)];
    const params = [taps, length, inner, half * inner];
    return sweep({ ...task, kernel: "joinDown", tables, work: 8 * inner + 16, params });
  }
  const line = lineOf(length, half, filters, mode);
  const tables = [interleaved(filters), line.entries];
  return sweep({
    ...task,
    kernel: "join1",
    tables,
    work: 16 * half + 16,
    params: [taps, length, half, ...line.params],
  });
}

function canJoin({ data }: Tensor): boolean {
  return data instanceof Float32Array && data.length > 0 && wasmEnabled();
}

/** Returns the start of places: tap j of coefficient k reaches start + 2k - j. */
const startOf = ({ low }: Wavelet, mode: BorderMode): number => (mode === "periodization" ? low.length / 2 : 1);

/**
 * Returns for each place how many pairs of coefficient k and tap j reach it, and these, in the order of plain code, k
 * ascending: k in steps of `step` bytes, j in steps of two float64.
 */
function entriesOf(length: number, half: number, filters: Wavelet, mode: BorderMode, step: number): Int32Array {
  const taps = filters.low.length;
  const start = startOf(filters, mode);
  const period = 2 * half;
  const entries = new Int32Array(length * (taps + 1));
  for (let k = 0; k < half; k++) {
    for (let j = 0; j < taps; j++) {
      const place = start + 2 * k - j;
      const at = mode === "periodization" ? ((place % period) + period) % period : place;
      if (at < 0 || at >= length) continue;
      const base = at * (taps + 1);
      const count = entries[base] as number;
      entries[base + 1 + 2 * count] = k * step;
      entries[base + 2 + 2 * count] = j * 16;
      entries[base] = count + 1;
    }
  }
  return entries;
}

/** What a kernel needs to join lines of float64: entries for the places near the ends, and where it goes without. */
function lineOf(
  length: number,
  half: number,
  filters: Wavelet,
  mode: BorderMode,
): { readonly entries: Int32Array; readonly params: readonly number[] } {
  const taps = filters.low.length;
  const start = startOf(filters, mode);
  // The first k that reaches places 2m and 2m + 1 is m + shift, with tap 0 or 1.
  const even = Math.ceil(-start / 2);
  const odd = Math.ceil((1 - start) / 2);
  const first = Math.max(0, -Math.min(even, odd));
  const last = Math.min(Math.floor(length / 2), half - taps / 2 - Math.max(even, odd) + 1);
  return {
    entries: entriesOf(length, half, filters, mode, 8),
    params: [first, Math.max(first, last), 8 * even, 8 * odd, 16 * (start + 2 * even), 16 * (start + 2 * odd - 1)],
  };
}
