/** JSON that no field expects. */
import type { Dice } from "./dice.js";

/** An object with an own key `__proto__`, which a literal cannot make. */
const proto: unknown = JSON.parse('{ "__proto__": { "polluted": true } }');

const oddities: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  -(2 ** 53),
  2 ** 31,
  "",
  "x",
  "__proto__",
  "constructor",
  "\ud800",
  "a\u0000b",
  "😀".repeat(50),
  "long ".repeat(400),
  [],
  {},
  [[[[]]]],
  [null, "x", 1],
  { a: { b: [1] } },
  { length: 1e9 },
  { toString: null, valueOf: 1, toJSON: "x" },
  { constructor: { prototype: { polluted: true } } },
  proto,
];

/** Returns a value of any JSON type, nested up to a few levels. */
export function randomValue(dice: Dice, depth = 2): unknown {
  if (depth === 0 || !dice.once(4)) return dice.pick(oddities);
  const items = Array.from({ length: dice.below(4) }, () => randomValue(dice, depth - 1));
  if (dice.once(2)) return items;
  const entries = items.map((item) => `${JSON.stringify(dice.pick(keys))}:${JSON.stringify(item)}`);
  return JSON.parse(`{${entries.join(",")}}`);
}

const keys = ["__proto__", "constructor", "prototype", "a", "state", "data", "", "0", "length", "then"];
