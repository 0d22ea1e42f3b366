/**
 * Linear algebra over matrices: products and decompositions. Results are float64 and have the same bits on every engine.
 * @example import { linalg } from "lowbit"; linalg.eigh(linalg.matmul(X, tensor.transpose(X))).values
 */
export { cholesky } from "./cholesky.js";
export { eigh, type SymmetricEigen } from "./eigh.js";
export { matmul } from "./matmul.js";
export { type QrFactors, qr } from "./qr.js";
export { type Svd, svd } from "./svd.js";
