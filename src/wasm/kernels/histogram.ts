// How often each symbol occurs. Counts go into several tables in turn, so that equal neighbours do not wait for each
// other's stores; whoever calls adds the tables up.

/** Smallest and largest value of each block of 4096, as two i32. `work` holds 32 bytes. */
@inline
function extent<T>(blocks: i32, from: usize, to: usize, work: usize): void {
  const lanes: usize = 16 / sizeof<T>();
  for (let block = 0; block < blocks; block++, to += 8) {
    let low = v128.load(from);
    let high = low;
    for (const end = from + 4096 * sizeof<T>(); from < end; from += 16) {
      const values = v128.load(from);
      low = v128.min<T>(low, values);
      high = v128.max<T>(high, values);
    }
    v128.store(work, low);
    v128.store(work + 16, high);
    let least = <i32>load<T>(work);
    let most = <i32>load<T>(work + 16);
    for (let i: usize = 1; i < lanes; i++) {
      least = min(least, <i32>load<T>(work + i * sizeof<T>()));
      most = max(most, <i32>load<T>(work + 16 + i * sizeof<T>()));
    }
    store<i32>(to, least);
    store<i32>(to, most, 4);
  }
}

export function extentInt16(blocks: i32, first: f64, from: usize, to: usize, work: usize): i32 {
  extent<i16>(blocks, from, to, work);
  return 0;
}

export function extentUint16(blocks: i32, first: f64, from: usize, to: usize, work: usize): i32 {
  extent<u16>(blocks, from, to, work);
  return 0;
}

export function extentInt32(blocks: i32, first: f64, from: usize, to: usize, work: usize): i32 {
  extent<i32>(blocks, from, to, work);
  return 0;
}

@inline
function bump(count: usize): void {
  store<u32>(count, load<u32>(count) + 1);
}

/** Bytes, into eight tables of 256. */
export function count8(count: i32, first: f64, from: usize, sums: usize): i32 {
  const end = from + count;
  for (const whole = from + (count & ~7); from < whole; from += 8) {
    const eight = load<u64>(from);
    bump(sums + (<usize>(eight & 255) << 2));
    bump(sums + 1024 + (<usize>((eight >> 8) & 255) << 2));
    bump(sums + 2048 + (<usize>((eight >> 16) & 255) << 2));
    bump(sums + 3072 + (<usize>((eight >> 24) & 255) << 2));
    bump(sums + 4096 + (<usize>((eight >> 32) & 255) << 2));
    bump(sums + 5120 + (<usize>((eight >> 40) & 255) << 2));
    bump(sums + 6144 + (<usize>((eight >> 48) & 255) << 2));
    bump(sums + 7168 + (<usize>(eight >> 56) << 2));
  }
  for (; from < end; from++) bump(sums + (<usize>load<u8>(from) << 2));
  return 0;
}

/** Wider symbols from `min` on, into four tables, `stride` bytes apart (0: all of them one). */
@inline
function countWide<T>(count: i32, from: usize, sums: usize, min: i32, stride: usize): i32 {
  const size = sizeof<T>();
  const end = from + <usize>count * size;
  const second = sums + stride;
  const third = second + stride;
  const fourth = third + stride;
  for (const whole = from + <usize>(count & ~3) * size; from < whole; from += 4 * size) {
    bump(sums + (<usize>(<i32>load<T>(from) - min) << 2));
    bump(second + (<usize>(<i32>load<T>(from, sizeof<T>()) - min) << 2));
    bump(third + (<usize>(<i32>load<T>(from, 2 * sizeof<T>()) - min) << 2));
    bump(fourth + (<usize>(<i32>load<T>(from, 3 * sizeof<T>()) - min) << 2));
  }
  for (; from < end; from += size) bump(sums + (<usize>(<i32>load<T>(from) - min) << 2));
  return 0;
}

export function countInt16(count: i32, first: f64, from: usize, sums: usize, min: i32, stride: i32): i32 {
  return countWide<i16>(count, from, sums, min, stride);
}

export function countUint16(count: i32, first: f64, from: usize, sums: usize, min: i32, stride: i32): i32 {
  return countWide<u16>(count, from, sums, min, stride);
}

export function countInt32(count: i32, first: f64, from: usize, sums: usize, min: i32, stride: i32): i32 {
  return countWide<i32>(count, from, sums, min, stride);
}
