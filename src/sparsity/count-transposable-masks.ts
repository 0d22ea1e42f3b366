import { ValueError } from "../errors.js";
import { binomial } from "../math/big.js";
import { checkPattern, type NmPattern } from "./pattern.js";

/** The most column-sum states that counting visits per row; 16x16 with 8 kept needs 735,471. */
const maxStates = 800_000;

/**
 * Returns the exact number of group x group masks that keep exactly `keep` in every row and every column.
 * Rows are placed one after another. What matters for the rest is only how many columns still take 0, 1, …, keep
 * entries, so masks with the same such counts are counted together.
 * @throws ValueError when C(group + keep, keep) exceeds 800,000 with keep or group - keep, whichever is smaller:
 * every group up to 16 works, and larger ones with few kept or few pruned
 * @see the numbers for keep = group / 2 are OEIS A058527: 2, 90, 297200, 116963796250, …
 * @example countTransposableMasks({ keep: 2, group: 4 }) // 90n
 */
export function countTransposableMasks(pattern: NmPattern = {}): bigint {
  const { keep: asked, group } = checkPattern("countTransposableMasks", pattern);
  // Zeros and ones swap roles: as many masks keep `keep` as prune `keep`.
  const keep = Math.min(asked, group - asked);
  if (keep === 0) return 1n;
  const states = group > 1000 ? Number.POSITIVE_INFINITY : binomial(group + keep, keep);
  if (states > maxStates) {
    throw new ValueError(
      `countTransposableMasks: keep = ${asked}, group = ${group}, expected at most ${maxStates} column states, not ${states}`,
    );
  }
  const choose = pascal(group);
  const powers = powersOf(group + 1, keep);
  let layer = new Map<number, bigint>([[group * (powers[keep - 1] as number), 1n]]);
  for (let row = 0; row < group; row++) layer = addRow(layer, keep, powers, choose);
  return layer.get(0) ?? 0n;
}

/**
 * Places one more row. A state is a number in base group + 1 whose digit r - 1 tells how many columns still take
 * r entries; columns that take none are left out.
 */
function addRow(layer: Map<number, bigint>, keep: number, powers: number[], choose: bigint[][]): Map<number, bigint> {
  const next = new Map<number, bigint>();
  const digits = new Array<number>(keep).fill(0);
  /** Takes `left` of the `open` columns whose digit is at most this one. */
  const place = (digit: number, left: number, open: number, state: number, ways: bigint): void => {
    if (left === 0) {
      next.set(state, (next.get(state) ?? 0n) + ways);
      return;
    }
    const available = digits[digit] as number;
    const step = (powers[digit] as number) - (digit > 0 ? (powers[digit - 1] as number) : 0);
    const below = open - available;
    for (let taken = Math.max(0, left - below); taken <= Math.min(left, available); taken++) {
      const choices = ways * (choose[available]?.[taken] as bigint);
      place(digit - 1, left - taken, below, state - taken * step, choices);
    }
  };
  for (const [state, ways] of layer) {
    let open = 0;
    for (let digit = keep - 1, rest = state; digit >= 0; digit--) {
      const power = powers[digit] as number;
      digits[digit] = Math.floor(rest / power);
      open += digits[digit] as number;
      rest %= power;
    }
    place(keep - 1, keep, open, state, ways);
  }
  return next;
}

/** Returns base^0 … base^(count-1), multiplied out: `**` is not exact on every engine. */
function powersOf(base: number, count: number): number[] {
  const powers = [1];
  for (let i = 1; i < count; i++) powers.push((powers[i - 1] as number) * base);
  return powers;
}

/** Returns Pascal's triangle down to row `size`. */
function pascal(size: number): bigint[][] {
  const rows: bigint[][] = [[1n]];
  for (let n = 1; n <= size; n++) {
    const above = rows[n - 1] as bigint[];
    rows.push(Array.from({ length: n + 1 }, (_, k) => (above[k - 1] ?? 0n) + (above[k] ?? 0n)));
  }
  return rows;
}
