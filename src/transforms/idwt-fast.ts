import { sizeOf } from "../tensor/shape.js";
import type { Tensor, TensorData } from "../tensor/types.js";
import { dwtKernels as module } from "../wasm/modules/dwt.generated.js";
import { wasmEnabled } from "../wasm/settings.js";
import { sweep } from "../wasm/sweep.js";
import { interleaved, type Quarters } from "./dwt-fast.js";
import type { BorderMode } from "./filter-bank.js";
import type { Wavelet } from "./wavelet.js";

/** Bytes of the result's part when images are too large to be brought whole. */
const stripBytes = 2 ** 19;

/** Puts images together by the kernels and returns whether it did. */
export function fastJoin2(quarters: Quarters, filters: Wavelet, mode: BorderMode, out: Tensor): boolean {
  if (!canJoin(out)) return false;
  const [rows, columns] = out.shape.slice(-2) as [number, number];
  const [halfRows, halfColumns] = quarters[0].shape.slice(-2) as [number, number];
  const entries = entriesOf(rows, halfRows, filters, mode, 4 * halfColumns);
  const line = lineOf(columns, halfColumns, filters, mode);
  const images = out.data.length / rows / columns;
  const inputs = quarters.map(({ data }) => data as Float32Array);
  const join = { filters, line, columns, halfColumns, entries };
  return joinPart(join, images, rows, inputs, out.data) || joinStrips(join, images, rows, inputs, out.data);
}

/** What all parts of images have in common. */
interface Join {
  readonly filters: Wavelet;
  readonly line: Line;
  readonly columns: number;
  readonly halfColumns: number;
  /** For each row what {@link entriesOf} says. */
  readonly entries: Int32Array;
}

function joinPart(
  { filters, line, columns, halfColumns, entries }: Join,
  units: number,
  rows: number,
  inputs: readonly Float32Array[],
  output: TensorData,
): boolean {
  const taps = filters.low.length;
  const halfSize = (inputs[0] as Float32Array).length / units;
  return sweep({
    module,
    kernel: "join2",
    units,
    inputs: inputs.map((data) => ({ data, per: halfSize })),
    outputs: [{ data: output, per: rows * columns }],
    tables: [interleaved(filters), entries, line.entries],
    work: 16 * halfColumns + 16,
    params: [taps, rows, columns, halfSize, halfColumns, ...line.params],
    nanoseconds: rows * columns * taps * 0.5,
  });
}

/** Images that are too large, some rows at a time, with the rows of the quarters that these need. */
function joinStrips(
  join: Join,
  images: number,
  rows: number,
  inputs: readonly Float32Array[],
  output: TensorData,
): boolean {
  const { filters, columns, halfColumns, entries } = join;
  const perRow = filters.low.length + 1;
  const most = Math.max(1, Math.floor(stripBytes / (4 * columns)));
  const size = (inputs[0] as Float32Array).length / images;
  for (let image = 0; image < images; image++) {
    for (let first = 0; first < rows; first += most) {
      const count = Math.min(most, rows - first);
      const strip = stripOf(entries.slice(first * perRow, (first + count) * perRow), perRow, 4 * halfColumns);
      const parts = inputs.map((data) => {
        const part = new Float32Array(strip.rows.length * halfColumns);
        strip.rows.forEach((row, i) => {
          const start = image * size + row * halfColumns;
          part.set(data.subarray(start, start + halfColumns), i * halfColumns);
        });
        return part;
      });
      const start = (image * rows + first) * columns;
      const rest = output.subarray(start, start + count * columns);
      if (!joinPart({ ...join, entries: strip.entries }, 1, count, parts, rest)) return false;
    }
  }
  return true;
}

/** Returns the rows that some entries name, and the entries when these rows alone follow each other. */
function stripOf(entries: Int32Array, perRow: number, step: number): { rows: number[]; entries: Int32Array } {
  const places = new Map<number, number>();
  for (let base = 0; base < entries.length; base += perRow) {
    for (let pair = 0; pair < (entries[base] as number); pair++) {
      const at = base + 1 + 2 * pair;
      const row = (entries[at] as number) / step;
      const place = places.get(row) ?? places.size;
      places.set(row, place);
      entries[at] = place * step;
    }
  }
  return { rows: [...places.keys()], entries };
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
interface Line {
  readonly entries: Int32Array;
  readonly params: readonly number[];
}

function lineOf(length: number, half: number, filters: Wavelet, mode: BorderMode): Line {
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
