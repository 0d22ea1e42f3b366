/** The contract of the format microscope: what its kernel half and its view agree on. */
import { encode, type Format, type MxScaleRule, type Overflow, type Rounding } from "../../src/dtypes/index.js";
import { from, isTensor, type NestedArray, type Tensor } from "../../src/tensor/index.js";
import { equal, isRecord } from "../lib/equal.js";
import type { Trait, WidgetSpec } from "../lib/spec.js";
import { int, nullable, oneOf } from "../lib/traits.js";
import { scaleRules } from "./compute-blocks.js";
import { type FormatChoice, isFormatName, singleFormats } from "./compute-formats.js";
import { decodeValues, encodeValues } from "./saved.js";

/** The values of a format microscope. */
export interface FormatMicroscopeState {
  /** The tensor: float32 or float64, any shape, 1..2^22 values; null for a sample of 2,048. */
  values: Tensor | null;
  /** A name of a format of single numbers or of blocks, or a record such as `floatFormat` returns. */
  format: FormatChoice;
  rounding: Rounding;
  /** Of the sample, and of the draws of stochastic rounding. */
  seed: number;
  /** What becomes of values beyond the largest; a format that cannot do it saturates. */
  overflow: Overflow;
  /** Whether a single format's values are first divided so that the largest magnitude meets the format's. */
  scale: "none" | "absmax";
  /** How the scale of an MX block follows from its largest magnitude. */
  scale_rule: MxScaleRule;
  /** Values per scale of an MX block, 1..1024; NVFP4 has 16. */
  block: number;
  /** The axis of values: logarithmic in the magnitude, or linear. */
  axis: "log" | "linear";
  /** The place of the value that is looked at, row-major. */
  selected: number;
}

/** The largest tensor that is taken. */
export const maxValues: number = 2 ** 22;

/** The ways of rounding, in the order in which they are offered. */
export const roundings: readonly Rounding[] = ["nearest-even", "nearest-away", "toward-zero", "stochastic"];

function acceptValues(value: unknown): Tensor | undefined {
  const tensor = isTensor(value) ? value : Array.isArray(value) ? fromArrays(value) : undefined;
  if (tensor === undefined || tensor.data.length < 1 || tensor.data.length > maxValues) return undefined;
  if (tensor.dtype === "float32" || tensor.dtype === "float64") return tensor;
  return { data: Float32Array.from(tensor.data), shape: tensor.shape, dtype: "float32" };
}

function fromArrays(value: unknown[]): Tensor | undefined {
  try {
    return from(value as NestedArray);
  } catch {
    return undefined;
  }
}

/** Returns the name of a known format, a copy of an unknown one, undefined for what is none. */
function acceptFormat(value: unknown): FormatChoice | undefined {
  if (typeof value === "string") return isFormatName(value) ? value : undefined;
  if (!isRecord(value)) return undefined;
  const known = singleFormats.find((format) => equal(format, value));
  if (known !== undefined) return known.name;
  const { kind, name } = value;
  if ((kind !== "float" && kind !== "int") || typeof name !== "string" || isFormatName(name)) return undefined;
  const names = kind === "int" ? intFields : floatFields;
  const record = Object.fromEntries(names.map((field) => [field, value[field]])) as unknown as Format;
  try {
    encode(record, 0);
    return record;
  } catch {
    return undefined;
  }
}

const intFields = ["kind", "name", "bits", "signed"];
const floatFields = [...intFields, "exponent", "mantissa", "bias", "infinity", "nan", "zero"];

const values: Trait<Tensor | null> = nullable<Tensor>({
  expects: `a tensor of 1..${maxValues} values, or lists of numbers`,
  initial: () => ({ data: Float32Array.of(1), shape: [1], dtype: "float32" }),
  accept: acceptValues,
  decode: decodeValues,
});

const format: Trait<FormatChoice> = {
  expects: 'the name of a format, such as "float8_e4m3fn" or "mxfp8_e4m3", or a format with a name of its own',
  initial: () => "float8_e4m3fn",
  accept: acceptFormat,
};

function whole(initial: number, low: number, high: number): Trait<number> {
  const trait = int(initial);
  return {
    ...trait,
    expects: `${trait.expects} ${low}..${high}`,
    accept: (value) => {
      const number = trait.accept(value);
      return number !== undefined && number >= low && number <= high ? number : undefined;
    },
  };
}

/** Both halves use it: the kernel half to check and send, the view to read and write. */
export const formatMicroscopeSpec: WidgetSpec<FormatMicroscopeState> = {
  name: "FormatMicroscope",
  model: { module: "lowbit", version: "^0.1.0", name: "FormatMicroscopeModel" },
  view: { module: "lowbit", version: "^0.1.0", name: "FormatMicroscopeView" },
  traits: {
    values: {
      ...values,
      echo: false,
      encode: (tensor, state) =>
        tensor === null ? null : encodeValues(tensor, typeof state?.selected === "number" ? state.selected : 0),
    },
    format,
    rounding: oneOf<Rounding>(roundings, "nearest-even"),
    seed: whole(1, 0, 2 ** 31),
    overflow: oneOf<Overflow>(["saturate", "infinity-or-nan", "wrap"], "saturate"),
    scale: oneOf<"none" | "absmax">(["none", "absmax"], "none"),
    scale_rule: oneOf<MxScaleRule>(scaleRules, "floor"),
    block: whole(32, 1, 1024),
    axis: oneOf<"log" | "linear">(["log", "linear"], "log"),
    selected: whole(0, 0, maxValues - 1),
  },
};
