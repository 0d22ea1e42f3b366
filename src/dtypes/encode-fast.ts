import type { Key } from "../random/threefry.js";
import { floatDrawKernels } from "../wasm/modules/float-draw.generated.js";
import { floatRoundKernels } from "../wasm/modules/float-round.generated.js";
import { sweep } from "../wasm/sweep.js";
import type { FloatFormat, Format, IntFormat } from "./format.js";
import { layoutOf } from "./layout.js";
import { checkOverflow, type EncodeOptions } from "./options.js";
import { tableOf } from "./table.js";

/** What kernels write: values, or codes. */
type Result = Float32Array | Uint8Array | Uint16Array;

/** A kernel's name and what it needs of the format. */
interface Plan {
  readonly kernel: string;
  readonly params: readonly number[];
}

const modes = { "nearest-even": 0, "nearest-away": 1, "toward-zero": 2 } as const;
/** Nanoseconds per value. */
const plainCost = 0.5;
const drawCost = 3;

/**
 * Rounds float32 values to a format with the kernels, and returns whether it did. Checked options are expected. `out` may
 * be the values themselves: values where it is a Float32Array, codes otherwise.
 */
export function fastEncode(format: Format, options: EncodeOptions, data: ArrayLike<number>, out: Result): boolean {
  if (!(data instanceof Float32Array)) return false;
  const { rounding = "nearest-even", key, offset = 0 } = options;
  const draws = rounding === "stochastic";
  const coded = !(out instanceof Float32Array);
  const plan = format.kind === "int" ? integerPlan(format, options) : floatPlan(format, options, coded, draws);
  if (plan === undefined || offset + data.length > Number.MAX_SAFE_INTEGER) return false;
  const kind = !coded ? 0 : out instanceof Uint8Array ? 1 : 2;
  const start = draws ? [(key as Key).high, (key as Key).low, offset] : [modes[rounding]];
  return sweep({
    module: draws ? floatDrawKernels : floatRoundKernels,
    kernel: draws ? `${plan.kernel}Draw` : plan.kernel,
    units: data.length,
    inputs: [{ data, per: 1 }],
    outputs: [{ data: out, per: 1 }],
    params: [...start, kind, ...plan.params],
    grain: draws ? 32 : 16,
    work: draws ? 272 : 0,
    nanoseconds: draws ? drawCost : plainCost,
  });
}

function integerPlan(format: IntFormat, options: EncodeOptions): Plan | undefined {
  if (checkOverflow("encode", format, options.overflow) !== "saturate") return undefined;
  const { bits, signed } = format;
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const mask = 2 ** bits - 1;
  return { kernel: "integers", params: [least, least + mask, mask] };
}

function floatPlan(format: FloatFormat, options: EncodeOptions, coded: boolean, draws: boolean): Plan | undefined {
  const { emin, emax, sign, max, infinity, nan } = layoutOf("encode", format);
  const { mantissa } = format;
  if (sign === 0 || !format.zero || emin < -126) return undefined;
  // The power of two that is added must be a float32, and so must the one that makes 2^32 of a step, which is
  // to lose no digit of the smallest values.
  const narrow = emax + 24 - mantissa <= 127 && (!draws || (emin >= mantissa - 95 && emin <= mantissa + 32));
  if (!narrow && emin !== -126) return undefined;
  const saturates = checkOverflow("encode", format, options.overflow) === "saturate";
  const beyond = saturates ? max : infinity >= 0 ? infinity : nan;
  const table = new Uint32Array(tableOf("encode", format).buffer);
  const inResult = (code: number): number => (coded ? code : (table[code] as number) | 0);
  const keep = format.nan === "negative-zero" ? 0 : -1;
  const lost = !saturates && infinity < 0 ? -1 : 0;
  const tail = [inResult(max), inResult(beyond), inResult(nan >= 0 ? nan : sign), keep, lost, format.bits - 1];
  if (!narrow) return { kernel: "wide", params: [mantissa, ...tail] };
  return { kernel: "narrow", params: [mantissa, emin, (emax + 1 + 127) << 23, ...tail] };
}
