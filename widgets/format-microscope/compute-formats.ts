/** The formats that the microscope knows: single numbers, blocks with a shared scale, and any split of one's own. */
import {
  bfloat16,
  decode,
  type Format,
  float4_e2m1fn,
  float6_e2m3fn,
  float6_e3m2fn,
  float8_e3m4,
  float8_e4m3,
  float8_e4m3b11fnuz,
  float8_e4m3fn,
  float8_e4m3fnuz,
  float8_e5m2,
  float8_e5m2fnuz,
  float8_e8m0fnu,
  float16,
  int1,
  int2,
  int4,
  int8,
  int16,
  type Overflow,
  uint1,
  uint2,
  uint4,
  uint8,
  uint16,
} from "../../src/dtypes/index.js";
import { elementRange } from "../../src/dtypes/mx-scale.js";

/** What a state names a format by: a name of {@link singleFormats} or {@link blockFormats}, or a record of its own. */
export type FormatChoice = string | Format;

/** A format that was chosen. */
export interface Target {
  /** `single`: every value by itself; `mx` and `nvfp4`: blocks with a shared scale. */
  readonly kind: "single" | "mx" | "nvfp4";
  readonly name: string;
  /** Of a value, or of the elements of a block. */
  readonly format: Format;
}

/** What a format's finite values are, as far as codes of a tensor reach them. */
export interface Range {
  readonly min: number;
  readonly max: number;
  /** Exponent of the largest value; 0 for integer elements of MX, which count fractions. */
  readonly maxExponent: number;
  /** What a code of an integer element of MX counts; 1 otherwise. */
  readonly unit: number;
}

/** Formats of single numbers, in the order in which they are offered. */
export const singleFormats: readonly Format[] = [
  bfloat16,
  float16,
  float8_e3m4,
  float8_e4m3,
  float8_e4m3b11fnuz,
  float8_e4m3fn,
  float8_e4m3fnuz,
  float8_e5m2,
  float8_e5m2fnuz,
  float8_e8m0fnu,
  float6_e2m3fn,
  float6_e3m2fn,
  float4_e2m1fn,
  int16,
  int8,
  int4,
  int2,
  int1,
  uint16,
  uint8,
  uint4,
  uint2,
  uint1,
];

/** Formats of blocks, by name: the element of each. */
export const blockFormats: readonly Target[] = [
  { kind: "mx", name: "mxfp8_e4m3", format: float8_e4m3fn },
  { kind: "mx", name: "mxfp8_e5m2", format: float8_e5m2 },
  { kind: "mx", name: "mxfp6_e2m3", format: float6_e2m3fn },
  { kind: "mx", name: "mxfp6_e3m2", format: float6_e3m2fn },
  { kind: "mx", name: "mxfp4_e2m1", format: float4_e2m1fn },
  { kind: "mx", name: "mxint8", format: int8 },
  { kind: "nvfp4", name: "nvfp4", format: float4_e2m1fn },
];

/** The formats that are compared on the same tensor. */
export const comparedNames: readonly string[] = [
  "bfloat16",
  "float16",
  "float8_e4m3fn",
  "float8_e5m2",
  "float6_e2m3fn",
  "float6_e3m2fn",
  "float4_e2m1fn",
  "int8",
  "int4",
  ...blockFormats.map(({ name }) => name),
];

const byName = new Map<string, Target>([
  ...singleFormats.map((format): [string, Target] => [format.name, { kind: "single", name: format.name, format }]),
  ...blockFormats.map((target): [string, Target] => [target.name, target]),
]);

/** Returns whether there is a format of this name. */
export function isFormatName(name: string): boolean {
  return byName.has(name);
}

/** Returns the format of a choice; undefined for an unknown name. */
export function targetOf(choice: FormatChoice): Target | undefined {
  if (typeof choice === "string") return byName.get(choice);
  return { kind: "single", name: choice.name, format: choice };
}

const values = new WeakMap<Format, Float32Array>();
const sorted = new WeakMap<Format, Float64Array>();

/** Returns the value of every code; NaN and infinities where there are such codes. */
export function valuesOf(format: Format): Float32Array {
  let table = values.get(format);
  if (table === undefined) {
    table = Float32Array.from({ length: 2 ** format.bits }, (_, code) => decode(format, code));
    values.set(format, table);
  }
  return table;
}

/** Returns the finite values, ascending and each once; 0 and -0 are one. */
export function finiteValues(format: Format): Float64Array {
  let list = sorted.get(format);
  if (list === undefined) {
    const all = new Set([...valuesOf(format)].filter(Number.isFinite).map((value) => value + 0));
    list = Float64Array.from(all).sort();
    sorted.set(format, list);
  }
  return list;
}

/** Returns the range of a format's codes. Integer elements of MX are symmetric: -128 never arises. */
export function rangeOf({ kind, format }: Target): Range {
  const list = finiteValues(format);
  const max = list[list.length - 1] as number;
  if (kind !== "single") {
    const { emax, unit } = elementRange("format-microscope", format);
    return { min: -max, max, maxExponent: emax, unit };
  }
  return { min: list[0] as number, max, maxExponent: 0, unit: 1 };
}

/** Returns the smallest finite value above 0 that is not 0. */
export function smallestOf(format: Format): number {
  return finiteValues(format).find((value) => value > 0) ?? Number.NaN;
}

/** Returns bits per value, with the shared scales of blocks and without what a whole tensor shares. */
export function bitsPerValue({ kind, format }: Target, block: number): number {
  return format.bits + (kind === "single" ? 0 : 8 / (kind === "nvfp4" ? 16 : block));
}

/** Returns what becomes of values beyond the largest: what is wanted where the format can do it. */
export function overflowOf({ kind, format }: Target, wanted: Overflow): Overflow {
  return overflowsOf({ kind, format }).includes(wanted) ? wanted : "saturate";
}

/** Returns what a format can do with values beyond its largest. */
export function overflowsOf({ kind, format }: Pick<Target, "kind" | "format">): readonly Overflow[] {
  if (kind !== "single") return ["saturate"];
  if (format.kind === "int") return ["saturate", "wrap"];
  return format.nan === "none" ? ["saturate"] : ["saturate", "infinity-or-nan"];
}
