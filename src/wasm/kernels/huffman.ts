// Prefix codes of at most 32 bits: symbols to bits and back, a piece at a time.
import { loadBig, placeOf, storeBig } from "./_bits";

/**
 * Writes the codes of symbols. `codes` holds for each place in the alphabet its code, 8 bits up, and its length. `state`:
 * the bits that are not yet a byte (u64, from the top), how many they are (i32), the bytes written by this call (i32).
 * Eight bytes are written at a time, of which the last ones are written again. `pairs`: no code is longer than 28.
 */
@inline
function encode<T>(count: i32, from: usize, to: usize, codes: usize, state: usize, min: i32, pairs: i32): i32 {
  const size = sizeof<T>();
  const start = to;
  const end = from + <usize>count * size;
  let waiting = load<u64>(state);
  let bits = <u64>load<i32>(state, 8);
  const together = pairs ? from + <usize>(count & ~1) * size : from;
  for (; from < together; from += 2 * size) {
    const a = load<u64>(codes + (placeOf<T>(from, min) << 3));
    const b = load<u64>(codes + (placeOf<T>(from + size, min) << 3));
    // Two codes become one before they meet those that came before.
    const both = ((a >> 8) << (b & 63)) | (b >> 8);
    bits += (a & 63) + (b & 63);
    waiting |= both << (64 - bits);
    storeBig(to, waiting);
    to += <usize>(bits >> 3);
    waiting <<= bits & 56;
    bits &= 7;
  }
  for (; from < end; from += size) {
    const a = load<u64>(codes + (placeOf<T>(from, min) << 3));
    bits += a & 63;
    waiting |= (a >> 8) << (64 - bits);
    storeBig(to, waiting);
    to += <usize>(bits >> 3);
    waiting <<= bits & 56;
    bits &= 7;
  }
  store<u64>(state, waiting);
  store<i32>(state, <i32>bits, 8);
  store<i32>(state, <i32>(to - start), 12);
  return 0;
}

export function encode8(count: i32, from: usize, to: usize, codes: usize, state: usize, min: i32, pairs: i32): i32 {
  return encode<u8>(count, from, to, codes, state, min, pairs);
}

export function encode16(count: i32, from: usize, to: usize, codes: usize, state: usize, min: i32, pairs: i32): i32 {
  return encode<u16>(count, from, to, codes, state, min, pairs);
}

export function encode32(count: i32, from: usize, to: usize, codes: usize, state: usize, min: i32, pairs: i32): i32 {
  return encode<i32>(count, from, to, codes, state, min, pairs);
}

/** Stores the symbols of an entry: up to four of a byte, otherwise up to two. */
@inline
function emit<T>(to: usize, entry: u64, min: i32): void {
  if (sizeof<T>() === 4) {
    store<i32>(to, <i32>((entry >> 32) & 0xffff) + min);
    store<i32>(to, <i32>(entry >> 48) + min, 4);
  } else store<u32>(to, <u32>(entry >> 32));
}

/**
 * Reads codes, at most `count` (16 or more) of them, while eight bytes of input are left behind each place. `lookup` tells by the next
 * 12 bits which codes they begin with: the bits of all of them (8 bits), how many bytes their symbols take (8 bits), and
 * the symbols (the upper 32 bits); 0 when the first code is longer. `longer`: for lengths 0..32 two arrays of 33 i64, what the next 32
 * bits stay below when the code is not longer, and where its symbols begin in `sorted`, less its first code.
 * `state`: how many symbols were read (i32), and how many bits (i32), from `skip` bits behind `from` on. It stops where
 * no code begins.
 */
@inline
function decode<T>(
  count: i32, from: usize, bytes: i32, skip: i32, to: usize,
  lookup: usize, longer: usize, sorted: usize, state: usize, min: i32,
): i32 {
  const size = sizeof<T>();
  const first = to;
  // What one turn of the loop may write, and what it may look at.
  const lastTo = to + <usize>(count - 16) * size;
  const lastFrom = from + bytes - 8;
  let at = from;
  let next: u64 = 0;
  let bits: u64 = 0;
  if (bytes >= 8) {
    next = loadBig(at) << skip;
    bits = 56 - skip;
    at += 7;
  } else bits = -<u64>skip;
  while (at <= lastFrom && to <= lastTo) {
    next |= loadBig(at) >> bits;
    at += <usize>((63 - bits) >> 3);
    bits |= 56;
    let turns = 4;
    let entry: u64;
    do {
      entry = load<u64>(lookup + (<usize>(next >> 52) << 3));
      if (!entry) break;
      emit<T>(to, entry, min);
      to += (<usize>entry >> 8) & 255;
      // Shifts take the lowest six bits alone.
      next <<= entry;
      bits -= entry & 255;
    } while (--turns);
    if (turns === 0) continue;
    if (at > lastFrom) break;
    next |= loadBig(at) >> bits;
    at += <usize>((63 - bits) >> 3);
    bits |= 56;
    const ahead = next >> 32;
    let length: usize = 13;
    while (length <= 32 && ahead >= load<u64>(longer + (length << 3))) length++;
    if (length > 32) break;
    const place = (ahead >> (32 - length)) + load<u64>(longer + 264 + (length << 3));
    store<T>(to, <T>(load<u16>(sorted + (<usize>place << 1)) + min));
    to += size;
    next <<= length;
    bits -= length;
  }
  store<i32>(state, <i32>((to - first) / size));
  store<i32>(state, <i32>((at - from) << 3) - <i32>bits - skip, 4);
  return 0;
}

export function decode8(
  count: i32, from: usize, bytes: i32, skip: i32, to: usize,
  lookup: usize, longer: usize, sorted: usize, state: usize, min: i32,
): i32 {
  return decode<u8>(count, from, bytes, skip, to, lookup, longer, sorted, state, min);
}

export function decode16(
  count: i32, from: usize, bytes: i32, skip: i32, to: usize,
  lookup: usize, longer: usize, sorted: usize, state: usize, min: i32,
): i32 {
  return decode<u16>(count, from, bytes, skip, to, lookup, longer, sorted, state, min);
}

export function decode32(
  count: i32, from: usize, bytes: i32, skip: i32, to: usize,
  lookup: usize, longer: usize, sorted: usize, state: usize, min: i32,
): i32 {
  return decode<i32>(count, from, bytes, skip, to, lookup, longer, sorted, state, min);
}
