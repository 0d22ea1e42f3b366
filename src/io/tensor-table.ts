import { type Displayable, displaySymbol } from "../display.js";
import { DtypeError, LowbitError, ValueError } from "../errors.js";
import { isTensor } from "../tensor/data.js";
import { sizeOf } from "../tensor/shape.js";
import type { Tensor, TensorData } from "../tensor/types.js";
import { showTensorTable } from "./tensor-table-show.js";

/** What values a tensor has. */
export interface ValueSummary {
  /** The smallest and the largest finite value; undefined when there is none. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** How many are 0 or -0, NaN, and infinite. */
  readonly zeros: number;
  readonly nan: number;
  readonly infinite: number;
}

/** One tensor of a {@link TensorTable}. */
export interface TensorSummary {
  readonly name: string;
  /** As the file names it. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly elements: number;
  /** Bytes of its values, as they are stored. */
  readonly bytes: number;
  /** Undefined when they were not read: `reason` says why. */
  readonly values: ValueSummary | undefined;
  readonly reason: string | undefined;
}

/** What is in a file of tensors. Shows itself as a table, as HTML and as plain text. */
export interface TensorTable extends Displayable {
  readonly rows: readonly TensorSummary[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly elements: number;
  readonly bytes: number;
}

/** Options of {@link tensorTable}. */
export interface TensorTableOptions {
  /** The most bytes of values that are read, in whole tensors; default 2^28. Of the others no range is given. */
  readonly maxBytes?: number;
  /** The most tensors that are shown; default 200. */
  readonly maxRows?: number;
}

/** An opened file, as far as a table needs it: `openSafetensors`, `openOnnx` and `load` return such. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, TensorPlace>;
  readonly metadata?: ReadonlyMap<string, string>;
  tensor(name: string): Tensor;
  part?(name: string, from: number, to: number): Tensor;
}

/** What a file says of a tensor. */
export interface TensorPlace {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** The first byte of its values and the one behind the last, or how many there are. */
  readonly begin?: number;
  readonly end?: number;
  readonly bytes?: number;
}

/** What is read at a time, where a file can be read in parts. */
const elementsAtOnce = 2 ** 17;

interface Row extends Omit<TensorSummary, "values" | "reason"> {
  readonly parts: () => Iterable<TensorData>;
}

/**
 * Returns what is in a file of tensors: of each its dtype, shape and size, the range of its finite values, and how many
 * are zero, NaN and infinite. Values are read part by part, tensors in their order, until `maxBytes` are used up: one
 * that is too long for the rest is passed over. What cannot be read says so in its row.
 * @param source an opened file, or tensors by name
 * @throws DtypeError for anything else; ValueError for negative options; FileFormatError when the files of a sharded
 *   model do not fit its index
 * @example tensorTable(openSafetensors(bytes), { maxBytes: Infinity }).rows[0].values?.max
 */
export function tensorTable(
  source: TensorFile | ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>,
  { maxBytes = 2 ** 28, maxRows = 200 }: TensorTableOptions = {},
): TensorTable {
  for (const [name, value] of Object.entries({ maxBytes, maxRows })) {
    if (!(value >= 0)) throw new ValueError(`tensorTable: ${name} = ${value}, expected a number >= 0`);
  }
  let left = maxBytes;
  const rows = rowsOf(source).map(({ parts, ...row }) => {
    if (row.bytes > left) return { ...row, values: undefined, reason: `beyond maxBytes = ${maxBytes}` };
    left -= row.bytes;
    return { ...row, ...summaryOf(parts) };
  });
  const table = {
    rows,
    metadata: isFile(source) && source.metadata ? source.metadata : new Map<string, string>(),
    elements: rows.reduce((total, { elements }) => total + elements, 0),
    bytes: rows.reduce((total, { bytes }) => total + bytes, 0),
  };
  return { ...table, [displaySymbol]: () => showTensorTable(table, maxRows) };
}

function isFile(source: unknown): source is TensorFile {
  const { tensor, tensors } = (source ?? {}) as Partial<TensorFile>;
  return typeof tensor === "function" && tensors instanceof Map;
}

function rowsOf(source: Parameters<typeof tensorTable>[0]): Row[] {
  if (isFile(source)) return [...source.tensors].map(([name, place]) => rowOfFile(source, name, place));
  if (typeof source !== "object" || source === null) {
    throw new DtypeError(`tensorTable: ${source}, expected an opened file, or tensors by name`);
  }
  const tensors = source instanceof Map ? [...source] : Object.entries(source as Readonly<Record<string, Tensor>>);
  return tensors.map(([name, tensor]) => {
    if (!isTensor(tensor)) throw new DtypeError(`tensorTable: ${name} is no tensor, expected tensors by name`);
    const { data, shape, dtype } = tensor;
    return { name, dtype, shape, elements: data.length, bytes: data.byteLength, parts: () => [data] };
  });
}

function rowOfFile(file: TensorFile, name: string, place: TensorPlace): Row {
  const { dtype, shape, begin = 0, end = 0, bytes = end - begin } = place;
  const elements = sizeOf(shape);
  const parts = function* (): Iterable<TensorData> {
    if (file.part === undefined) yield file.tensor(name).data;
    for (let from = 0; file.part !== undefined && from < elements; from += elementsAtOnce) {
      yield file.part(name, from, Math.min(from + elementsAtOnce, elements)).data;
    }
  };
  return { name, dtype, shape, elements, bytes, parts };
}

function summaryOf(parts: () => Iterable<TensorData>): Pick<TensorSummary, "values" | "reason"> {
  try {
    return { values: valuesOf(parts()), reason: undefined };
  } catch (error) {
    if (!(error instanceof LowbitError)) throw error;
    return { values: undefined, reason: error.message };
  }
}

function valuesOf(parts: Iterable<TensorData>): ValueSummary {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [zeros, nan, infinite] = [0, 0, 0];
  for (const data of parts) {
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number;
      if (value - value !== 0) {
        if (Number.isNaN(value)) nan++;
        else infinite++;
        continue;
      }
      if (value === 0) zeros++;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  const finite = min <= max;
  return { min: finite ? min + 0 : undefined, max: finite ? max + 0 : undefined, zeros, nan, infinite };
}
