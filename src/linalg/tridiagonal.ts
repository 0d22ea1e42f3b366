import { fastTridiagonal } from "./decompositions-fast.js";
import { dot } from "./dot.js";
import { mirrorLast } from "./mirror.js";

/** A symmetric matrix in working memory. */
export interface Halved {
  readonly n: number;
  /** How far apart rows lie. */
  readonly stride: number;
  /** [n, stride]: what is below the diagonal, zeros elsewhere. */
  readonly below: Float64Array;
  /** [n] */
  readonly diagonal: Float64Array;
}

/** A tridiagonal matrix T and what makes the symmetric one of it: A = H_{n-1} … H_1 T H_1 … H_{n-1}. */
export interface Tridiagonal extends Halved {
  /** [n, stride]: row i begins with the i numbers of u_i, where H_i x = x - u_i (u_i·x); zeros elsewhere. */
  readonly below: Float64Array;
  /** [n]: element i stands beside elements i - 1 and i of the diagonal. */
  readonly beside: Float64Array;
}

/** Reduces a symmetric matrix, whose memory it uses, to tridiagonal form, from the last row upward. */
export function tridiagonal(matrix: Halved): Tridiagonal {
  const { n } = matrix;
  const result = { ...matrix, beside: new Float64Array(n) };
  if (fastTridiagonal(matrix, result.beside)) return result;
  const product = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) reduceRow(result, i, product);
  return result;
}

/** Reflects the leading i rows and columns so that row i has one number beside the diagonal. */
function reduceRow({ below, diagonal, beside, stride }: Tridiagonal, i: number, product: Float64Array): void {
  const u = below.subarray(i * stride, i * stride + i);
  beside[i] = mirrorLast(u, 0, i);
  if (u[i - 1] === 0) return;
  multiply({ below, diagonal, stride }, u, product);
  const half = dot(u, 0, product, 0, i) / 2;
  for (let t = 0; t < i; t++) product[t] = (product[t] as number) - half * (u[t] as number);
  for (let j = 0; j < i; j++) {
    const [x, y, row] = [u[j] as number, product[j] as number, j * stride];
    for (let t = 0; t < j; t++) {
      below[row + t] = (below[row + t] as number) - (x * (product[t] as number) + y * (u[t] as number));
    }
    diagonal[j] = (diagonal[j] as number) - 2 * (x * y);
  }
}

/** Writes the product of the leading part of the matrix and u. */
function multiply(
  { below, diagonal, stride }: Pick<Tridiagonal, "below" | "diagonal" | "stride">,
  u: Float64Array,
  product: Float64Array,
): void {
  for (let j = 0; j < u.length; j++) {
    const [x, row] = [u[j] as number, j * stride];
    product[j] = dot(below, row, u, 0, j) + (diagonal[j] as number) * x;
    for (let t = 0; t < j; t++) product[t] = (product[t] as number) + x * (below[row + t] as number);
  }
}
