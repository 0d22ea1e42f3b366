/** The values of a figure as both halves keep them: JSON, with every large array of numbers as a tensor. */
import { ValueError } from "../../src/errors.js";
import { type Dtype, isTensor, type Tensor, type TensorData } from "../../src/tensor/index.js";

/** One trace: Plotly's attributes, with arrays as lists, typed arrays or tensors. Default type: scatter. */
export interface FigureTrace {
  readonly type?: string;
  readonly [attribute: string]: unknown;
}

/** Lists of fewer numbers than this stay lists: ranges, domains, dashes. */
const smallList = 32;
const maxDepth = 32;

const dtypes: Readonly<Record<string, Dtype>> = {
  Int8Array: "int8",
  Uint8Array: "uint8",
  Uint8ClampedArray: "uint8",
  Int16Array: "int16",
  Uint16Array: "uint16",
  Int32Array: "int32",
  Uint32Array: "uint32",
  Float32Array: "float32",
  Float64Array: "float64",
};

/**
 * Returns a value as a figure keeps it: typed arrays and regular lists of 32 numbers or more become tensors, dates become
 * text, numbers that are not finite null. Tensors are kept as they are, without a copy.
 * @throws ValueError for what is neither JSON nor numbers, and for 33 levels
 * @example figureValue({ y: Float32Array.of(1, 2) }) // { y: { data: Float32Array.of(1, 2), shape: [2], dtype: "float32" } }
 */
export function figureValue(value: unknown, depth = 0): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (depth > maxDepth) throw new ValueError(`Figure: more than ${maxDepth} levels, expected fewer`);
  if (isTensor(value)) return value;
  if (ArrayBuffer.isView(value)) return fromTypedArray(value);
  if (Array.isArray(value)) return fromList(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === undefined) {
    throw new ValueError(`Figure: a ${typeof value}, expected JSON, typed arrays or tensors`);
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, figureValue(member, depth + 1)]));
}

function fromTypedArray(view: ArrayBufferView): Tensor {
  const tag = Object.prototype.toString.call(view).slice("[object ".length, -1);
  const dtype = dtypes[tag];
  if (dtype === undefined) throw new ValueError(`Figure: a ${tag}, expected numbers of at most 64 bits or a tensor`);
  // Clamped bytes are bytes.
  const data = tag === "Uint8ClampedArray" ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : view;
  return { data: data as TensorData, shape: [(data as TensorData).length], dtype };
}

function fromList(list: readonly unknown[], depth: number): unknown {
  const numbers = list.length >= smallList && list.every((item) => typeof item === "number");
  if (numbers) return { data: Float64Array.from(list as readonly number[]), shape: [list.length], dtype: "float64" };
  return fromRows(list) ?? list.map((item) => (item === undefined ? null : figureValue(item, depth + 1)));
}

/** Rows of as many numbers each, as one matrix. */
function fromRows(rows: readonly unknown[]): Tensor | undefined {
  const first = rows[0];
  const columns = Array.isArray(first) ? first.length : isVector(first) ? first.length : 0;
  if (columns === 0 || columns * rows.length < smallList) return undefined;
  const data = new Float64Array(rows.length * columns);
  for (const [i, row] of rows.entries()) {
    if (!(Array.isArray(row) || isVector(row)) || row.length !== columns) return undefined;
    for (let j = 0; j < columns; j++) {
      const number: unknown = row[j];
      if (typeof number !== "number") return undefined;
      data[i * columns + j] = number;
    }
  }
  return { data, shape: [rows.length, columns], dtype: "float64" };
}

function isVector(value: unknown): value is TensorData {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value).slice(8, -1) in dtypes;
}

/** Calls `visit` for every tensor in a value, at any depth; returns the value with what it returned in their places. */
export function mapTensors(value: unknown, visit: (tensor: Tensor, path: string) => unknown, path = ""): unknown {
  if (isTensor(value)) return visit(value, path);
  if (Array.isArray(value)) return value.map((item, i) => mapTensors(item, visit, `${path}[${i}]`));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, mapTensors(member, visit, `${path}.${name}`)]),
  );
}

/** Returns the value with tensors as Plotly takes them: typed arrays, matrices as lists of rows; nothing is copied. */
export function forPlotly(value: unknown): unknown {
  return mapTensors(value, ({ data, shape }) => rowsOf(data, shape, (row) => row));
}

/** Returns the value as JSON: tensors as lists of numbers, what is not finite as null. */
export function asJson(value: unknown): unknown {
  return mapTensors(value, ({ data, shape }) =>
    rowsOf(data, shape, (row) => Array.from(row, (x) => (Number.isFinite(x) ? x : null))),
  );
}

function rowsOf(data: TensorData, shape: readonly number[], last: (row: TensorData) => unknown): unknown {
  if (shape.length === 0) return data[0];
  if (shape.length === 1) return last(data);
  const [rows = 0, ...inner] = shape;
  const size = rows === 0 ? 0 : data.length / rows;
  return Array.from({ length: rows }, (_, i) => rowsOf(data.subarray(i * size, (i + 1) * size), inner, last));
}
