/** Functions whose last bit is the same on every engine, and exact integer counts. */
export { binomial, factorial, log10 } from "./big.js";
export { cosPi, sinPi } from "./cos-pi.js";
export { erf, erfc, erfcx, normalCdf } from "./erf.js";
export { exp } from "./exp.js";
export { exp2 } from "./exp2.js";
export { gammaP, gammaQ } from "./incomplete-gamma.js";
export { type LambertWOptions, lambertW } from "./lambert-w.js";
export { log } from "./log.js";
export { log2 } from "./log2.js";
export { inverseErf, inverseErfc, normalQuantile } from "./normal-quantile.js";
