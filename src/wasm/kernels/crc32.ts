// CRC-32 of bytes, sixteen at a time.

/** @param tables sixteen of 256 u32: the remainders of a byte that 0, 1, … 15 bytes follow; @param state the remainder so far */
export function crc32(count: i32, from: usize, tables: usize, state: usize): i32 {
  let rest = load<u32>(state);
  const end = from + count;
  for (const whole = from + (count & ~15); from < whole; from += 16) {
    const a = load<u32>(from) ^ rest;
    const b = load<u32>(from, 4);
    const c = load<u32>(from, 8);
    const d = load<u32>(from, 12);
    rest =
      four(tables + 12 * 1024, a) ^ four(tables + 8 * 1024, b) ^ four(tables + 4 * 1024, c) ^ four(tables, d);
  }
  for (; from < end; from++) {
    rest = (rest >> 8) ^ load<u32>(tables + (<usize>((rest ^ load<u8>(from)) & 255) << 2));
  }
  store<u32>(state, rest);
  return 0;
}

/** Returns the remainder of four bytes, the first of which is followed by the most. */
@inline
function four(tables: usize, bytes: u32): u32 {
  return (
    load<u32>(tables + (<usize>(bytes & 255) << 2), 3 * 1024) ^
    load<u32>(tables + (<usize>((bytes >> 8) & 255) << 2), 2 * 1024) ^
    load<u32>(tables + (<usize>((bytes >> 16) & 255) << 2), 1024) ^
    load<u32>(tables + (<usize>(bytes >> 24) << 2))
  );
}
