/** Progress bars, with a clock of their own: what is shown when, and how they end. */
import { describe, expect, test } from "vitest";
import { type ProgressOptions, progressAt } from "../../widgets/lib/progress/progress.js";
import { testPlace } from "./progress-place.js";

test("a loop gets every item, and the bar counts those that are done", () => {
  const { over, pass, shown } = testPlace();
  const seen: string[] = [];
  for (const item of over(["a", "b", "c", "d"], { label: "letters" })) {
    seen.push(item);
    pass(500);
  }
  expect(seen).toEqual(["a", "b", "c", "d"]);
  expect(shown).toEqual([
    "letters: 0/4 (0.0 %), 0.0 s",
    "letters: 1/4 (25.0 %), 2.00/s, 1.5 s left",
    "letters: 2/4 (50.0 %), 2.00/s, 1.0 s left",
    "letters: 3/4 (75.0 %), 2.00/s, 0.5 s left",
    "letters: 4/4 (100.0 %), 2.00/s, 0.0 s left",
    "letters: 4/4, done in 2.0 s, 2.00/s END",
  ]);
});

test("a million quick items are drawn ten times a second, not a million times", () => {
  const { over, pass, shown } = testPlace();
  for (const _ of over({
    length: 1e6,
    *[Symbol.iterator]() {
      for (let i = 0; i < 1e6; i++) yield i;
    },
  } as Iterable<number>))
    pass(0.001);
  // One second: the first drawing, one each tenth of it, the last.
  expect(shown.length).toBeLessThanOrEqual(12);
  expect(shown.length).toBeGreaterThanOrEqual(10);
  expect(shown.at(-1)).toMatch(/^1000000\/1000000, done in 1\.0 s, \d+\/s END$/);
});

describe("the total", () => {
  const first = (items: Iterable<unknown>, options?: ProgressOptions): string | undefined => {
    const { over, shown } = testPlace();
    for (const _ of over(items, options)) break;
    return shown[0];
  };
  test.each([
    ["an array", [1, 2, 3], "0/3 (0.0 %), 0.0 s"],
    ["a typed array", new Float32Array(5), "0/5 (0.0 %), 0.0 s"],
    ["a set", new Set([1, 2]), "0/2 (0.0 %), 0.0 s"],
    ["a map", new Map([[1, 2]]), "0/1 (0.0 %), 0.0 s"],
    ["a text, in characters", "a😀b", "0/3 (0.0 %), 0.0 s"],
    ["a generator, which tells none", new Set([1]).values(), "0, 0.0 s"],
  ])("of %s", (_, items, text) => {
    expect(first(items as Iterable<unknown>)).toBe(text);
  });

  test("that is given counts more than a length", () => {
    expect(first([1, 2, 3], { total: 12 })).toBe("0/12 (0.0 %), 0.0 s");
  });

  test("is dropped when there turn out to be more items", () => {
    const { over, shown } = testPlace();
    for (const _ of over([1, 2, 3], { total: 2 })) {
      // Nothing to do.
    }
    expect(shown.at(-1)).toBe("3, done in 0.0 s END");
  });

  test("of nothing is done at once", () => {
    const { over, shown } = testPlace();
    for (const _ of over([])) throw new Error("there is no item");
    expect(shown).toEqual(["0/0, 0.0 s", "0/0, done in 0.0 s END"]);
  });
});

describe("a bar ends as stopped", () => {
  test("by break, and tells the iterable", () => {
    const { over, shown, pass } = testPlace();
    let told = false;
    function* numbers(): Generator<number> {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        told = true;
      }
    }
    for (const number of over(numbers())) {
      pass(1000);
      if (number === 2) break;
    }
    expect([shown.at(-1), told]).toEqual(["2, stopped after 3.0 s, 1.50 s each END", true]);
  });

  test("by an error in the loop, which passes through", () => {
    const { over, shown } = testPlace();
    expect(() => {
      for (const _ of over([1, 2])) throw new Error("in the loop");
    }).toThrow("in the loop");
    expect(shown.at(-1)).toBe("0/2 (0.0 %), stopped after 0.0 s END");
  });

  test("by an error in the iterable, which passes through", () => {
    const { over, shown } = testPlace();
    function* broken(): Generator<number> {
      yield 1;
      throw new Error("in the iterable");
    }
    expect(() => [...over(broken())]).toThrow("in the iterable");
    expect(shown.at(-1)).toBe("1, stopped after 0.0 s END");
  });

  test("when the cell is stopped, with all that are nested in it; nothing moves any more", () => {
    const { over, shown, board, pass } = testPlace();
    const outer = over([1, 2], { label: "outer" })[Symbol.iterator]();
    outer.next();
    const inner = over([1, 2], { label: "inner" })[Symbol.iterator]();
    inner.next();
    pass(1000);
    board.stop();
    const last = "outer: 0/2 (0.0 %), stopped after 1.0 s | inner: 0/2 (0.0 %), stopped after 1.0 s END";
    expect(shown.at(-1)).toBe(last);
    pass(1000);
    inner.next();
    outer.return?.();
    board.stop();
    expect(shown.at(-1)).toBe(last);
  });
});

describe("nested loops", () => {
  test("share one place; the inner bar goes when it is done", () => {
    const { over, shown, outlets, pass } = testPlace();
    for (const _ of over([1, 2], { label: "outer" })) {
      for (const _ of over("ab", { label: "inner" })) pass(200);
    }
    expect(outlets).toHaveLength(1);
    expect(shown).toEqual([
      "outer: 0/2 (0.0 %), 0.0 s",
      "outer: 0/2 (0.0 %), 0.2 s | inner: 1/2 (50.0 %), 5.00/s, 0.2 s left",
      "outer: 0/2 (0.0 %), 0.4 s | inner: 2/2 (100.0 %), 5.00/s, 0.0 s left",
      "outer: 1/2 (50.0 %), 2.50/s, 0.4 s left | inner: 1/2 (50.0 %), 5.00/s, 0.2 s left",
      "outer: 1/2 (50.0 %), 2.50/s, 0.4 s left | inner: 2/2 (100.0 %), 5.00/s, 0.0 s left",
      "outer: 2/2, done in 0.8 s, 2.50/s END",
    ]);
  });

  test("that are left early give their place to the next", () => {
    const { over, shown, pass } = testPlace();
    for (const _ of over(Array(50))) {
      for (const _ of over(Array(9))) {
        pass(150);
        break;
      }
    }
    for (const line of shown) expect(line.split(" | ").length).toBeLessThanOrEqual(2);
  });

  test("one after the other each have a place", () => {
    const { over, outlets } = testPlace();
    for (const _ of over([1])) {
      // Nothing to do.
    }
    for (const _ of over([1])) {
      // Nothing to do.
    }
    expect(outlets).toHaveLength(2);
  });
});

describe("asynchronous loops", () => {
  async function* three(): AsyncGenerator<number> {
    yield* [1, 2, 3];
  }

  test("over an asynchronous iterable", async () => {
    const { board, shown } = testPlace();
    const seen: number[] = [];
    for await (const item of progressAt({ board: () => board, now: () => 0 }, three(), { total: 3 })) seen.push(item);
    expect([seen, shown.at(-1)]).toEqual([[1, 2, 3], "3/3, done in 0.0 s END"]);
  });

  test("over an ordinary iterable, left early", async () => {
    const { over, shown } = testPlace();
    for await (const item of over([1, 2, 3])) if (item === 2) break;
    expect(shown.at(-1)).toBe("1/3 (33.3 %), stopped after 0.0 s END");
  });

  test("over an ordinary iterable of promises, as for await gives them anywhere", async () => {
    const { over, shown } = testPlace();
    const seen: unknown[] = [];
    for await (const item of over([Promise.resolve("a"), Promise.resolve("b")])) seen.push(item);
    expect([seen, shown.at(-1)]).toEqual([["a", "b"], "2/2, done in 0.0 s END"]);
    const failing = async (): Promise<void> => {
      for await (const _ of over([Promise.resolve(1), Promise.reject(new Error("offline"))]));
    };
    await expect(failing()).rejects.toThrow("offline");
    expect(shown.at(-1)).toBe("1/2 (50.0 %), stopped after 0.0 s END");
  });

  test("beside each other: what outlives the first is seen at the end too", async () => {
    const { over, shown, outlets, pass } = testPlace();
    const [first, second] = ["first", "second"].map((label) => over([1, 2], { label })[Symbol.asyncIterator]());
    await first?.next();
    await second?.next();
    pass(1000);
    for (let i = 0; i < 2; i++) await first?.next();
    pass(1000);
    for (let i = 0; i < 2; i++) await second?.next();
    expect(outlets).toHaveLength(1);
    expect(shown.at(-1)).toBe("first: 2/2, done in 1.0 s, 2.00/s | second: 2/2, done in 2.0 s, 1.00/s END");
  });

  test("over an iterable that fails", async () => {
    const { board, shown } = testPlace();
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error("offline");
    }
    const items = progressAt({ board: () => board, now: () => 0 }, failing(), {}) as AsyncIterable<number>;
    await expect(
      (async () => {
        for await (const _ of items);
      })(),
    ).rejects.toThrow("offline");
    expect(shown.at(-1)).toBe("1, stopped after 0.0 s END");
  });
});

test("the rate follows what is lately, and the end says the whole", () => {
  const { over, pass, shown } = testPlace();
  for (const item of over([1, 2, 3, 4])) pass(item <= 2 ? 1000 : 4000);
  // 1/s, then 0.7 * 1 + 0.3 * 0.25 after the first slow item.
  expect(shown[3]).toBe(`3/4 (75.0 %), ${(1 / 0.775).toPrecision(3)} s each, ${(1 / 0.775).toFixed(1)} s left`);
  expect(shown.at(-1)).toBe("4/4, done in 0:10, 2.50 s each END");
});
