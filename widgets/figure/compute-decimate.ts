/** Fewer points that still show a figure's shape: what is saved, and drawn as a still picture, of a large one. */
import { isTensor, type Tensor, type TensorData } from "../../src/tensor/index.js";
import { type FigureTrace, mapTensors } from "./compute-values.js";

/** A trace with fewer points. */
export interface Decimated {
  readonly trace: FigureTrace;
  /** What of it there is, in words: "4,096 of 1,000,000 points". */
  readonly note: string;
}

/**
 * Returns a trace in which no array has more than `limit` numbers; undefined when none has more already. Of a line or of
 * bars, the lowest and the highest point of each of `limit / 2` stretches are kept, so that peaks stay; of anything else
 * every n-th point; of a matrix every n-th row and column. Arrays that belong together keep the same points; x and y that
 * were only counted are written out.
 * @example decimate({ y: Float32Array.from({ length: 1e6 }, Math.sin) }, 1000)?.note // "1,000 of 1,000,000 points"
 */
export function decimate(trace: FigureTrace, limit: number): Decimated | undefined {
  const sizes: number[] = [];
  mapTensors(trace, (tensor) => sizes.push(tensor.data.length));
  if (sizes.every((size) => size <= limit)) return undefined;
  return matrixOf(trace) === undefined ? thinned(trace, limit) : coarser(trace, limit);
}

function matrixOf(trace: FigureTrace): Tensor | undefined {
  return isTensor(trace.z) && trace.z.shape.length === 2 ? trace.z : undefined;
}

const words = (count: number): string => count.toLocaleString("en-GB");

function thinned(trace: FigureTrace, limit: number): Decimated {
  const length = mainLength(trace);
  const kept = extremes(trace, length, limit) ?? everyNth(length, Math.ceil(length / limit));
  const result = mapTensors(trace, (tensor) => {
    if (tensor.shape.length === 1 && tensor.data.length === length) return picked(tensor, kept);
    return tensor.data.length <= limit || tensor.shape.length !== 1
      ? tensor
      : picked(tensor, everyNth(tensor.data.length, Math.ceil(tensor.data.length / limit)));
  }) as FigureTrace;
  const lists = Object.entries(result).map(([name, value]) => [
    name,
    // Texts that belong to the points go with them.
    Array.isArray(value) && value.length === length && length > limit ? Array.from(kept, (i) => value[i]) : value,
  ]);
  const counted = isTensor(trace.y) && trace.x === undefined ? { x: counts(kept, trace.x0, trace.dx) } : {};
  const note = `${words(kept.length)} of ${words(length)} points`;
  return { trace: { ...Object.fromEntries(lists), ...counted }, note };
}

/** The length of the arrays that make up the points: the longest with one axis. */
function mainLength(trace: FigureTrace): number {
  let length = 0;
  mapTensors(trace, ({ shape, data }) => {
    if (shape.length === 1) length = Math.max(length, data.length);
  });
  return length;
}

/** The places of the lowest and highest y of each stretch, in order; undefined for what is no line and has no bars. */
function extremes(trace: FigureTrace, length: number, limit: number): Uint32Array | undefined {
  const { type = "scatter", y } = trace;
  if (!["scatter", "scattergl", "bar"].includes(type) || !isTensor(y) || y.data.length !== length) return undefined;
  const stretches = Math.max(1, Math.floor(limit / 2));
  const kept: number[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const [start, end] = [stretch, stretch + 1].map((i) => Math.floor((i * length) / stretches)) as [number, number];
    if (start === end) continue;
    let [low, high] = [start, start];
    for (let i = start; i < end; i++) {
      if ((y.data[i] as number) < (y.data[low] as number)) low = i;
      if ((y.data[i] as number) > (y.data[high] as number)) high = i;
    }
    kept.push(...new Set([Math.min(low, high), Math.max(low, high)]));
  }
  return Uint32Array.from(kept);
}

function everyNth(length: number, step: number): Uint32Array {
  return Uint32Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
}

/** Every n-th row and column of all matrices, and of the coordinates that go with them. */
function coarser(trace: FigureTrace, limit: number): Decimated {
  const z = matrixOf(trace) as Tensor;
  const [rows, columns] = z.shape as [number, number];
  const step = Math.ceil(Math.sqrt(z.data.length / limit));
  const [keptRows, keptColumns] = [everyNth(rows, step), everyNth(columns, step)];
  const result = mapTensors(trace, (tensor, path) => {
    const { shape } = tensor;
    if (shape.length === 2 && shape[0] === rows && shape[1] === columns) {
      return pickedMatrix(tensor, keptRows, keptColumns);
    }
    if (shape.length !== 1) return tensor;
    if (path === ".x" && shape[0] === columns) return picked(tensor, keptColumns);
    return path === ".y" && shape[0] === rows ? picked(tensor, keptRows) : tensor;
  }) as FigureTrace;
  const lists = Object.entries({ x: keptColumns, y: keptRows }).flatMap(([name, kept]) => {
    const list = trace[name];
    const whole = name === "x" ? columns : rows;
    return Array.isArray(list) && list.length === whole ? [[name, Array.from(kept, (i) => list[i])]] : [];
  });
  const counted = {
    ...(trace.x === undefined && { x: counts(keptColumns, trace.x0, trace.dx) }),
    ...(trace.y === undefined && { y: counts(keptRows, trace.y0, trace.dy) }),
  };
  const nth = step === 2 ? "2nd" : step === 3 ? "3rd" : `${step}th`;
  const note = `every ${nth} row and column of ${words(rows)} × ${words(columns)}`;
  return { trace: { ...result, ...Object.fromEntries(lists), ...counted }, note };
}

/** The coordinates of places that a trace only counts. */
function counts(kept: Uint32Array, first: unknown, step: unknown): Tensor {
  const [start, width] = [typeof first === "number" ? first : 0, typeof step === "number" ? step : 1];
  return { data: Float64Array.from(kept, (place) => start + place * width), shape: [kept.length], dtype: "float64" };
}

function picked({ data, dtype }: Tensor, kept: Uint32Array): Tensor {
  const result = new (data.constructor as new (size: number) => TensorData)(kept.length);
  for (let i = 0; i < kept.length; i++) result[i] = data[kept[i] as number] as number;
  return { data: result, shape: [kept.length], dtype } as Tensor;
}

function pickedMatrix({ data, shape, dtype }: Tensor, rows: Uint32Array, columns: Uint32Array): Tensor {
  const width = shape[1] as number;
  const result = new (data.constructor as new (size: number) => TensorData)(rows.length * columns.length);
  let place = 0;
  for (const row of rows) for (const column of columns) result[place++] = data[row * width + column] as number;
  return { data: result, shape: [rows.length, columns.length], dtype } as Tensor;
}
