/** Bytes of values and, worked out apart from the library, the numbers that they are. */
import type { Dice } from "../fuzz/dice.js";

/** A dtype: bytes of one value, and how one is read from little-endian bytes. */
export interface Kind {
  readonly width: number;
  readonly get: (view: DataView, at: number) => number;
}

/** The value of a small float from the definition: sign, exponent, mantissa. */
function small(code: number, exponent: number, mantissa: number): number {
  const sign = code >> (exponent + mantissa) ? -1 : 1;
  const power = (code >> mantissa) & (2 ** exponent - 1);
  const fraction = code & (2 ** mantissa - 1);
  const bias = 2 ** (exponent - 1) - 1;
  if (power === 2 ** exponent - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (power === 0) return sign * fraction * 2 ** (1 - bias - mantissa);
  return sign * (1 + fraction / 2 ** mantissa) * 2 ** (power - bias);
}

export const kinds = {
  bool: { width: 1, get: (view, at) => view.getUint8(at) },
  int8: { width: 1, get: (view, at) => view.getInt8(at) },
  uint8: { width: 1, get: (view, at) => view.getUint8(at) },
  int16: { width: 2, get: (view, at) => view.getInt16(at, true) },
  uint16: { width: 2, get: (view, at) => view.getUint16(at, true) },
  int32: { width: 4, get: (view, at) => view.getInt32(at, true) },
  uint32: { width: 4, get: (view, at) => view.getUint32(at, true) },
  int64: { width: 8, get: (view, at) => Number(view.getBigInt64(at, true)) },
  uint64: { width: 8, get: (view, at) => Number(view.getBigUint64(at, true)) },
  float16: { width: 2, get: (view, at) => small(view.getUint16(at, true), 5, 10) },
  bfloat16: { width: 2, get: (view, at) => small(view.getUint16(at, true), 8, 7) },
  float8_e5m2: { width: 1, get: (view, at) => small(view.getUint8(at), 5, 2) },
  float32: { width: 4, get: (view, at) => view.getFloat32(at, true) },
  float64: { width: 8, get: (view, at) => view.getFloat64(at, true) },
} as const satisfies Readonly<Record<string, Kind>>;

/** The name of a dtype. */
export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as readonly KindName[];

/** A small shape; one in eight has no elements. */
export function shapeOf(dice: Dice): number[] {
  return Array.from({ length: dice.below(4) }, () => (dice.once(12) ? 0 : 1 + dice.below(4)));
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** Little-endian bytes of `count` values that the library reads: bools of 0 and 1, 64 bits below 2^53. */
export function bytesOf(dice: Dice, kind: KindName, count: number): Uint8Array {
  const bytes = dice.bytes(count * kinds[kind].width);
  if (kind === "bool") return bytes.map((byte) => byte & 1);
  if (kind === "int64" || kind === "uint64") {
    for (let i = 0; i < count; i++) {
      const high = bytes[8 * i + 6] as number;
      const negative = kind === "int64" && high > 127;
      // 52 bits, and the sign.
      bytes[8 * i + 6] = negative ? high | 0xf0 : high & 15;
      bytes[8 * i + 7] = negative ? 255 : 0;
      if (negative) bytes[8 * i] = (bytes[8 * i] as number) | 1;
    }
  }
  return bytes;
}

export function valuesOf(kind: KindName, bytes: Uint8Array): number[] {
  const { width, get } = kinds[kind];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / width }, (_, i) => get(view, i * width));
}

/** Returns a copy with one byte changed, or cut short, or with bytes more. */
export function damaged(dice: Dice, bytes: Uint8Array, most = bytes.length): Uint8Array {
  const kind = dice.below(8);
  if (kind === 0) return bytes.slice(0, dice.below(bytes.length + 1));
  if (kind === 1) return joined([bytes, dice.bytes(1 + dice.below(9))]);
  const copy = bytes.slice();
  for (let i = dice.below(3); i >= 0 && copy.length > 0; i--) {
    const at = dice.below(Math.max(1, Math.min(most, copy.length)));
    copy[at] = dice.pick([dice.below(256), 0, 255, (copy[at] as number) ^ (1 << dice.below(8)), 127, 128]);
  }
  return copy;
}

export function joined(parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Numbers that break things: limits of 8 to 64 bits and their neighbours. */
export const awkward: readonly number[] = [
  0,
  1,
  7,
  8,
  127,
  128,
  255,
  256,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 40,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 60,
];
