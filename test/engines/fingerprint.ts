/** Results whose bits must not depend on the engine, as text. Runs in Node and in a browser. */

import { evaluateClaim } from "../../src/claims.js";
import * as coding from "../../src/coding/index.js";
import { bfloat16, float4_e2m1fn, float8_e4m3fn, round } from "../../src/dtypes/index.js";
import * as gradients from "../../src/gradients/index.js";
import * as linalg from "../../src/linalg/index.js";
import {
  cosPi,
  erf,
  erfc,
  erfcx,
  exp,
  exp2,
  gammaP,
  gammaQ,
  inverseErf,
  inverseErfc,
  lambertW,
  log,
  log2,
  normalCdf,
  normalQuantile,
  sinPi,
} from "../../src/math/index.js";
import { approximationRatios, paper, retainedShares } from "../../src/papers/hubara2021-transposable-mask.js";
import * as quantization from "../../src/quantization/index.js";
import { integers, key, normal, permutation, uniform } from "../../src/random/index.js";
import { nmMask, solveTransposableMask, transposableMask } from "../../src/sparsity/index.js";
import * as stats from "../../src/stats/index.js";
import { reshape, type Tensor, transpose } from "../../src/tensor/index.js";
import * as transforms from "../../src/transforms/index.js";
import * as wasm from "../../src/wasm/index.js";

const scales = [1e-300, 1e-30, 1e-9, 0.001, 0.5, 1, 2, 1e5, 1e30, 1e300];

/** Returns whether the engine runs the WebAssembly kernels. */
export function hasKernels(): boolean {
  return wasm.configure({ enabled: true }).enabled;
}

/**
 * Returns named results: numbers as the hexadecimal digits of their bits.
 * @param enabled whether primitives use the kernels
 */
export function fingerprint(enabled: boolean): Record<string, string> {
  wasm.configure({ enabled });
  try {
    return results();
  } finally {
    wasm.configure();
  }
}

function results(): Record<string, string> {
  // Inputs are made of + and * alone: `**` differs between engines.
  const grid = Float64Array.from({ length: 4000 }, (_, i) => (i + 0.5) / 4000);
  const w = normal(key(2021), [64, 96]);
  const { mask, kept, rowPotentials, columnPotentials } = solveTransposableMask(w, { keep: 4, group: 8 });
  const laws = [gradients.lognormalFit(w), gradients.normalFit(w), gradients.laplaceFit(w)];
  const symbols = Int16Array.from(normal(key(8), [70_000]).data, (x) => Math.round(5 * x));
  const streams = [
    coding.huffmanEncode(symbols, { maxLength: 9 }),
    coding.ransEncode(symbols),
    coding.ransAdaptiveEncode(symbols),
    coding.expGolombEncode(symbols),
    coding.eliasGammaEncode(symbols),
    coding.eliasDeltaEncode(symbols),
    coding.zeroRunsEncode(symbols),
  ].map((coded) => coding.writeStream(coded));
  const thresholds = laws.map((law) => gradients.thresholdFor(0.85, law));
  const convention = quantization.intSymmetric(4);
  const clips = [1.5, 2, 3].map((p) => quantization.lpClip(w, { convention, p, candidates: 32 }));
  const qparams = quantization.chooseQparams(w, { convention: quantization.intAffine(3), clip: clips[0] as number });
  const quantized = quantization.fakeQuantize(w, qparams);
  const optima = (["normal", "laplace"] as const).flatMap((kind) => {
    const law = kind === "normal" ? { kind, std: 1 } : { kind, scale: 1 };
    return [
      quantization.aciqClip(law, { bins: 16 }),
      quantization.optimalClip(law, { convention, p: 2.5 }),
      quantization.uniformOptimum(law, { levels: 15 }).entropy,
      ...quantization.lloydMax(law, { levels: 64 }).levels.data,
    ];
  });
  const gram = linalg.matmul(w, transpose(w));
  const maps = reshape(w, [2, 8, 16, 24]);
  const principal = transforms.fitKlt(maps);
  const edges = transforms.atrous2(w);
  return {
    streams: streams.map(hex).join(" "),
    entropies: hex(grid.map((x) => coding.entropy([x, 1 - x, 0.1, 3 * x]))),
    waterFilling: hex(coding.reverseWaterFilling(grid, { rate: 3000 }).rates.data),
    codingGain: hex(Float64Array.of(coding.codingGain(grid))),
    ecsqGaps: JSON.stringify([0.03, 0.4, 1.7, 6].map((step) => coding.ecsqGap(step))),
    quantized: hex(quantized.data),
    errorReport: JSON.stringify(quantization.errorReport(w, quantized)),
    clips: hex(Float64Array.of(...clips, quantization.klClip(w, { bins: 401, levels: 15 }))),
    optima: hex(Float64Array.from(optima)),
    codebook: hex(quantization.kMeansCodebook(w, { levels: 8 }).data),
    laws: JSON.stringify(laws),
    thresholds: hex(Float64Array.from(thresholds)),
    pruned: hex(gradients.stochasticPrune(key(9), w, thresholds[0] as number).data),
    cosines: hex(grid.map((x) => gradients.expectedCosine(50 * x, 5 * x))),
    distances: hex(
      Float64Array.from(laws, (law) =>
        gradients.ksDistance(gradients.stochasticPrune(key(9), w, 0), (x) => gradients.magnitudeCdf(law, x)),
      ),
    ),
    floatErrors: hex(grid.map((x) => gradients.floatError({ exponent: 4, mantissa: 3, sigma: 20 * x }).total)),
    eigen: records(linalg.eigh(gram)),
    cholesky: hex(linalg.cholesky(gram).data),
    qr: records(linalg.qr(w)),
    svd: records(linalg.svd(w)),
    wavelets: records(transforms.dwt2(w, "db7")) + records(transforms.dwt(w, "db3", { mode: "periodization" })),
    cosine: hex(transforms.dctn(w).data) + hex(transforms.idct(w, { axis: 0 }).data),
    klt: records(principal) + hex(transforms.klt(maps, principal).data) + coding.codingGain(principal.variances),
    edges: records(
      transforms.modulusMaxima(edges.horizontal[2] as Tensor<"float64">, edges.vertical[2] as Tensor<"float64">),
    ),
    log: hex(grid.map((x, i) => log(x * (scales[i % scales.length] as number)))),
    log2: hex(grid.map((x, i) => log2(x * (scales[i % scales.length] as number)))),
    exp2: hex(grid.map((x) => exp2(2100 * (x - 0.52)))),
    gammaP: hex(grid.map((x, i) => gammaP(0.1 + (i % 50), 60 * x))),
    gammaQ: hex(grid.map((x, i) => gammaQ(0.1 + (i % 50), 60 * x))),
    inverseErf: hex(grid.map((x) => inverseErf(2 * x - 1))),
    inverseErfc: hex(grid.map((x) => inverseErfc(2 * x * x * x * x))),
    lambertW: hex(Float64Array.from(scales.flatMap((scale) => Array.from(grid, (x) => lambertW(scale * x))))),
    lambertWBelow: hex(grid.map((x) => lambertW(-0.3678794411714423 * x * x, { branch: -1 }))),
    chiSquare: hex(grid.map((x, i) => stats.chiSquare(0.5 + (i % 30)).quantile(x))),
    density: hex(grid.map((x) => stats.normal({ mean: 1, std: 3 }).density(20 * x - 10))),
    histogram: records(stats.histogram(w, { bins: 31 })) + records(stats.histogram(w, { bins: 9, log: true })),
    ksTest: hex(Float64Array.of(stats.ksTest(uniform(key(3), [90]), (x) => x).pValue)),
    exp: hex(grid.map((x) => exp(1400 * (x - 0.52)))),
    erf: hex(grid.map((x) => erf(12 * (x - 0.5)))),
    erfc: hex(grid.map((x) => erfc(30 * (x - 0.2)))),
    erfcx: hex(grid.map((x) => erfcx(60 * (x - 0.4)))),
    normalCdf: hex(grid.map((x) => normalCdf(48 * (x - 0.8)))),
    normalQuantile: hex(grid.map((x) => normalQuantile(x * x * x * x * x * x * x))),
    circle: hex(grid.map((x) => cosPi(9 * x))) + hex(grid.map((x) => sinPi(9 * x))),
    uniform: hex(uniform(key(1), [1000], { low: -3, high: 5 }).data),
    normal: hex(w.data),
    normal64: hex(normal(key(3), [1000], { dtype: "float64" }).data),
    integers: hex(integers(key(4), [1000], { low: -70, high: 12_345 }).data),
    permutation: hex(permutation(key(5), 1000).data),
    mask: hex(mask.data),
    kept: hex(Float64Array.of(kept)),
    prices: hex(rowPotentials.data) + hex(columnPotentials.data),
    nmMask: [4, 6, 8].map((group) => hex(nmMask(w, { keep: 2, group }).data)).join(),
    optimum24: hex(transposableMask(w).data),
    product: hex(linalg.matmul(w, transpose(w)).data),
    signs: hex(quantization.xnorProduct(quantization.signBits(w), quantization.signBits(w)).data),
    rounded: [float8_e4m3fn, float4_e2m1fn, bfloat16]
      .flatMap((format) => [round(format, w), round(format, w, { rounding: "stochastic", key: key(13) })])
      .map(({ data }) => hex(data))
      .join(),
    summary: summaryOf(normal(key(12), [140_000])),
    greedy: hex(transposableMask(w, { keep: 4, group: 8, method: "greedy-keep" }).data),
    shares: JSON.stringify(retainedShares({ key: key(6), blocks: 200, keep: 2, group: 4 })),
    ratios: hex(approximationRatios({ key: key(7), blocks: 200, keep: 4, group: 8 }).data),
    claims: JSON.stringify(paper.claims.map((claim) => evaluateClaim(claim))),
  };
}

function summaryOf(values: Tensor): string {
  const { law, distance, histogram } = gradients.lognormalSummary(values);
  return hex(Float64Array.of(law.mu, law.sigma, distance)) + records(histogram);
}

/** The bits of all tensors of a record, one after the other. */
function records(tensors: object): string {
  return Object.values(tensors)
    .filter((tensor) => typeof tensor === "object")
    .map((tensor: Tensor) => hex(tensor.data))
    .join();
}

function hex(data: ArrayBufferView): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
