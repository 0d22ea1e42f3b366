/** Progress bars, with a clock of their own: what is shown when, and how they end. */
import { describe, expect, test, vi } from "vitest";
import { type HostCell, hostSymbol } from "../../src/display.js";
import { progress } from "../../widgets/index.js";
import { Board, type Outlet } from "../../widgets/lib/progress/board.js";
import { describeReading, formatDuration, type ProgressReading } from "../../widgets/lib/progress/meter.js";
import { streamOutlet } from "../../widgets/lib/progress/outlets.js";
import { type ProgressItems, type ProgressOptions, progressAt } from "../../widgets/lib/progress/progress.js";

/** A place whose clock moves only when told to. */
function testPlace(makeOutlet?: () => Outlet) {
  let time = 0;
  const shown: string[] = [];
  const outlets: number[] = [];
  const outlet = (): Outlet => {
    outlets.push(time);
    return {
      interval: 100,
      show: (bars, ended) => void shown.push(bars.map(describeReading).join(" | ") + (ended ? " END" : "")),
    };
  };
  const now = (): number => time;
  const board = new Board(makeOutlet ?? outlet, now);
  const over = <Item>(items: Iterable<Item>, options: ProgressOptions = {}): ProgressItems<Item> =>
    progressAt({ board: () => board, now }, items, options) as ProgressItems<Item>;
  return { shown, outlets, board, over, pass: (milliseconds: number) => (time += milliseconds) };
}

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

describe("in a stream", () => {
  const written = (
    isTTY: boolean,
    columns: number | undefined,
  ): { text: () => string; run: (items: number, step: number) => void } => {
    const parts: string[] = [];
    const stream = { isTTY, ...(columns !== undefined && { columns }), write: (text: string) => void parts.push(text) };
    const { over, pass } = testPlace(() => streamOutlet(stream));
    return {
      text: () => parts.join(""),
      run: (items, step) => {
        for (const _ of over(Array(items), { label: "work" })) pass(step);
      },
    };
  };

  test("a terminal shows one line that is written over, and ends it", () => {
    const { text, run } = written(true, 60);
    run(2, 1000);
    expect(text().split("\r").slice(1)).toEqual([
      "[-----------] work: 0/2 (0.0 %), 0.0 s\u001b[K",
      "[#####------] work: 1/2 (50.0 %), 1.00/s, 1.0 s left\u001b[K",
      "[###########] work: 2/2 (100.0 %), 1.00/s, 0.0 s left\u001b[K",
      "[###########] work: 2/2, done in 2.0 s, 1.00/s\u001b[K\n",
    ]);
  });

  test.each([
    [0, "[####################] work: 2/2, done in 2.0 s, 1.00/s"],
    [undefined, "[####################] work: 2/2, done in 2.0 s, 1.00/s"],
    [40, "work: 2/2, done in 2.0 s, 1.00/s"],
    [20, "work: 2/2, done in "],
  ])("a terminal of %s columns keeps the numbers, and drops the bar first", (columns, end) => {
    const { text, run } = written(true, columns);
    run(2, 1000);
    expect(text().split("\r").at(-1)).toBe(`${end}\u001b[K\n`);
  });

  test("a log gets a line every ten seconds and one at the end", () => {
    const { text, run } = written(false, 60);
    run(250, 100);
    expect(text().split("\n")).toEqual([
      "work: 100/250 (40.0 %), 10.0/s, 0:15 left",
      "work: 200/250 (80.0 %), 10.0/s, 5.0 s left",
      "work: 250/250, done in 0:25, 10.0/s",
      "",
    ]);
  });
});

test("in a notebook one output is kept up to date, as HTML with the label escaped and as text", () => {
  const calls: { value: Record<string, string>; options: { displayId: string; update: boolean } }[] = [];
  let stop: (() => void) | undefined;
  const cell: HostCell = { watched: true, onStop: (handler) => (stop = handler) };
  const double = { cell: () => cell, display: (value: never, options: never) => void calls.push({ value, options }) };
  Object.assign(globalThis, { [hostSymbol]: double });
  try {
    const items = progress([1, 2], { label: "<b>&" })[Symbol.iterator]();
    items.next();
    stop?.();
  } finally {
    Reflect.deleteProperty(globalThis, hostSymbol);
  }
  expect(calls.map(({ options }) => options.update)).toEqual([false, true]);
  expect(new Set(calls.map(({ options }) => options.displayId)).size).toBe(1);
  expect(calls[0]?.value["text/html"]).toContain("&lt;b&gt;&amp;: 0/2 (0.0 %)");
  expect(calls[0]?.value["text/html"]).toContain('aria-valuemax="2" aria-valuenow="0"');
  expect(calls[1]?.value["text/plain"]).toMatch(/^\[-{20}\] <b>&: 0\/2 \(0\.0 %\), stopped after \d\.\d s$/);
});

test("without a kernel the line goes to stderr", () => {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  for (const _ of progress([1, 2], { label: "plain" })) {
    // Nothing to do.
  }
  const lines = write.mock.calls.map(([text]) => String(text)).join("");
  write.mockRestore();
  expect(lines).toContain("plain: 2/2, done in 0.0 s");
});

test.each([
  [5, {}, "progress: 5, expected an iterable"],
  [null, {}, "progress: null, expected an iterable"],
  [[1], { total: -1 }, "progress: total = -1, expected a whole number from 0"],
  [[1], { total: 1.5 }, "progress: total = 1.5, expected a whole number"],
  [[1], { label: 5 }, "progress: label = 5, expected a text"],
])("%j with %j is refused", (items, options, message) => {
  expect(() => progress(items as unknown as Iterable<unknown>, options as ProgressOptions)).toThrow(message);
});

test.each([
  [0.04, "0.0 s"],
  [9.94, "9.9 s"],
  [9.96, "0:10"],
  [59.6, "1:00"],
  [3599.6, "1:00:00"],
  [90061, "25:01:01"],
])("%f seconds are %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test("a label is one line, and steers no terminal", () => {
  const { over, shown } = testPlace();
  for (const _ of over([1], { label: "two\nlines \u001b[31mred" }));
  expect(shown.at(-1)).toBe("two lines [31mred: 1/1, done in 0.0 s END");
});

test("a bar whose total is zero and that is not done says so without a share", () => {
  const reading: ProgressReading = {
    label: "",
    count: 0,
    total: 0,
    state: "running",
    elapsedSeconds: 1,
    rate: undefined,
  };
  expect(describeReading(reading)).toBe("0/0, 1.0 s");
});
