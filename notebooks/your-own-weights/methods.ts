/**
 * What `../your-own-weights.ipynb` compares: ways to store a layer, what they cost in bits, and what they do to it. A module
 * beside the notebook, and not cells, so that an exported page can run it without a kernel.
 */
import { dtypes, errors, io, linalg, quantization as q, random, sparsity, tensor } from "lowbit";

/** A matrix of a file: rows are outputs, columns inputs. */
export interface Layer {
  readonly name: string;
  readonly weights: tensor.Tensor<"float32">;
  /** As the file stores it. */
  readonly dtype: StoredDtype;
  /** How many rows the file has; `weights` may be the first of them. */
  readonly rows: number;
}

type Matrix = tensor.Tensor<"float32">;
/** The dtypes of layers. */
export type StoredDtype = "F32" | "BF16" | "F16";
/** A tensor as it is written. */
export type Stored = tensor.Tensor | io.SafetensorsCodes;
type Parts = Readonly<Record<string, Stored>>;

/** A way to store a layer: as tensors of a file, and back. */
export interface Method {
  readonly name: string;
  readonly label: string;
  readonly colour: string;
  /** Plotly's name of its mark. */
  readonly symbol: string;
  /** Throws a ShapeError when it does not fit the shape. */
  pack(weights: Matrix, dtype: StoredDtype): Parts;
  /** Returns the weights from the parts in a file, each called `prefix` and its own name. */
  unpack(file: io.SafetensorsFile, prefix: string, shape: readonly number[]): Matrix;
}

/** What one method does to one layer. */
export interface Comparison {
  readonly method: Method;
  /** All that is stored (codes, scales, masks), in bits per weight of the layer. */
  readonly bits: number;
  /** Signal to quantization noise of the weights, in decibels. */
  readonly sqnr: number;
  /** ‖W − Ŵ‖ / ‖W‖. */
  readonly error: number;
  /** ‖XWᵀ − XŴᵀ‖ / ‖XWᵀ‖ on the inputs of {@link inputs}. */
  readonly outputError: number;
}

const { bfloat16, float16, float4_e2m1fn, int4, uint1 } = dtypes;
const narrow = { BF16: bfloat16, F16: float16 } as const;

/** Returns values as a file stores them: rounded to the dtype. */
export function stored(values: tensor.Tensor<"float32" | "float64">, dtype: StoredDtype): Stored {
  if (dtype === "F32") return tensor.map(values, (x) => x, "float32");
  return { dtype, codes: dtypes.encode(narrow[dtype], values) };
}

// INT4: codes -7..7, two in a byte, with scales of 16 bits: bfloat16, whose range is float32's.

const granularities = {
  tensor: { per: "tensor" },
  channel: { per: "axis", axis: 0 },
  g128: { per: "group", group: 128 },
  g32: { per: "group", group: 32 },
} as const;

function packInt4(weights: Matrix, granularity: q.Granularity): Parts {
  const exact = q.chooseQparams(weights, { convention: q.intSymmetric(4), granularity });
  // Rounded first, so that the codes belong to the scales that are stored. None becomes 0.
  const rounded = dtypes.round(bfloat16, exact.scales);
  const scales = tensor.map(rounded, (scale) => Math.max(scale, 2 ** -126), "float64");
  const { data, shape } = q.quantize(weights, { ...exact, scales });
  const codes = { data: Uint8Array.from(data, (code) => code & 15), shape, dtype: "uint8" } as const;
  return { codes: dtypes.packCodes(int4, codes), scales: stored(scales, "BF16") };
}

function unpackInt4(
  file: io.SafetensorsFile,
  prefix: string,
  shape: readonly number[],
  granularity: q.Granularity,
): Matrix {
  const bytes = file.tensor(`${prefix}codes`) as tensor.Tensor<"uint8">;
  const { data } = dtypes.unpackCodes(int4, bytes, shape);
  // Four bits with a sign.
  const codes = { data: Int8Array.from(data, (code) => (code ^ 8) - 8), shape, dtype: "int8" } as const;
  const scales = tensor.map(file.tensor(`${prefix}scales`), (scale) => scale, "float64");
  const zeroPoints = tensor.zeros(scales.shape, "float64");
  const convention = q.intSymmetric(4);
  return q.dequantize(codes, { kind: "qparams", convention, granularity, scales, zeroPoints }, { dtype: "float32" });
}

function int4Method(name: string, label: string, colour: string, granularity: q.Granularity): Method {
  return {
    name,
    label,
    colour,
    symbol: "circle",
    pack: (weights) => packInt4(weights, granularity),
    unpack: (file, prefix, shape) => unpackInt4(file, prefix, shape, granularity),
  };
}

// Blocks with a shared scale: each part has a dtype of its own in .safetensors, where codes of F4 come in pairs.

function checkPairs({ shape }: Matrix): void {
  if (tensor.sizeOf(shape) % 2 === 0) return;
  throw new errors.ShapeError(`pack: shape [${shape.join(", ")}], expected an even number of codes of 4 bits`);
}

const mxfp4: Method = {
  name: "mxfp4",
  label: "MXFP4",
  colour: "#e8590c",
  symbol: "square",
  pack: (weights) => {
    checkPairs(weights);
    const { codes, scales } = dtypes.mxEncode(weights, { element: float4_e2m1fn, scaleRule: "floor" });
    return { codes: { dtype: "F4", codes }, scales: { dtype: "F8_E8M0", codes: scales } };
  },
  unpack: (file, prefix) => {
    const codes = file.codes(`${prefix}codes`) as tensor.Tensor<"uint8">;
    const scales = file.codes(`${prefix}scales`) as tensor.Tensor<"uint8">;
    return dtypes.mxDecode({ kind: "mx", element: float4_e2m1fn, block: 32, axis: 1, codes, scales });
  },
};

const nvfp4: Method = {
  name: "nvfp4",
  label: "NVFP4",
  colour: "#c2255c",
  symbol: "square",
  pack: (weights) => {
    checkPairs(weights);
    const { codes, scales, tensorScale } = dtypes.nvfp4Encode(weights);
    const tensor_scale = tensor.full([1], tensorScale, "float32");
    return { codes: { dtype: "F4", codes }, scales: { dtype: "F8_E4M3", codes: scales }, tensor_scale };
  },
  unpack: (file, prefix) => {
    const codes = file.codes(`${prefix}codes`) as tensor.Tensor<"uint8">;
    const scales = file.codes(`${prefix}scales`) as tensor.Tensor<"uint8">;
    const tensorScale = file.tensor(`${prefix}tensor_scale`).data[0] as number;
    return dtypes.nvfp4Decode({ kind: "nvfp4", block: 16, axis: 1, codes, scales, tensorScale });
  },
};

// Masks: a bit per weight, and the weights that it keeps, row after row.

/** The masks that are compared. */
export const masks = {
  "2:4": (weights: Matrix): tensor.Mask => sparsity.nmMask(weights, { keep: 2, group: 4 }),
  "4:8": (weights: Matrix): tensor.Mask => sparsity.transposableMask(weights, { keep: 4, group: 8 }),
};

/** Returns what a mask keeps: half of each row. */
function keep({ data, shape: [rows = 0, columns = 0] }: Matrix, mask: tensor.Mask): Matrix {
  return { data: data.filter((_, i) => mask.data[i] === 1), shape: [rows, columns / 2], dtype: "float32" };
}

/** Puts what was kept back to its places. */
function spread(kept: tensor.Tensor, file: io.SafetensorsFile, prefix: string, shape: readonly number[]): Matrix {
  const mask = dtypes.unpackCodes(uint1, file.tensor(`${prefix}mask`) as tensor.Tensor<"uint8">, shape);
  let next = 0;
  const data = Float32Array.from(mask.data, (bit) => (bit === 1 ? (kept.data[next++] as number) : 0));
  return { data, shape, dtype: "float32" };
}

const packMask = ({ data, shape }: tensor.Mask): Stored => dtypes.packCodes(uint1, { data, shape, dtype: "uint8" });

function maskMethod(
  { name, label, colour, symbol }: Pick<Method, "name" | "label" | "colour" | "symbol">,
  maskOf: (weights: Matrix) => tensor.Mask,
): Method {
  return {
    name,
    label,
    colour,
    symbol,
    pack: (weights, dtype) => {
      const mask = maskOf(weights);
      return { mask: packMask(mask), kept: stored(keep(weights, mask), dtype) };
    },
    unpack: (file, prefix, shape) => spread(file.tensor(`${prefix}kept`), file, prefix, shape),
  };
}

const sparseInt4: Method = {
  name: "2:4-int4-g32",
  label: "2:4, the kept in INT4, groups of 32",
  colour: "#7048e8",
  symbol: "star",
  pack: (weights) => {
    const mask = masks["2:4"](weights);
    return { mask: packMask(mask), ...packInt4(keep(weights, mask), granularities.g32) };
  },
  unpack: (file, prefix, shape) => {
    const [rows = 0, columns = 0] = shape;
    return spread(unpackInt4(file, prefix, [rows, columns / 2], granularities.g32), file, prefix, shape);
  },
};

/** All that is compared, in the order of the table. */
export const methods: readonly Method[] = [
  int4Method("int4", "INT4, one scale", "#74c0fc", granularities.tensor),
  int4Method("int4-channel", "INT4, a scale per row", "#339af0", granularities.channel),
  int4Method("int4-g128", "INT4, groups of 128", "#1c7ed6", granularities.g128),
  int4Method("int4-g32", "INT4, groups of 32", "#1864ab", granularities.g32),
  mxfp4,
  nvfp4,
  maskMethod({ name: "2:4", label: "2:4 mask", colour: "#2f9e44", symbol: "triangle-up" }, masks["2:4"]),
  maskMethod(
    { name: "4:8-transposable", label: "4:8 mask, transposable", colour: "#82c91e", symbol: "triangle-down" },
    masks["4:8"],
  ),
  sparseInt4,
];

/** Returns a method by name. */
export function methodNamed(name: string): Method {
  const found = methods.find((method) => method.name === name);
  if (found) return found;
  throw new errors.ValueError(
    `methodNamed: ${name}, expected one of ${methods.map((method) => method.name).join(", ")}`,
  );
}

/** Returns the names of what can be compared, matrices of F32, BF16 and F16, the largest first. */
export function layersOf({ tensors }: io.SafetensorsFile): string[] {
  const fits = ({ dtype, shape }: io.SafetensorsEntry): boolean =>
    /^(F32|BF16|F16)$/.test(dtype) && shape.length === 2 && shape.every((side) => side > 0);
  const found = [...tensors].filter(([, entry]) => fits(entry));
  found.sort(([, a], [, b]) => tensor.sizeOf(b.shape) - tensor.sizeOf(a.shape));
  return found.map(([name]) => name);
}

/** Reads a layer, or as many of its first rows as have `most` weights. */
export function readLayer(file: io.SafetensorsFile, name: string, most = Number.POSITIVE_INFINITY): Layer {
  const { shape, dtype } = file.tensors.get(name) ?? { shape: [], dtype: "" };
  const [rows = 0, columns = 1] = shape;
  // In eights, so that a mask which fits the layer fits the part.
  const taken = rows * columns <= most ? rows : Math.min(rows, 8 * Math.max(1, Math.floor(most / columns / 8)));
  const { data } = file.part(name, 0, taken * columns) as Matrix;
  return { name, dtype: dtype as StoredDtype, rows, weights: { data, shape: [taken, columns], dtype: "float32" } };
}

/** Returns `count` inputs, shape [count, columns]: normal, and one channel in 64 twenty times larger. */
export function inputs(key: random.Key, count: number, columns: number): Matrix {
  const [values, places] = random.split(key);
  const outliers = new Set(random.permutation(places, columns).data.slice(0, Math.ceil(columns / 64)));
  return tensor.map(random.normal(values, [count, columns]), (z, i) => (outliers.has(i % columns) ? 20 * z : z));
}

/** Stores a layer as a file in memory, reads it back, and measures what came. Throws when the method does not fit. */
export function compare({ weights, dtype }: Layer, method: Method, x: Matrix): Comparison {
  const file = io.openSafetensors(io.writeSafetensors(method.pack(weights, dtype)));
  const bytes = [...file.tensors.values()].reduce((sum, { begin, end }) => sum + end - begin, 0);
  const back = method.unpack(file, "", weights.shape);
  const through = (w: Matrix): Matrix => linalg.matmul(x, tensor.transpose(w));
  return {
    method,
    bits: (8 * bytes) / weights.data.length,
    sqnr: q.errorReport(weights, back).sqnr,
    error: relativeError(weights, back),
    outputError: relativeError(through(weights), through(back)),
  };
}

/** Returns ‖a − b‖ / ‖a‖: 0 for equal ones. */
export function relativeError(a: Matrix, b: Matrix): number {
  let [signal, noise] = [0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const [value, other] = [a.data[i] as number, b.data[i] as number];
    signal += value * value;
    noise += (value - other) * (value - other);
  }
  return noise === 0 ? 0 : Math.sqrt(noise / signal);
}
