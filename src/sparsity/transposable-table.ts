/** The pairs of four columns, in the order of their bits: the first pair has the highest. */
const pairs = [
  [0, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
  [2, 3],
] as const;
const kinds = 19;
const choices = 64;
/** Needs a bit that is never set: such a lead cannot be. */
const impossible = 64;

/** What one half of a mask keeps: bit j of `first` for column j of its first row. */
interface Half {
  readonly first: number;
  readonly second: number;
  /** Bits of the pairs of columns on which it depends. */
  readonly needed: number;
}

let table: Uint16Array | undefined;

/**
 * Returns which entries each kind of 2:4 transposable mask keeps (see `t24` in the kernels): for kind k, upper half and
 * lower half h, and a lead l of 6 bits, entry (2 k + h) 64 + l has the code of two rows, and above it the bits needed.
 * Kinds count from the last.
 */
export function transposableTable(): Uint16Array {
  if (table !== undefined) return table;
  table = new Uint16Array(2 * choices * kinds);
  const halves = halvesByKind();
  for (const [kind, [upper, lower]] of halves.entries()) {
    const start = 2 * choices * (kinds - 1 - kind);
    for (let lead = 0; lead < choices; lead++) {
      table[start + lead] = packed(upper(lead));
      table[start + choices + lead] = packed(lower(lead));
    }
  }
  return table;
}

function packed({ first, second, needed }: Half): number {
  return first | (second << 4) | (needed << 8);
}

type Choice = (lead: number) => Half;

/** In the order in which the kernel compares them. */
function halvesByKind(): [Choice, Choice][] {
  const twice = ([x, y]: readonly [number, number]): Choice => {
    const bits = (1 << x) | (1 << y);
    return () => ({ first: bits, second: bits, needed: 0 });
  };
  const rest = (pair: readonly [number, number]): [number, number] =>
    [0, 1, 2, 3].filter((column) => !pair.includes(column)) as [number, number];
  return [
    ...pairs.map((pair): [Choice, Choice] => [twice(pair), twice(rest(pair))]),
    ...pairs.flatMap((pair, at): [Choice, Choice][] => {
      const [x, w] = rest(pair);
      const [shareX, shareW] = [sharing(x, pair, at), sharing(w, pair, at)];
      return [
        [shareX, shareW],
        [shareW, shareX],
      ];
    }),
    [apart, apart],
  ];
}

/** Both rows keep column x; the first also y and the second z where (y, z) leads that way, else the other way round. */
function sharing(x: number, [y, z]: readonly [number, number], at: number): Choice {
  const needed = 1 << (5 - at);
  const [withY, withZ] = [(1 << x) | (1 << y), (1 << x) | (1 << z)];
  return (lead) => (lead & needed ? { first: withY, second: withZ, needed } : { first: withZ, second: withY, needed });
}

/** The first row keeps the two columns that lead both others. */
function apart(lead: number): Half {
  for (const chosen of pairs) {
    const bits = (1 << chosen[0]) | (1 << chosen[1]);
    const across = pairs.map(([y, z], at) => ({ at, inside: [y, z].filter((column) => bits & (1 << column)) }));
    const deciding = across.filter(({ inside }) => inside.length === 1);
    const wins = deciding.every(({ at, inside }) => (pairs[at]?.[0] === inside[0]) === Boolean(lead & (1 << (5 - at))));
    if (!wins) continue;
    const needed = deciding.reduce((all, { at }) => all | (1 << (5 - at)), 0);
    return { first: bits, second: 15 - bits, needed };
  }
  return { first: 0, second: 0, needed: impossible };
}
