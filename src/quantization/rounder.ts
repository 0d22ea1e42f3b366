import { drawsOf } from "../dtypes/draws.js";
import { checkRounding, type RoundingOptions } from "../dtypes/options.js";
import type { Key } from "../random/threefry.js";

/** Returns the integer that a value becomes; `index` is its place in the tensor. */
export type Rounder = (value: number, index: number) => number;

/** Returns how options round finite values to integers. @throws ValueError for what is unknown or does not go together */
export function rounderOf(caller: string, options: RoundingOptions): Rounder {
  const { rounding, offset } = checkRounding(caller, options);
  if (rounding === "stochastic") return stochastic(options.key as Key, offset);
  return { "nearest-even": nearestEven, "nearest-away": nearestAway, "toward-zero": Math.trunc }[rounding];
}

/** To the nearest integer, a tie to the even one. */
export function nearestEven(value: number): number {
  const whole = Math.floor(value);
  const rest = value - whole;
  return rest > 0.5 || (rest === 0.5 && whole % 2 !== 0) ? whole + 1 : whole;
}

function nearestAway(value: number): number {
  const size = Math.abs(value);
  const whole = Math.floor(size);
  const rounded = size - whole >= 0.5 ? whole + 1 : whole;
  return value < 0 ? -rounded : rounded;
}

/** As in `dtypes`: the 32 bits that the element's place gives are compared with the fraction. */
function stochastic(key: Key, offset: number): Rounder {
  const draw = drawsOf(key, offset);
  return (value, index) => {
    const size = Math.abs(value);
    const whole = Math.floor(size);
    const rest = size - whole;
    if (rest === 0) return value;
    const rounded = draw(index) < rest * 4294967296 ? whole + 1 : whole;
    return value < 0 ? -rounded : rounded;
  };
}
