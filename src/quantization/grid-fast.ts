import type { RoundingOptions } from "../dtypes/options.js";
import type { Key } from "../random/threefry.js";
import type { Tensor } from "../tensor/types.js";
import { dequantizeKernels } from "../wasm/modules/dequantize.generated.js";
import { fakeQuantizeKernels } from "../wasm/modules/fake-quantize.generated.js";
import { floatDrawKernels } from "../wasm/modules/float-draw.generated.js";
import { valueRangeKernels } from "../wasm/modules/value-range.generated.js";
import { type Sweep, sweep } from "../wasm/sweep.js";
import type { Qparams } from "./choose-qparams.js";
import type { Blocks, Granularity } from "./granularity.js";
import { type GridLayout, gridLayout } from "./grid-layout.js";

const codeKinds = ["int8", "uint8", "int16", "uint16", "int32"] as const;
/** Nanoseconds per value. */
const cost = 0.6;

/**
 * Brings float32 values to the grid with the kernels, to the nearest level or at random, as values (`out` float32, the
 * values themselves perhaps) or as codes, and returns whether it did; it does not when a value is not finite. Checked
 * options are expected.
 */
export function fastQuantize(
  values: Tensor,
  qparams: Qparams,
  blocks: Blocks,
  options: RoundingOptions,
  out: Tensor,
): boolean {
  const { data, shape } = values;
  const { rounding = "nearest-even", key, offset = 0 } = options;
  if (!(data instanceof Float32Array) || offset + data.length > Number.MAX_SAFE_INTEGER) return false;
  const layout = gridLayout(shape, qparams.granularity, blocks);
  const draws = rounding === "stochastic";
  if (layout === undefined || !(rounding === "nearest-even" || (draws && layout.form !== "columns"))) return false;
  const { low, high } = qparams.convention;
  const code = codeKinds.indexOf(out.dtype as "int8");
  const kind = out.dtype === "float32" ? 0 : code < 2 ? 1 : code < 4 ? 2 : 3;
  const stream = draws ? { key: key as Key, offset } : undefined;
  const module = draws ? floatDrawKernels : fakeQuantizeKernels;
  return runGrid(layout, qparams, module, values, out, [low, high, kind], stream);
}

/** Rounds float32 values to multiples of `step` at random, and returns whether kernels did. */
export function fastMultiples(key: Key, data: ArrayLike<number>, step: number, out: ArrayLike<number>): boolean {
  if (!(data instanceof Float32Array && out instanceof Float32Array)) return false;
  return sweep({
    module: floatDrawKernels,
    kernel: "multiplesDraw",
    units: data.length,
    inputs: [{ data, per: 1 }],
    outputs: [{ data: out, per: 1 }],
    params: [key.high, key.low, 0, step],
    work: workBytes,
    grain: 32,
    nanoseconds: drawCost,
  });
}

/** What drawing kernels need: the words of 32 draws, and those of the key. */
const workBytes = 272;
const drawCost = 5;

/** The counters of random rounding. */
interface Stream {
  readonly key: Key;
  readonly offset: number;
}

/** Writes what codes stand for into a float32 tensor with the kernels, and returns whether it did. */
export function fastDequantize(codes: Tensor, qparams: Qparams, blocks: Blocks, out: Tensor): boolean {
  const kind = codeKinds.indexOf(codes.dtype as "int8");
  if (kind < 0 || out.dtype !== "float32") return false;
  const layout = gridLayout(codes.shape, qparams.granularity, blocks);
  if (layout === undefined || layout.form === "columns") return false;
  return runGrid(layout, qparams, dequantizeKernels, codes, out, [kind]);
}

/** Units of one sweep: so many scales find room beside the pieces. */
const mostScales = 2 ** 16;

function runGrid(
  { form, length, rows, units, blockOf }: GridLayout,
  { scales, zeroPoints }: Qparams,
  module: Sweep["module"],
  input: Tensor,
  out: Tensor,
  params: readonly number[],
  stream?: Stream,
): boolean {
  const { key, offset = 0 } = stream ?? {};
  const start = (first: number): number[] => (key === undefined ? [] : [key.high, key.low, offset + first]);
  const shape = { kernel: key === undefined ? form : `${form}Draw`, work: key === undefined ? 0 : workBytes };
  const nanoseconds = key === undefined ? cost : drawCost;
  if (form === "flat") {
    const [inputs, outputs] = [[{ data: input.data, per: 1 }], [{ data: out.data, per: 1 }]];
    const all = [...start(0), scales.data[0] as number, zeroPoints.data[0] as number, ...params];
    return sweep({ module, ...shape, units, inputs, outputs, params: all, grain: 16, nanoseconds });
  }
  const per = form === "runs" ? length : length * rows;
  const shared = form === "columns" && blockOf !== undefined;
  const each = form === "runs" ? 1 : length;
  const tables = [spread(scales, blockOf), spread(zeroPoints, blockOf)];
  const some = shared ? units : Math.max(1, Math.floor(mostScales / each));
  for (let first = 0; first < units; first += some) {
    const count = Math.min(some, units - first);
    const part = ({ data }: Tensor): Sweep["inputs"] => [
      { data: data.subarray(first * per, (first + count) * per), per },
    ];
    const done = sweep({
      module,
      ...shape,
      units: count,
      inputs: part(input),
      outputs: part(out),
      tables: shared ? tables : tables.map((table) => table.subarray(first * each, (first + count) * each)),
      params: [...start(first * per), ...(form === "runs" ? [length] : [length, rows, shared ? 0 : length]), ...params],
      nanoseconds: nanoseconds * per,
    });
    if (!done) return false;
  }
  return true;
}

/** Returns one number per run or column. */
function spread({ data }: Tensor, blockOf: Int32Array | undefined): Float64Array {
  if (blockOf === undefined) return data instanceof Float64Array ? data : Float64Array.from(data);
  const spreadOut = new Float64Array(blockOf.length);
  for (let i = 0; i < blockOf.length; i++) spreadOut[i] = data[blockOf[i] as number] as number;
  return spreadOut;
}

/** Whether all values are finite; undefined where no kernel says it. */
export function fastFinite({ data }: Tensor): boolean | undefined {
  if (!(data instanceof Float32Array)) return undefined;
  const inputs = [{ data, per: 1 }];
  const task = { module: valueRangeKernels, kernel: "finite", units: data.length, inputs, outputs: [], grain: 16 };
  return sweep({ ...task, nanoseconds: 0.2 }) ? true : undefined;
}

/** The smallest and the largest value of each block. */
export interface Ranges {
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

/** Runs of a tensor that is one block. */
const chunk = 4096;
/** Ends of one sweep: each thread has room for them. */
const mostEnds = 2 ** 14;

/** Returns the ends of each block of float32 values, or undefined: no kernel, or a value that is not finite. */
export function fastRanges({ data, shape }: Tensor, granularity: Granularity, blocks: Blocks): Ranges | undefined {
  if (!(data instanceof Float32Array)) return undefined;
  const layout = gridLayout(shape, granularity, blocks);
  if (layout === undefined) return undefined;
  const lows = new Float64Array(blocks.count).fill(Number.POSITIVE_INFINITY);
  const highs = new Float64Array(blocks.count).fill(Number.NEGATIVE_INFINITY);
  const into = { lows, highs };
  const { form, length, rows, units, blockOf } = layout;
  if (form !== "flat") return addEnds(into, form, data, units, length, rows, blockOf) ? into : undefined;
  const whole = data.length - (data.length % chunk);
  const one = new Int32Array(Math.max(whole / chunk, 1));
  const most = addEnds(into, "runs", data.subarray(0, whole), whole / chunk, chunk, 1, one);
  const rest = data.subarray(whole);
  return most && addEnds(into, "runs", rest, Math.min(rest.length, 1), rest.length, 1, one) ? into : undefined;
}

/** Widens the ranges of blocks by those of runs or columns, and returns whether kernels did. */
function addEnds(
  { lows, highs }: Ranges,
  form: "runs" | "columns",
  data: Float32Array,
  units: number,
  length: number,
  rows: number,
  blockOf: Int32Array | undefined,
): boolean {
  const each = form === "runs" ? 1 : length;
  const per = length * rows;
  const some = Math.max(1, Math.floor(mostEnds / each));
  for (let first = 0; first < units; first += some) {
    const count = Math.min(some, units - first);
    // Every unit adds to places of its own alone, so that no sum is rounded.
    const sums = [new Float64Array(count * each), new Float64Array(count * each)] as const;
    const done = sweep({
      module: valueRangeKernels,
      kernel: form === "runs" ? "ranges" : "columnRanges",
      units: count,
      inputs: [{ data: data.subarray(first * per, (first + count) * per), per }],
      outputs: [],
      sums,
      params: form === "runs" ? [length] : [length, rows],
      nanoseconds: 0.25 * per,
    });
    if (!done) return false;
    for (let i = 0; i < count * each; i++) {
      const at = form === "columns" && blockOf !== undefined ? i % length : first * each + i;
      const block = blockOf === undefined ? at : (blockOf[at] as number);
      if ((sums[0][i] as number) < (lows[block] as number)) lows[block] = sums[0][i] as number;
      if ((sums[1][i] as number) > (highs[block] as number)) highs[block] = sums[1][i] as number;
    }
  }
  return true;
}
