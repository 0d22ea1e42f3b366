// What integer codes stand for: scale (code - zeroPoint) in float64, rounded once to float32.
import { partOf, streams } from "./_simd";

/** Runs of `length` codes, each with its scale and zero point. @param kind 0..4: int8, uint8, int16, uint16, int32 */
export function runs(
  count: i32,
  first: f64,
  from: usize,
  to: usize,
  scales: usize,
  zeroPoints: usize,
  length: i32,
  kind: i32,
): i32 {
  const bytes: usize = kind < 2 ? 1 : kind < 4 ? 2 : 4;
  scales += <usize>first << 3;
  zeroPoints += <usize>first << 3;
  for (; count > 0; count--, scales += 8, zeroPoints += 8) {
    run(length, from, to, load<f64>(scales), load<f64>(zeroPoints), kind);
    from += <usize>length * bytes;
    to += <usize>length << 2;
  }
  return 0;
}

/** All codes with one scale and one zero point. */
export function flat(count: i32, first: f64, from: usize, to: usize, scale: f64, zeroPoint: f64, kind: i32): i32 {
  run(count, from, to, scale, zeroPoint, kind);
  return 0;
}

function run(length: i32, from: usize, to: usize, scale: f64, zeroPoint: f64, kind: i32): void {
  if (kind == 0) runOf<i8>(length, from, to, scale, zeroPoint);
  else if (kind == 1) runOf<u8>(length, from, to, scale, zeroPoint);
  else if (kind == 2) runOf<i16>(length, from, to, scale, zeroPoint);
  else if (kind == 3) runOf<u16>(length, from, to, scale, zeroPoint);
  else runOf<i32>(length, from, to, scale, zeroPoint);
}

function runOf<T>(length: i32, from: usize, to: usize, scale: f64, zeroPoint: f64): void {
  const step = f64x2.splat(scale);
  const origin = f64x2.splat(zeroPoint);
  const lines = length >> 4;
  const part = partOf(lines);
  for (let i = 0; i < part; i++) {
    let at = from + ((<usize>i * sizeof<T>()) << 4);
    let cell = to + (<usize>i << 6);
    for (let s = 0; s < streams; s++, at += (<usize>part * sizeof<T>()) << 4, cell += <usize>part << 6) {
      for (let each: usize = 0; each < 4; each++) {
        v128.store(cell + (each << 4), valuesOf(four<T>(at + ((each * sizeof<T>()) << 2)), step, origin));
      }
    }
  }
  from += (<usize>(part * streams) * sizeof<T>()) << 4;
  to += <usize>(part * streams) << 6;
  length -= (part * streams) << 4;
  for (; length > 3; length -= 4, from += 4 * sizeof<T>(), to += 16) {
    v128.store(to, valuesOf(four<T>(from), step, origin));
  }
  for (; length > 0; length--, from += sizeof<T>(), to += 4) {
    store<f32>(to, <f32>(scale * (<f64>load<T>(from) - zeroPoint)));
  }
}

/** Returns what four codes stand for. */
@inline
function valuesOf(codes: v128, step: v128, origin: v128): v128 {
  const a = f64x2.convert_low_i32x4_s(codes);
  const b = f64x2.convert_low_i32x4_s(v128.shuffle<i64>(codes, codes, 1, 1));
  const c = f32x4.demote_f64x2_zero(f64x2.mul(step, f64x2.sub(a, origin)));
  const d = f32x4.demote_f64x2_zero(f64x2.mul(step, f64x2.sub(b, origin)));
  return v128.shuffle<i64>(c, d, 0, 2);
}

/** Returns four codes as int32. */
@inline
function four<T>(from: usize): v128 {
  if (sizeof<T>() == 4) return v128.load(from);
  if (sizeof<T>() == 2) return isSigned<T>() ? v128.load16x4_s(from) : v128.load16x4_u(from);
  const bytes = v128.load32_zero(from);
  if (isSigned<T>()) return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes));
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
}
