// What a notebook writes, compiled as tslab compiles it: TypeScript 5.0.4, Node10 resolution. Every line
// below a mark must be an error: if a type silently became `any`, the compiler complains about the unused mark.
import {
  check,
  claims,
  display,
  dtypes,
  type Mask,
  quantization,
  random,
  sparsity,
  svg,
  type Tensor,
  tensor,
} from "lowbit";
import { approximationRatios, paper, retainedShares } from "lowbit/papers/hubara2021-transposable-mask";
import { key, normal } from "lowbit/random";
import { maskDiversity, transposableMask } from "lowbit/sparsity";
import { from } from "lowbit/tensor";
import { FloatSlider, IntSlider, MaskViewer, VBox } from "lowbit/widgets";
import { evaluateClaimOf } from "./helper";

const W: Tensor<"float32"> = random.normal(random.key(1), [8, 12]);
const data: Float32Array = W.data;
const doubles: Float64Array = normal(key(1), [3], { dtype: "float64" }).data;
const mask: Mask = transposableMask(W, { keep: 2, group: 4, method: "greedy-keep" });
const bits: Uint8Array = mask.data;
const exact: bigint = maskDiversity({ pattern: "transposable", keep: 2, group: 4 }).exact;
const kept: number = sparsity.keptMagnitude(W, tensor.transpose(tensor.transpose(mask)));
const codes: Uint8Array | Uint16Array = dtypes.encode(dtypes.float8_e5m2, W, { overflow: "saturate" }).data;
const packed: Uint8Array = dtypes.packCodes(dtypes.int4, dtypes.encode(dtypes.int4, W)).data;
const rounded: Float32Array = dtypes.round(dtypes.bfloat16, W).data;
const largest: number = dtypes.finfo(dtypes.floatFormat({ exponent: 3, mantissa: 2 })).max;
const blocks: dtypes.MxTensor = dtypes.mxEncode(W, { element: dtypes.float4_e2m1fn, scaleRule: "floor" });
const qparams: quantization.Qparams = quantization.chooseQparams(W, { convention: quantization.intSymmetric(4) });
const faked: Float32Array = quantization.fakeQuantize(W, qparams).data;
const noise: number = quantization.errorReport(
  W,
  quantization.dequantize(quantization.quantize(W, qparams), qparams),
).sqnr;
const shown = svg(sparsity.maskSvg(mask, { weights: W }));
const card: claims.Card = claims.evaluateClaim(paper.claim("printed-diversity"));
const ratio: number = tensor.max(approximationRatios({ key: key(1), blocks: 3, keep: 2, group: 4 }));
const share: number = retainedShares({ key: key(1), blocks: 3, keep: 2, group: 4 }).transposable;
const slider = new FloatSlider({ value: 0.5, min: 0, max: 1 });
const position: number = slider.value;
const viewer = new MaskViewer({ weights: W, keep: 2, group: 4 });
display(new VBox([slider, new IntSlider({ value: 2 })]));
check("typed", sparsity.isNm(viewer.mask, { keep: 2, group: 4 }));
slider.observe(({ value }) => value.toFixed(2), "value");

// @ts-expect-error a mask holds bytes, not floats
const wrongData: Float32Array = mask.data;
// @ts-expect-error float32 draws are not float64
const wrongDtype: Float64Array = random.uniform(key(1), [3]).data;
// @ts-expect-error a tensor's data is not a string
const wrongKind: string = W.data;
// @ts-expect-error weights are not a mask
sparsity.isNm(W);
// @ts-expect-error no such method
transposableMask(W, { method: "best" });
// @ts-expect-error no such option
sparsity.nmMask(W, { keeps: 2 });
// @ts-expect-error no such dtype
from([1, 2], { dtype: "float16" });
// @ts-expect-error a count is a bigint
const wrongCount: number = maskDiversity({ pattern: "row" }).exact;
// @ts-expect-error a shape cannot be written
W.shape[0] = 3;
// @ts-expect-error a claim's verdict is one of three words
const wrongVerdict: "maybe" = card.verdict;
// @ts-expect-error a slider's value is a number
const wrongValue: string = slider.value;
// @ts-expect-error the scale rule has no default
dtypes.mxEncode(W, { element: dtypes.float4_e2m1fn });
// @ts-expect-error a bare bit-width says too little
quantization.chooseQparams(W, { convention: 4 });
// @ts-expect-error a pair or a number
quantization.chooseQparams(W, { convention: quantization.kure(4), clip: [1] });
// @ts-expect-error no such rounding
dtypes.round(dtypes.bfloat16, W, { rounding: "up" });
// @ts-expect-error codes are no floats
dtypes.encode(dtypes.bfloat16, blocks.codes);
// @ts-expect-error no such pattern
maskDiversity({ pattern: "diagonal" });

export {
  bits,
  blocks,
  codes,
  data,
  doubles,
  evaluateClaimOf,
  exact,
  faked,
  kept,
  largest,
  noise,
  packed,
  position,
  qparams,
  ratio,
  rounded,
  share,
  shown,
  wrongCount,
  wrongData,
  wrongDtype,
  wrongKind,
  wrongValue,
  wrongVerdict,
};
