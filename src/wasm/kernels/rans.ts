// rANS with fixed frequencies: segments of symbols to bytes and back. The state lies in [2^23, 2^31) and moves by bytes.
import { placeOf } from "./_bits";

/**
 * Puts a symbol into a state, whose bytes leave downwards from `to`. An entry holds four u32: the reciprocal of the
 * frequency, the frequency, where its slots begin, and the shift with which (state * reciprocal) >> shift is the exact
 * quotient: reciprocal = ceil(2^shift / frequency), shift = 31 + ceil(log2 frequency).
 */
@inline
function put(state: u32, entry: usize, precision: u32): u32 {
  const frequency = load<u32>(entry, 4);
  const quotient = <u32>((<u64>state * <u64>load<u32>(entry)) >> <u64>load<u32>(entry, 12));
  return state + load<u32>(entry, 8) + quotient * (((<u32>1) << precision) - frequency);
}

/** Returns how many bytes must leave a state before a symbol comes in: 0, 1 or 2. */
@inline
function leaving(state: u32, entry: usize, precision: u32): u32 {
  const limit = load<u32>(entry, 4) << (31 - precision);
  return u32(state >= limit) + u32(state >> 8 >= limit);
}

/** Stores the two lowest bytes of a state below `to`: the lowest one last. */
@inline
function spill(to: usize, state: u32): void {
  store<u16>(to - 2, <u16>(((state & 255) << 8) | ((state >> 8) & 255)));
}

/** Stores a whole state below `to`, the highest byte first. */
@inline
function finish(to: usize, state: u32): void {
  spill(to, state);
  spill(to - 2, state >> 16);
}

/** Codes one segment; its bytes end at `to`. `lengths` gets their number. */
@inline
function encodeOne<T>(count: i32, from: usize, to: usize, entries: usize, lengths: usize, min: i32, precision: i32): i32 {
  const end = to;
  let state: u32 = 1 << 23;
  for (let at = from + <usize>count * sizeof<T>(); at > from; ) {
    at -= sizeof<T>();
    const entry = entries + (placeOf<T>(at, min) << 4);
    const gone = leaving(state, entry, precision);
    spill(to, state);
    to -= gone;
    state = put(state >> (gone << 3), entry, precision);
  }
  finish(to, state);
  store<i32>(lengths, <i32>(end - to) + 4);
  return 0;
}

/**
 * Codes four segments of `count` symbols that follow each other, side by side, so that none waits for its state alone.
 * The bytes of each end at `to`, and `room` bytes further, and so on.
 */
@inline
function encodeFour<T>(
  count: i32, from: usize, to: usize, entries: usize, lengths: usize, min: i32, precision: i32, room: i32,
): i32 {
  const stride = <usize>count * sizeof<T>();
  let p = to;
  let q = p + room;
  let r = q + room;
  let s = r + room;
  let a: u32 = 1 << 23;
  let b = a;
  let c = a;
  let d = a;
  for (let at = from + stride; at > from; ) {
    at -= sizeof<T>();
    const u = entries + (placeOf<T>(at, min) << 4);
    const v = entries + (placeOf<T>(at + stride, min) << 4);
    const w = entries + (placeOf<T>(at + 2 * stride, min) << 4);
    const x = entries + (placeOf<T>(at + 3 * stride, min) << 4);
    const goneA = leaving(a, u, precision);
    const goneB = leaving(b, v, precision);
    const goneC = leaving(c, w, precision);
    const goneD = leaving(d, x, precision);
    spill(p, a);
    spill(q, b);
    spill(r, c);
    spill(s, d);
    p -= goneA;
    q -= goneB;
    r -= goneC;
    s -= goneD;
    a = put(a >> (goneA << 3), u, precision);
    b = put(b >> (goneB << 3), v, precision);
    c = put(c >> (goneC << 3), w, precision);
    d = put(d >> (goneD << 3), x, precision);
  }
  finish(p, a);
  finish(q, b);
  finish(r, c);
  finish(s, d);
  store<i32>(lengths, <i32>(to - p) + 4);
  store<i32>(lengths, <i32>(to + room - q) + 4, 4);
  store<i32>(lengths, <i32>(to + 2 * room - r) + 4, 8);
  store<i32>(lengths, <i32>(to + 3 * room - s) + 4, 12);
  return 0;
}

export function encodeOne8(
  count: i32, from: usize, to: usize, entries: usize, lengths: usize, min: i32, precision: i32,
): i32 {
  return encodeOne<u8>(count, from, to, entries, lengths, min, precision);
}

export function encodeOne16(
  count: i32, from: usize, to: usize, entries: usize, lengths: usize, min: i32, precision: i32,
): i32 {
  return encodeOne<u16>(count, from, to, entries, lengths, min, precision);
}

export function encodeOne32(
  count: i32, from: usize, to: usize, entries: usize, lengths: usize, min: i32, precision: i32,
): i32 {
  return encodeOne<i32>(count, from, to, entries, lengths, min, precision);
}

export function encodeFour8(
  count: i32, from: usize, to: usize, entries: usize, lengths: usize, min: i32, precision: i32, room: i32,
): i32 {
  return encodeFour<u8>(count, from, to, entries, lengths, min, precision, room);
}

export function encodeFour16(
  count: i32, from: usize, to: usize, entries: usize, lengths: usize, min: i32, precision: i32, room: i32,
): i32 {
  return encodeFour<u16>(count, from, to, entries, lengths, min, precision, room);
}

export function encodeFour32(
  count: i32, from: usize, to: usize, entries: usize, lengths: usize, min: i32, precision: i32, room: i32,
): i32 {
  return encodeFour<i32>(count, from, to, entries, lengths, min, precision, room);
}

/**
 * Codes one segment whose symbols have a frequency and a start each (u32), as an adaptive model gave them in turn; its
 * bytes end at `to`, and `lengths` gets their number.
 */
export function encodeGiven(
  count: i32, frequencies: usize, starts: usize, to: usize, lengths: usize, precision: i32,
): i32 {
  const end = to;
  let state: u32 = 1 << 23;
  for (let at = <usize>count << 2; at > 0; ) {
    at -= 4;
    const frequency = load<u32>(frequencies + at);
    const limit = frequency << (31 - precision);
    const gone = u32(state >= limit) + u32(state >> 8 >= limit);
    spill(to, state);
    to -= gone;
    state >>= gone << 3;
    const quotient = state / frequency;
    state += load<u32>(starts + at) + quotient * (((<u32>1) << precision) - frequency);
  }
  finish(to, state);
  store<i32>(lengths, <i32>(end - to) + 4);
  return 0;
}

/**
 * Takes up to `count` symbols out of a state while two bytes of input are left. `slots` holds for each slot the symbol's
 * frequency - 1 (16 bits) and the slot's place among its slots (16 bits above); `symbols` the symbol: a byte for u8,
 * otherwise 16 bits, counted from min for i32. `state`: the state before and after; then how many symbols were taken,
 * and how many bytes.
 */
@inline
function decode<T>(
  count: i32, from: usize, bytes: i32, to: usize, slots: usize, symbols: usize, state: usize, min: i32, precision: i32,
): i32 {
  const first = to;
  const end = to + <usize>count * sizeof<T>();
  const lastFrom = from + bytes - 2;
  const mask = (1 << precision) - 1;
  let at = from;
  let x = load<u32>(state);
  for (; at <= lastFrom && to < end; to += sizeof<T>()) {
    const slot = <usize>(x & mask);
    const entry = slots + (slot << 2);
    if (sizeof<T>() === 1) store<u8>(to, load<u8>(symbols + slot));
    else if (sizeof<T>() === 2) store<u16>(to, load<u16>(symbols + (slot << 1)));
    else store<i32>(to, <i32>load<u16>(symbols + (slot << 1)) + min);
    const quotient = x >> precision;
    x = <u32>load<u16>(entry) * quotient + (quotient + <u32>load<u16>(entry, 2));
    const one = x < 1 << 23;
    const two = x < 1 << 15;
    const next = <u32>load<u8>(at);
    const both = (next << 8) | <u32>load<u8>(at, 1);
    x = select<u32>((x << 16) | both, select<u32>((x << 8) | next, x, one), two);
    at += usize(one) + usize(two);
  }
  store<u32>(state, x);
  store<i32>(state, <i32>((to - first) / sizeof<T>()), 4);
  store<i32>(state, <i32>(at - from), 8);
  return 0;
}

export function decode8(
  count: i32, from: usize, bytes: i32, to: usize, slots: usize, symbols: usize, state: usize, min: i32, precision: i32,
): i32 {
  return decode<u8>(count, from, bytes, to, slots, symbols, state, min, precision);
}

export function decode16(
  count: i32, from: usize, bytes: i32, to: usize, slots: usize, symbols: usize, state: usize, min: i32, precision: i32,
): i32 {
  return decode<u16>(count, from, bytes, to, slots, symbols, state, min, precision);
}

export function decode32(
  count: i32, from: usize, bytes: i32, to: usize, slots: usize, symbols: usize, state: usize, min: i32, precision: i32,
): i32 {
  return decode<i32>(count, from, bytes, to, slots, symbols, state, min, precision);
}
