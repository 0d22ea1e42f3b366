/**
 * Neural gradients: how their magnitudes are distributed, the threshold that prunes a wanted share of them, what
 * pruning and a float format cost.
 * @example import { gradients } from "lowbit"; gradients.thresholdFor(0.85, gradients.lognormalFit(g))
 */
export { ksDistance } from "../stats/ks-distance.js";
export { cosineSimilarity } from "./cosine-similarity.js";
export { type ExpectedCosineOptions, expectedCosine } from "./expected-cosine.js";
export { expectedSparsity, sparsityAt } from "./expected-sparsity.js";
export { bestExponentBits, tabulatedExponentBits } from "./exponent-bits.js";
export { type FloatError, type FloatErrorOptions, floatError } from "./float-error.js";
export { laplaceFit } from "./laplace-fit.js";
export type { LaplaceLaw, LognormalLaw, MagnitudeLaw, NormalLaw } from "./law.js";
export { logMagnitudeQuantile } from "./log-magnitude-quantile.js";
export { lognormalFit } from "./lognormal-fit.js";
export { type LognormalSummary, type LognormalSummaryOptions, lognormalSummary } from "./lognormal-summary.js";
export { logMagnitudeCdf, magnitudeCdf } from "./magnitude-cdf.js";
export { logMagnitudeDensity, magnitudeDensity } from "./magnitude-density.js";
export { normalFit } from "./normal-fit.js";
export { type QqPoints, type QqPointsOptions, qqPoints } from "./qq-points.js";
export { sparsityOf } from "./sparsity-of.js";
export { stochasticPrune } from "./stochastic-prune.js";
export { type LognormalParameters, thresholdFor } from "./threshold-for.js";
