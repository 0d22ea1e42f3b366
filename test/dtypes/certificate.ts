/**
 * Certificates of the number formats: a hash of what every code decodes to, and of the codes of all values around every
 * rounding boundary in every rounding. Runs in Node, for `npm run certify`, and in a browser.
 */

import type { EncodeOptions, FloatTensor, Format } from "../../src/dtypes/index.js";
import * as dtypes from "../../src/dtypes/index.js";
import { key, normal } from "../../src/random/index.js";
import { sha256 } from "../support/sha256.js";

/** One line of the list. Hashes are the first 16 digits of a SHA-256. */
export interface Certificate {
  readonly name: string;
  /** How many codes the format has. */
  readonly codes: number;
  /** Of the float32 of every code in order, little-endian, every NaN being 0x7fc00000. */
  readonly decode: string;
  /** Of the codes of the values around every boundary, under every rounding and overflow; of a block format, of all
   * codes and scales under every rule. */
  readonly encode: string;
}

// Sorted, because bundlers list the names of a module in orders of their own.
const formats = Object.values(dtypes)
  .filter((value): value is Format => typeof value === "object" && "kind" in value && value.kind !== "complex")
  .sort((a, b) => (a.name < b.name ? -1 : 1));
const roundings: readonly EncodeOptions[] = [
  { rounding: "nearest-even" },
  { rounding: "nearest-away" },
  { rounding: "toward-zero" },
  { rounding: "stochastic", key: key(2021) },
];

/** Returns the certificates of all formats, then of the block formats. */
export function certificates(): Certificate[] {
  return [...formats.map(certificateOf), ...blockCertificates()];
}

function certificateOf(format: Format): Certificate {
  const values = Array.from({ length: 2 ** format.bits }, (_, code) => dtypes.decode(format, code));
  const inputs = around(values);
  const overflows =
    format.kind === "int"
      ? (["saturate", "wrap"] as const)
      : format.nan === "none"
        ? (["saturate"] as const)
        : (["infinity-or-nan", "saturate"] as const);
  const encoded = roundings.flatMap((rounding) =>
    overflows.map((overflow) => hash([...dtypes.encode(format, inputs, { ...rounding, overflow }).data])),
  );
  return { name: format.name, codes: values.length, decode: hashFloats(values), encode: short(encoded.join("")) };
}

/**
 * Of each two neighbouring values: the lower, the float32 beside it, their middle and the float32 and the float64
 * beside that, the float32 below the upper, and a value at three tenths for the random rounding; then what lies past
 * the ends.
 */
function around(values: readonly number[]): FloatTensor {
  const sorted = values.filter((value) => Number.isFinite(value) && !Object.is(value, -0)).sort((a, b) => a - b);
  const ends = [sorted[0] as number, sorted.at(-1) as number];
  const found: number[] = [0, -0, Infinity, -Infinity, Number.NaN, 5e-324, -5e-324, 1e300, -1e300];
  for (const end of ends) found.push(end, next(end, 1), next(end, -1), end * 1.0625, end * 1.5, end * 2, end * 3);
  for (let i = 0; i + 1 < sorted.length; i++) {
    const [low, high] = [sorted[i] as number, sorted[i + 1] as number];
    const middle = (low + high) / 2;
    const little = Math.max(Math.abs(low), Math.abs(high)) * 2 ** -45;
    found.push(low, next(low, 1), next(middle, -1), middle - little, middle, middle + little, next(middle, 1));
    found.push(next(high, -1), low + (high - low) * 0.3);
  }
  return { data: Float64Array.from(found), shape: [found.length], dtype: "float64" };
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The float32 above (1) or below (-1). */
function next(value: number, way: 1 | -1): number {
  float[0] = value;
  if (float[0] === 0) bits[0] = way === 1 ? 1 : -0x7fffffff;
  else bits[0] = (bits[0] as number) + (value > 0 === (way === 1) ? 1 : -1);
  return float[0] as number;
}

function blockCertificates(): Certificate[] {
  const values = normal(key(1), [64, 77]);
  values.data.forEach((value, i) => {
    // Of many magnitudes, by halving, whose results are exact.
    for (let times = (i % 41) - 20; times > 0; times--) values.data[i] = (values.data[i] as number) / 2;
    if (i % 501 === 7) values.data[i] = value > 0 ? Infinity : Number.NaN;
  });
  const { float8_e4m3fn, float8_e5m2, float6_e2m3fn, float6_e3m2fn, float4_e2m1fn, int8 } = dtypes;
  const elements = [float8_e4m3fn, float8_e5m2, float6_e2m3fn, float6_e3m2fn, float4_e2m1fn, int8];
  const mx = elements.map((element): Certificate => {
    const encoded: number[] = [];
    const decoded: number[] = [];
    for (const scaleRule of ["floor", "ceil", "even", "rceil"] as const) {
      const blocks = dtypes.mxEncode(values, { element, scaleRule });
      encoded.push(...blocks.codes.data, ...blocks.scales.data);
      decoded.push(...dtypes.mxDecode(blocks).data);
    }
    return { name: `mx ${element.name}`, codes: 2 ** element.bits, decode: hashFloats(decoded), encode: hash(encoded) };
  });
  const { codes, scales, tensorScale } = dtypes.nvfp4Encode(values);
  const decoded = dtypes.nvfp4Decode({ kind: "nvfp4", block: 16, axis: 1, codes, scales, tensorScale });
  const encode = hash([...codes.data, ...scales.data]);
  return [...mx, { name: "nvfp4", codes: 16, decode: hashFloats([tensorScale, ...decoded.data]), encode }];
}

function hash(codes: readonly number[]): string {
  const bytes = new Uint8Array(2 * codes.length);
  codes.forEach((code, i) => {
    bytes[2 * i] = code & 0xff;
    bytes[2 * i + 1] = code >> 8;
  });
  return sha256(bytes).slice(0, 16);
}

function hashFloats(values: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    if (Number.isNaN(value)) view.setUint32(4 * i, 0x7fc00000, true);
    else view.setFloat32(4 * i, value, true);
  });
  return sha256(new Uint8Array(view.buffer)).slice(0, 16);
}

function short(text: string): string {
  return sha256(Uint8Array.from(text, (letter) => letter.charCodeAt(0))).slice(0, 16);
}
