import { ValueError } from "../errors.js";
import type { Key } from "../random/threefry.js";
import type { Format } from "./format.js";

/**
 * How a value between two neighbours of a format is rounded. `nearest-even`: to the nearer, a tie to the one with an
 * even significand; `nearest-away`: a tie to the larger magnitude; `toward-zero`: to the smaller magnitude;
 * `stochastic`: to either, to the larger magnitude with the probability that leaves the expectation where it was.
 * That probability is exact when the fraction of the step is a multiple of 2^-32, and too large by less than 2^-32
 * otherwise: 32 bits that `key` and the element's place give are compared with it, and a fraction above 0 goes up on 0.
 * One Threefry-2x32 block, of counter floor(place / 2), serves two neighbours: word 0 the even place, word 1 the odd one.
 */
export type Rounding = "nearest-even" | "nearest-away" | "toward-zero" | "stochastic";

/**
 * What becomes of a value that rounds beyond the largest finite one. `saturate`: the largest, infinity too;
 * `infinity-or-nan`: infinity, or NaN in a format that has none; `wrap`: of an integer format, the low bits.
 */
export type Overflow = "saturate" | "infinity-or-nan" | "wrap";

/** How values are rounded. */
export interface RoundingOptions {
  /** Default `nearest-even`. */
  readonly rounding?: Rounding;
  /** For `stochastic` only, which needs it. */
  readonly key?: Key;
  /** For `stochastic` only: the place of the first value in the key's stream; default 0. A part of a tensor that starts
   * at element 1000 rounds as it does in the whole with `offset: 1000`. */
  readonly offset?: number;
}

/** Options of `encode` and `round`. */
export interface EncodeOptions extends RoundingOptions {
  /**
   * Default, as in `ml_dtypes`: `infinity-or-nan`, but `saturate` for a format that has neither. For integers
   * `saturate`, where `ml_dtypes` wraps.
   */
  readonly overflow?: Overflow;
}

const roundings: readonly Rounding[] = ["nearest-even", "nearest-away", "toward-zero", "stochastic"];

/** Returns the rounding options with their defaults. @throws ValueError for what is unknown or does not go together */
export function checkRounding(caller: string, options: RoundingOptions): Required<Omit<RoundingOptions, "key">> {
  const { rounding = "nearest-even", key, offset } = options;
  if (!roundings.includes(rounding)) {
    throw new ValueError(`${caller}: rounding ${JSON.stringify(rounding)}, expected one of ${roundings.join(", ")}`);
  }
  if (rounding !== "stochastic" && (key !== undefined || offset !== undefined)) {
    throw new ValueError(`${caller}: a key or an offset with rounding ${rounding}, expected them with stochastic only`);
  }
  if (rounding === "stochastic" && ![key?.high, key?.low].every((word) => word !== undefined && word >>> 0 === word)) {
    throw new ValueError(`${caller}: key ${JSON.stringify(key)}, expected a key for stochastic rounding`);
  }
  const first = offset ?? 0;
  if (!Number.isSafeInteger(first) || first < 0) {
    throw new ValueError(`${caller}: offset ${first}, expected an integer 0 <= offset < 2^53`);
  }
  return { rounding, offset: first };
}

/** Returns what happens on overflow of `format`. @throws ValueError for what the format cannot do */
export function checkOverflow(caller: string, format: Format, overflow: Overflow | undefined): Overflow {
  const special = format.kind === "float" && format.nan !== "none";
  const able: readonly Overflow[] =
    format.kind === "int" ? ["saturate", "wrap"] : special ? ["infinity-or-nan", "saturate"] : ["saturate"];
  const chosen = overflow ?? (able[0] as Overflow);
  if (!able.includes(chosen)) {
    throw new ValueError(
      `${caller}: overflow ${JSON.stringify(chosen)}, expected ${able.join(" or ")} for ${format.name}`,
    );
  }
  return chosen;
}
