import { sweepAlone } from "../wasm/alone.js";
import { decompositionsKernels as module } from "../wasm/modules/decompositions.generated.js";
import { type Sweep, sweep } from "../wasm/sweep.js";
import type { Bidiagonal } from "./bidiagonal.js";
import type { Mirrors } from "./reflect.js";
import type { Chains, Panels } from "./rotations.js";
import type { Grid, Triangular } from "./triangular.js";
import type { Halved } from "./tridiagonal.js";

/** Runs a sweep, in a memory of its own when it does not fit the scratch memory. */
function run(task: Sweep): boolean {
  return sweep(task) || sweepAlone(task);
}

/** Reduces with the kernel, and returns whether it did: only then the matrix and `beside` have changed. */
export function fastTridiagonal({ n, stride, below, diagonal }: Halved, beside: Float64Array): boolean {
  return run({
    module,
    kernel: "tridiagonal",
    units: 1,
    inputs: [
      { data: below, per: below.length },
      { data: diagonal, per: n },
    ],
    outputs: [
      { data: below, per: below.length },
      { data: diagonal, per: n },
      { data: beside, per: n },
    ],
    work: 8 * stride,
    params: [n, stride],
  });
}

/** Reduces with the kernel, and returns whether it did. */
export function fastBidiagonal(matrix: Grid, { lefts, rights, diagonal, beside }: Bidiagonal): boolean {
  const { rows, columns, stride, data } = matrix;
  return run({
    module,
    kernel: "bidiagonal",
    units: 1,
    inputs: [{ data, per: data.length }],
    outputs: [lefts.mirrors, rights.mirrors, diagonal, beside].map((each) => ({ data: each, per: each.length })),
    work: 8 * stride,
    params: [rows, columns, 8 * stride, 8 * lefts.stride],
  });
}

/** Reduces with the kernel, and returns whether it did: only then the matrix has changed. */
export function fastTriangular(matrix: Grid, { mirrors, diagonal }: Triangular): boolean {
  const { rows, columns, stride, data } = matrix;
  return run({
    module,
    kernel: "triangular",
    units: 1,
    inputs: [{ data, per: data.length }],
    outputs: [data, mirrors.mirrors, diagonal].map((each) => ({ data: each, per: each.length })),
    work: 8 * stride,
    params: [rows, columns, 8 * stride, 8 * mirrors.stride],
  });
}

/** Makes the rows with the kernel, eight to a unit, and returns whether it did. */
export function fastReflect(given: Mirrors, rows: number, units: Float64Array): boolean {
  const { mirrors, stride, count, offset } = given;
  return run({
    module,
    kernel: "reflect",
    units: Math.ceil(rows / 8),
    inputs: [],
    outputs: [{ data: units, per: 8 * stride }],
    tables: [mirrors],
    params: [rows, count, offset, stride],
    nanoseconds: 2 * count * (offset + count),
  });
}

/** Rotates with the kernel, and returns whether it did. */
export function fastRotate({ rows, data }: Panels, { pairs, spans }: Chains): boolean {
  const per = 8 * rows;
  return sweep({
    module,
    kernel: "rotate",
    units: data.length / per,
    inputs: [{ data, per }],
    outputs: [{ data, per }],
    tables: [pairs, spans],
    params: [rows, spans.length / 3],
    nanoseconds: 2 * pairs.length,
  });
}
