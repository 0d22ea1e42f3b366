/** The arithmetic of a shared scale, spelt out. */
import { decode, float8_e4m3fn } from "../../src/dtypes/index.js";
import type { BlockInspection, RuleResult } from "./compute-blocks.js";
import { exactText, numberText, powerText } from "./snapshot-text.js";

/** Returns the largest magnitude of a block in words. */
export function amaxText({ amax }: BlockInspection): string {
  return Number.isNaN(amax) ? "one of them not finite" : `largest magnitude ${numberText(amax)}`;
}

/** Returns the steps from the largest magnitude of an MX block to what becomes of it under a rule. */
export function ruleSteps(block: BlockInspection, one: RuleResult): string[] {
  const { amax, exponent, maxExponent, max } = block;
  if (Number.isNaN(amax)) return ["A value is not finite: the scale is NaN, and all of the block becomes NaN."];
  if (amax === 0) return [`All values are 0: the scale is the smallest, ${powerText(-127)}, and all stay 0.`];
  const power = one.code - 127;
  const largest = numberText(amax);
  return [
    `${largest} = ${exactText(block.significand)} × ${powerText(exponent)}; the largest element is ${numberText(max)}, with exponent ${maxExponent}`,
    exponentStep(block, one),
    `scale = ${powerText(power)} = ${numberText(one.scale)}, float8_e8m0fnu code ${one.code} (= ${power} + 127)`,
    one.saturates
      ? `${largest} ÷ ${numberText(one.scale)} = ${numberText(one.scaled)} lies above ${numberText(max)}: it saturates at ${numberText(Math.abs(one.result) / one.scale)}`
      : `${largest} ÷ ${numberText(one.scale)} = ${numberText(one.scaled)}, rounded to ${numberText(Math.abs(one.result) / one.scale)}`,
    `× ${numberText(one.scale)}: ${largest} becomes ${numberText(Math.abs(one.result))}`,
  ];
}

function exponentStep(
  { amax, exponent, maxExponent, max, mantissa }: BlockInspection,
  { rule, code }: RuleResult,
): string {
  const largest = numberText(amax);
  const power = code - 127;
  const limited = power === -127 || power === 127 ? " (scales end at ±127)" : "";
  const up = power + maxExponent;
  if (rule === "floor")
    return `floor: ⌊log₂ ${largest}⌋ − ${maxExponent} = ${exponent} − ${maxExponent} = ${power}${limited}`;
  if (rule === "ceil") return `ceil: ⌈log₂ ${largest}⌉ − ${maxExponent} = ${up} − ${maxExponent} = ${power}${limited}`;
  if (rule === "rceil") {
    return `rceil: ⌈log₂(${largest} ÷ ${numberText(max)})⌉ = ⌈log₂ ${numberText(Number((amax / max).toPrecision(6)))}⌉ = ${power}${limited}`;
  }
  const rounded = up > exponent ? `up to ${powerText(up)}` : `below ${powerText(exponent + 1)}`;
  return `even: ${largest} rounded to ${mantissa} mantissa bits is ${rounded}, so ${up} − ${maxExponent} = ${power}${limited}`;
}

/** Returns the steps of NVFP4: the scale of the tensor, that of the block, and the largest element. */
export function stepsOfNvfp4({ amax, tensorScale, chosen }: BlockInspection): string[] {
  if (Number.isNaN(amax)) return ["A value is not finite: the scale is NaN, and all of the block becomes NaN."];
  const tensor = numberText(tensorScale);
  const wanted = amax / (6 * tensorScale);
  const scale = numberText(chosen.scale);
  const first = [
    `scale of the tensor, a float32: T = largest of the tensor ÷ (6 × 448) = ${tensor}`,
    `scale of the block: ${numberText(amax)} ÷ (6 × T) = ${numberText(Number(wanted.toPrecision(6)))}, as float8_e4m3fn ${scale} (code 0x${chosen.code.toString(16).padStart(2, "0")})`,
  ];
  if (decode(float8_e4m3fn, chosen.code) === 0) return [...first, "it rounds to 0: all of the block becomes 0"];
  const element = Math.round(Math.abs(chosen.result) / (chosen.scale * tensorScale) / 0.5) * 0.5;
  return [
    ...first,
    `${numberText(amax)} ÷ (T × ${scale}) = ${numberText(Number(chosen.scaled.toPrecision(6)))}, rounded to ${numberText(element)}${chosen.saturates ? ", the largest" : ""}`,
    `× T × ${scale}: ${numberText(amax)} becomes ${numberText(Math.abs(chosen.result))}`,
  ];
}
