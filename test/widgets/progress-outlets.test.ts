/** What a progress bar says, in a stream, in a notebook and in words. */
import { describe, expect, test, vi } from "vitest";
import { type HostCell, hostSymbol } from "../../src/display.js";
import { progress } from "../../widgets/index.js";
import { describeReading, formatDuration, type ProgressReading } from "../../widgets/lib/progress/meter.js";
import { streamOutlet } from "../../widgets/lib/progress/outlets.js";
import type { ProgressOptions } from "../../widgets/lib/progress/progress.js";
import { testPlace } from "./progress-place.js";

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
