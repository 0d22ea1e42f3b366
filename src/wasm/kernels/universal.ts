// Codes of integers that need no table: Exp-Golomb (of order 0: Elias gamma), Elias delta, and runs of zeros.
import { storeBig } from "./_bits";

/** Which code: 0 Exp-Golomb, 1 Elias delta, 2 runs of zeros with Exp-Golomb between them. */
const delta: i32 = 1;
const zeroRuns: i32 = 2;
/** Longer runs are cut. */
const longestRun: i32 = 65535;

/** Returns the integer that stands for a symbol: itself, or its zigzag place where there are negative ones. */
@inline
function integerOf<T>(from: usize): u64 {
  if (!isSigned<T>()) return <u64>load<T>(from);
  const value = <i32>load<T>(from);
  return <u64>(<u32>((value << 1) ^ (value >> 31)));
}

/**
 * Writes the codes of symbols. `state`: the bits that are not yet a byte (u64, from the top), how many they are (i32), the
 * bytes written by this call (i32), the zeros that have no code yet (i32). Eight bytes are written at a time, of which
 * the last ones are written again.
 */
@inline
function encode<T>(count: i32, from: usize, to: usize, state: usize, kind: i32, order: u64): i32 {
  const start = to;
  const end = from + <usize>count * sizeof<T>();
  let waiting = load<u64>(state);
  let bits = <u64>load<i32>(state, 8);
  let run = load<i32>(state, 16);
  for (; from < end; from += sizeof<T>()) {
    let n = integerOf<T>(from);
    let code: u64;
    let length: u64;
    if (kind === zeroRuns) {
      if (!n && ++run < longestRun) continue;
      code = run + 1;
      // A gamma code of at most 33 bits.
      bits += 127 - 2 * clz(code);
      waiting |= code << (64 - bits);
      storeBig(to, waiting);
      to += <usize>(bits >> 3);
      waiting <<= bits & 56;
      bits &= 7;
      run = 0;
      if (!n) continue;
      n--;
    }
    if (kind === delta) {
      const digits = 64 - clz(n + 1);
      code = (digits << (digits - 1)) + (n + 1 - ((<u64>1) << (digits - 1)));
      length = 126 - 2 * clz(digits) + digits;
    } else {
      const high = (n >> order) + 1;
      const digits = 64 - clz(high);
      code = (high << order) | (n & (((<u64>1) << order) - 1));
      length = digits + order;
      if (length + digits > 57) {
        // Too long to be written at once: the zeros first, at most 32 of them.
        bits += digits - 1;
        storeBig(to, waiting);
        to += <usize>(bits >> 3);
        waiting <<= bits & 56;
        bits &= 7;
      } else length += digits - 1;
    }
    bits += length;
    waiting |= code << (64 - bits);
    storeBig(to, waiting);
    to += <usize>(bits >> 3);
    waiting <<= bits & 56;
    bits &= 7;
  }
  store<u64>(state, waiting);
  store<i32>(state, <i32>bits, 8);
  store<i32>(state, <i32>(to - start), 12);
  store<i32>(state, run, 16);
  return 0;
}

export function encodeInt8(count: i32, from: usize, to: usize, state: usize, kind: i32, order: i32): i32 {
  return encode<i8>(count, from, to, state, kind, order);
}

export function encodeUint8(count: i32, from: usize, to: usize, state: usize, kind: i32, order: i32): i32 {
  return encode<u8>(count, from, to, state, kind, order);
}

export function encodeInt16(count: i32, from: usize, to: usize, state: usize, kind: i32, order: i32): i32 {
  return encode<i16>(count, from, to, state, kind, order);
}

export function encodeUint16(count: i32, from: usize, to: usize, state: usize, kind: i32, order: i32): i32 {
  return encode<u16>(count, from, to, state, kind, order);
}

export function encodeInt32(count: i32, from: usize, to: usize, state: usize, kind: i32, order: i32): i32 {
  return encode<i32>(count, from, to, state, kind, order);
}
