import type { Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import type { KernelModule } from "../wasm/machine.js";
import { dgemmKernels } from "../wasm/modules/dgemm.generated.js";
import { gemmKernels } from "../wasm/modules/gemm.generated.js";
import { sweep } from "../wasm/sweep.js";

/** Products that are added up before they are added to the others. */
export const depth = 256;

/** A kernel: how many rows and columns it holds in registers, and how much it is given at a time. */
interface Product {
  readonly module: KernelModule;
  readonly kernel: string;
  readonly rowsAtOnce: number;
  readonly panel: number;
  /** Elements of the right matrix. */
  readonly mostElements: number;
  readonly View: Float32ArrayConstructor | Float64ArrayConstructor;
  /** Nanoseconds of one product. */
  readonly each: number;
}

const single: Product = {
  ...{ module: gemmKernels, kernel: "sgemm", rowsAtOnce: 6, panel: 8 },
  ...{ mostElements: 2 ** 20, View: Float32Array, each: 0.08 },
};
const double: Product = {
  ...{ module: dgemmKernels, kernel: "dgemm", rowsAtOnce: 4, panel: 4 },
  ...{ mostElements: 2 ** 19, View: Float64Array, each: 0.12 },
};

/** Multiplies matrices with the kernel, and returns whether it did: the right one goes in by strips of columns. */
export function fastMatmul(a: Tensor<Float>, b: Tensor<Float>, out: Tensor<Float>): boolean {
  const product = out.dtype === "float32" ? single : double;
  const [rows, columns] = out.shape as [number, number];
  const inner = a.shape[1] as number;
  const strip = Math.floor(product.mostElements / Math.max(1, inner) / product.panel) * product.panel;
  if (rows * columns === 0 || strip === 0) return false;
  const left = a.dtype === out.dtype ? a : { ...a, data: product.View.from(a.data), dtype: out.dtype };
  if (strip >= columns) return multiply(product, left, panelsOf(product, b, 0, columns), out);
  const part = new product.View(rows * strip);
  for (let from = 0; from < columns; from += strip) {
    const wide = Math.min(strip, columns - from);
    const target = { data: part.subarray(0, rows * wide), shape: [rows, wide], dtype: out.dtype } as Tensor<Float>;
    if (!multiply(product, left, panelsOf(product, b, from, wide), target)) return false;
    for (let row = 0; row < rows; row++) {
      out.data.set(part.subarray(row * wide, (row + 1) * wide), row * columns + from);
    }
  }
  return true;
}

function multiply(product: Product, a: Tensor<Float>, panels: Panels, { data, shape }: Tensor<Float>): boolean {
  const [rows, columns] = shape as [number, number];
  const inner = a.shape[1] as number;
  const { module, kernel, rowsAtOnce, panel, View, each } = product;
  return sweep({
    module,
    kernel,
    units: rows,
    inputs: [{ data: a.data, per: inner }],
    outputs: [{ data, per: columns }],
    tables: [panels],
    work: View.BYTES_PER_ELEMENT * rowsAtOnce * (depth + panel),
    params: [inner, columns],
    grain: rowsAtOnce,
    nanoseconds: inner * columns * each,
  });
}

type Panels = Float32Array | Float64Array;

/** Returns columns of a matrix in panels, each row by row; the last is filled up with zeros. */
function panelsOf({ panel, View }: Product, { data, shape }: Tensor<Float>, from: number, wide: number): Panels {
  const [inner, columns] = shape as [number, number];
  const panels = new View(Math.ceil(wide / panel) * panel * inner);
  for (let column = 0; column < wide; column += panel) {
    const width = Math.min(panel, wide - column);
    let to = column * inner;
    for (let k = 0; k < inner; k++, to += panel) {
      const start = k * columns + from + column;
      for (let j = 0; j < width; j++) panels[to + j] = data[start + j] as number;
    }
  }
  return panels;
}
