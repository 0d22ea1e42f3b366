/** Products and decompositions of matrices. */
import { eigh, matmul, qr, svd } from "../../src/linalg/index.js";
import { signBits, xnorProduct } from "../../src/quantization/index.js";
import * as random from "../../src/random/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import * as tensor from "../../src/tensor/index.js";
import { fitKlt, type Klt, klt } from "../../src/transforms/index.js";
import type { CoreGroup, CoreKernel } from "../lib/core.js";

const libraries = ["numpy", "torch", "jax"];

export const matrix: CoreGroup = {
  name: "matrix",
  inputs: () => ({
    a: random.normal(random.key(1), [1024, 1024]),
    b: random.normal(random.key(2), [1024, 1024]),
    symmetric64: symmetric(64),
    symmetric256: symmetric(256),
    general64: random.normal(random.key(6), [64, 64], { dtype: "float64" }),
    general256: random.normal(random.key(7), [256, 256], { dtype: "float64" }),
    ...featureMaps(),
  }),
  kernels: ({ a, b, symmetric64, symmetric256, general64, general256, maps, mean, basis }) => [
    {
      ...{ name: "SGEMM", size: "1024×1024×1024", peers: libraries, tolerance: 1e-5, threads: [2] },
      prepare: ({ put, room }) => {
        const [left, right] = [put(a as Tensor<"float32">), put(b as Tensor<"float32">)];
        const out = room([1024, 1024], "float32");
        return { run: () => matmul(left, right, { out }), values: () => corners(out) };
      },
    },
    {
      ...{ name: "±1 GEMM, packing included", size: "1024×1024×1024", peers: ["numpy", "torch"], threads: [2] },
      prepare: ({ put }) => {
        const [left, right] = [put(a as Tensor<"float32">), put(b as Tensor<"float32">)];
        return {
          run: () => xnorProduct(signBits(left), signBits(right)),
          values: (product) => corners(product as Tensor),
        };
      },
    },
    decomposition("eigh", symmetric64 as Tensor<"float64">, (matrix) => eigh(matrix).values),
    decomposition("eigh", symmetric256 as Tensor<"float64">, (matrix) => eigh(matrix).values),
    decomposition("svd", general64 as Tensor<"float64">, (matrix) => svd(matrix).s),
    decomposition("svd", general256 as Tensor<"float64">, (matrix) => svd(matrix).s),
    decomposition("qr", general256 as Tensor<"float64">, (matrix) => qr(matrix).r),
    {
      ...{ name: "DGEMM", size: "256×256×256", peers: ["numpy"], tolerance: 1e-12, threads: [2] },
      prepare: ({ put, room }) => {
        const [left, right] = [put(general256 as Tensor<"float64">), put(symmetric256 as Tensor<"float64">)];
        const out = room([256, 256], "float64");
        return { run: () => matmul(left, right, { out }), values: () => corners(out).slice(0, -1) };
      },
    },
    {
      ...{ name: "KLT fit", size: "16×64×28×28", peers: ["numpy"], tolerance: 1e-4, places: ["streamed"] },
      prepare: () => ({
        run: () => fitKlt(maps as Tensor<"float32">),
        values: (fit) => [...(fit as ReturnType<typeof fitKlt>).variances.data],
      }),
    },
    {
      ...{ name: "KLT", size: "16×64×28×28", peers: ["numpy"], tolerance: 1e-4, threads: [2] },
      prepare: ({ put, room }) => {
        const transform = { mean, basis, variances: mean } as Klt;
        const [given, out] = [put(maps as Tensor<"float32">), room(maps?.shape ?? [], "float32")];
        return { run: () => klt(given, transform, { out }), values: () => corners(out).slice(0, -1) };
      },
    },
  ],
};

/** Feature maps, and the transform of their channels. */
function featureMaps(): Readonly<Record<"maps" | "mean" | "basis", Tensor>> {
  const maps = random.normal(random.key(5), [16, 64, 28, 28]);
  const { mean, basis } = fitKlt(maps);
  return { maps, mean, basis };
}

function decomposition(
  name: string,
  given: Tensor<"float64">,
  solve: (matrix: Tensor<"float64">) => Tensor<"float64">,
): CoreKernel {
  const side = given.shape[0];
  return {
    ...{
      name: `${name} ${side}`,
      size: `${side}×${side}`,
      peers: ["numpy", "scipy"],
      tolerance: 1e-10,
      places: ["streamed"],
    },
    prepare: () => ({ run: () => solve(given), values: (values) => [...(values as Tensor).data] }),
  };
}

function symmetric(side: number): Tensor<"float64"> {
  const half = random.normal(random.key(side), [side, side], { dtype: "float64" });
  return tensor.zip(half, tensor.transpose(half), (x, y) => x + y) as Tensor<"float64">;
}

/** Some elements and the sum: what a wrong order of rows or columns would change. */
function corners({ data, shape }: Tensor): readonly number[] {
  const columns = shape[1] as number;
  const places = [0, 1, columns - 1, columns, 7 * columns + 5, data.length - 1];
  return [...places.map((place) => data[place] as number), sumOf(data)];
}

function sumOf(data: Tensor["data"]): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] as number;
  return sum;
}
