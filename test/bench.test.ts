import { expect, test } from "vitest";
import { type Computation, measure, median, ours, type Variant } from "../bench/lib/measure.js";
import { toMarkdown } from "../bench/lib/report.js";

/** A variant that takes the given times, one after another, and always computes `value`. */
function scripted(name: string, milliseconds: number[], value: number, log: string[]): Variant {
  let at = 0;
  return {
    name,
    by: "test",
    run: () => {
      log.push(name);
      return { milliseconds: milliseconds[at++] as number, value };
    },
  };
}

test("median", () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7]);
});

test("rounds alternate between the variants, and two of them are not counted", async () => {
  const log: string[] = [];
  const variants = [scripted("a", [900, 900, 4, 2, 3], 10, log), scripted("b", [900, 900, 8, 7, 6], 10, log)];
  const [a, b] = await measure([{ name: "sum", variants }], 3);
  expect(log).toEqual(["a", "b", "a", "b", "a", "b", "a", "b", "a", "b"]);
  expect(a).toMatchObject({ medianMs: 3, minMs: 2, rounds: 3, relative: 1 });
  expect(b).toMatchObject({ medianMs: 7, minMs: 6, relative: 7 / 3 });
});

test("variants that compute different values are not compared", async () => {
  const different = (value: number): Computation => ({
    name: "sum",
    variants: [scripted("a", [1, 1, 1], 10, []), scripted("b", [1, 1, 1], value, [])],
  });
  await expect(measure([different(11)], 1)).rejects.toThrow('sum: "b" computes 11, "a" computes 10');
  await expect(measure([different(Number.NaN)], 1)).rejects.toThrow("computes NaN");
  expect(await measure([different(10.000001)], 1)).toHaveLength(2);
});

test("only the computation is timed", async () => {
  const order: string[] = [];
  const variant = ours(
    "f",
    () => order.push("compute"),
    () => order.push("condense"),
  );
  const { milliseconds, value } = await variant.run();
  expect(order).toEqual(["compute", "condense"]);
  expect(value).toBe(2);
  expect(milliseconds).toBeGreaterThanOrEqual(0);
});

test("the report names machine, versions and what was left out", () => {
  const timing = {
    computation: "c",
    variant: "v",
    by: "lowbit",
    medianMs: 123.4,
    minMs: 1.234,
    rounds: 9,
    value: 1,
    relative: 1,
  };
  const text = toMarkdown({
    title: "T",
    machine: "M",
    versions: { node: "20" },
    notes: ["Left out: x."],
    timings: [timing],
  });
  expect(text).toContain("M; node 20.");
  expect(text).toContain("| c | v | lowbit | 123 | 1.23 | 1.00 |");
  expect(text).toContain("- Left out: x.");
});
