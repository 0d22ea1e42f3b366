/** Functions whose last bit is the same on every engine, and exact integer counts. */
export { binomial, factorial, log10 } from "./big.js";
export { erf, erfc, erfcx, normalCdf } from "./erf.js";
export { exp } from "./exp.js";
export { log } from "./log.js";
export { inverseErf, normalQuantile } from "./normal-quantile.js";
