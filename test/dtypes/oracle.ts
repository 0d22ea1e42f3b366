/** What ml_dtypes makes of every code and of the neighbours of every boundary; made by fixtures/generate-dtypes.py. */
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import type { FloatFormat, IntFormat } from "../../src/dtypes/index.js";
import * as dtypes from "../../src/dtypes/index.js";

interface Oracle {
  readonly tables: Readonly<Record<string, string>>;
  readonly neighbours: Readonly<Record<string, { readonly count: number; readonly codes: string }>>;
  readonly special: Readonly<Record<string, number[]>>;
  readonly finfo: Readonly<Record<string, [number, number, number, number, number, number, number, number]>>;
  readonly iinfo: Readonly<Record<string, [number, number, number]>>;
  readonly complex: Readonly<Record<string, number[]>>;
  readonly casts: Readonly<Record<string, number[]>>;
  readonly blocks: {
    readonly shape: [number, number];
    readonly values: string;
    readonly mx: Readonly<Record<string, [string, string]>>;
    readonly nvfp4: Readonly<Record<string, [number[], number, string, string]>>;
  };
}

export const oracle: Oracle = JSON.parse(
  readFileSync(new URL("../fixtures/dtypes-ml-dtypes.json", import.meta.url), "utf8"),
);

export const floats: readonly FloatFormat[] = Object.values(dtypes).filter(
  (format): format is FloatFormat => (format as { kind?: unknown }).kind === "float",
);
export const ints: readonly IntFormat[] = Object.values(dtypes).filter(
  (format): format is IntFormat => (format as { kind?: unknown }).kind === "int",
);

/** The bytes of a deflated array. */
export function unpack(text: string): Uint8Array {
  return new Uint8Array(inflateSync(Buffer.from(text, "base64")));
}

/** The values of all codes of a format, from the fixture. */
export function tableOf(name: string): Float32Array {
  const bits = new Uint32Array(unpack(oracle.tables[name] as string).buffer);
  for (let i = 1; i < bits.length; i++) bits[i] = (bits[i] as number) + (bits[i - 1] as number);
  return new Float32Array(bits.buffer);
}

/** The next float32 above or below. */
export function next(value: number, up: boolean): number {
  const float = new Float32Array([value]);
  const bits = new Int32Array(float.buffer);
  if (value === 0) bits[0] = up ? 1 : -0x7fffffff;
  else bits[0] = (bits[0] as number) + (value > 0 === up ? 1 : -1);
  return float[0] as number;
}

/** The finite values of a format, ascending, without -0. */
export function ascending(name: string): number[] {
  const finite = [...tableOf(name)].filter((x) => Number.isFinite(x) && !Object.is(x, -0));
  return finite.sort((a, b) => a - b);
}

/** Each value, the float32 beside it, the middle of each two and the float32 beside that, then past the ends. */
export function neighbours(name: string): Float32Array {
  const values = ascending(name);
  const last = values.length - 1;
  values.push(2 * (values[last] as number) - (values[last - 1] as number));
  if ((values[0] as number) < 0) values.unshift(2 * (values[0] as number) - (values[1] as number));
  const within = values.filter((x) => Math.abs(x) < 2 ** 128);
  const found = new Float32Array(6 * (within.length - 1));
  for (let i = 0; i + 1 < within.length; i++) {
    const [low, high] = [within[i] as number, within[i + 1] as number];
    const middle = Math.fround((low + high) / 2);
    found.set([next(low, true), next(middle, false), middle, next(middle, true), next(high, false), high], 6 * i);
  }
  return found;
}

/** Relation of bits: equal numbers, NaN of any kind equal, and -0 apart from 0. */
export function differences(found: ArrayLike<number>, expected: ArrayLike<number>): string[] {
  if (found.length !== expected.length) return [`${found.length} values, expected ${expected.length}`];
  const wrong: string[] = [];
  for (let i = 0; i < expected.length && wrong.length < 5; i++) {
    if (!Object.is(found[i], expected[i])) wrong.push(`${i}: ${found[i]}, expected ${expected[i]}`);
  }
  return wrong;
}
