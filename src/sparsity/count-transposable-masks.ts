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
  let layer = new Map<number, bigint>([[group * (group + 1) ** (keep - 1), 1n]]);
  const choose = pascal(group);
  for (let row = 0; row < group; row++) layer = addRow(layer, keep, choose);
  return layer.get(0) ?? 0n;
}

/**
 * Places one more row. A state is a number in base group + 1 whose digit r - 1 tells how many columns still take
 * r entries; columns that take none are left out.
 */
function addRow(layer: Map<number, bigint>, keep: number, choose: bigint[][]): Map<number, bigint> {
  const base = choose.length;
  const next = new Map<number, bigint>();
  const digits = new Array<number>(keep).fill(0);
  const place = (digit: number, left: number, state: number, ways: bigint): void => {
    if (left === 0) {
      next.set(state, (next.get(state) ?? 0n) + ways);
      return;
    }
    if (digit < 0) return;
    const available = digits[digit] as number;
    const weight = base ** digit;
    const lower = digit > 0 ? base ** (digit - 1) : 0;
    for (let taken = 0; taken <= Math.min(left, available); taken++) {
      const choices = ways * (choose[available]?.[taken] as bigint);
      place(digit - 1, left - taken, state + taken * (lower - weight), choices);
    }
  };
  for (const [state, ways] of layer) {
    for (let digit = 0, rest = state; digit < keep; digit++, rest = Math.floor(rest / base))
      digits[digit] = rest % base;
    place(keep - 1, keep, state, ways);
  }
  return next;
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
