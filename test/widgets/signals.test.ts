/** Effects, derived values, streams of changes, batches and links: order and outcome. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { setHost } from "../../src/display.js";
import {
  batch,
  closeAll,
  derived,
  dlink,
  effect,
  IntSlider,
  IntText,
  interact,
  interactive,
  jslink,
  Label,
  link,
  VBox,
} from "../../widgets/index.js";
import { type HostDouble, installHost, removeHost } from "./host-double.js";
import { Recorder } from "./recorder.js";

let host: HostDouble;
beforeEach(() => {
  host = installHost();
});
afterEach(() => {
  closeAll();
  removeHost();
  vi.restoreAllMocks();
});

/** Lets every promise that can go on do so. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await null;
};
const complaints = (): string[] => {
  const seen: string[] = [];
  vi.spyOn(console, "error").mockImplementation((...values) => void seen.push(values.map(String).join(" ")));
  return seen;
};

describe("effect", () => {
  test("runs now, and once after several changes of what it read; not for what it did not read", async () => {
    const [a, b, c] = [new IntSlider({ value: 1 }), new IntSlider({ value: 2 }), new IntSlider()];
    const seen: number[] = [];
    const stop = effect(() => seen.push(a.value + b.value));
    expect(seen).toEqual([3]);
    a.value = 10;
    b.value = 20;
    c.value = 5;
    expect(seen).toEqual([3]);
    await settle();
    expect(seen).toEqual([3, 30]);
    stop();
    a.value = 0;
    await settle();
    expect(seen).toEqual([3, 30]);
  });

  test("what it reads may change from run to run", async () => {
    const [which, a, b] = [new IntSlider({ value: 0 }), new IntSlider({ value: 1 }), new IntSlider({ value: 2 })];
    const seen: number[] = [];
    effect(() => seen.push(which.value === 0 ? a.value : b.value));
    which.value = 1;
    await settle();
    a.value = 50;
    await settle();
    b.value = 60;
    await settle();
    expect(seen).toEqual([1, 2, 60]);
  });

  test("widgets that are given are passed on; a change from the front end counts; observers are not read", async () => {
    const [from, to] = [new IntSlider({ value: 1 }), new Label()];
    const unread = new IntSlider();
    to.observe(() => unread.value, "value");
    const stop = effect(
      (widgets) => {
        widgets.to.value = `${widgets.from.value}`;
      },
      { from, to },
    );
    host.update(from.id, { value: 7 });
    await settle();
    expect(to.value).toBe("7");
    const runs = vi.fn();
    effect(() => runs(to.value));
    unread.value = 3;
    await settle();
    expect(runs).toHaveBeenCalledTimes(1);
    stop();
  });

  test("in a batch it runs when the batch has ended, also after awaits", async () => {
    const [a, b] = [new IntSlider({ value: 1 }), new IntSlider({ value: 2 })];
    const seen: number[] = [];
    effect(() => seen.push(a.value + b.value));
    await batch(async () => {
      a.value = 10;
      await settle();
      expect(seen).toEqual([3]);
      b.value = 20;
    });
    await settle();
    expect(seen).toEqual([3, 30]);
  });

  test("one that changes what it reads settles, or is stopped with a clear error", async () => {
    const seen = complaints();
    const settling = new IntSlider({ value: 9 });
    effect(() => {
      if (settling.value > 3) settling.value--;
    });
    await settle();
    expect([settling.value, seen]).toEqual([3, []]);
    const counter = new IntText();
    effect(() => {
      counter.value++;
    });
    await settle();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(/effect: it changed what it reads 100 times in a row and was stopped/);
    const stoppedAt = counter.value;
    counter.value = 0;
    await settle();
    expect([stoppedAt, counter.value]).toEqual([101, 0]);
  });

  test("the first run throws, a later error is reported and the effect lives on", async () => {
    const seen = complaints();
    const slider = new IntSlider({ value: 1 });
    expect(() =>
      effect(() => {
        throw new RangeError("at once");
      }),
    ).toThrow("at once");
    const values: number[] = [];
    effect(() => {
      values.push(slider.value);
      if (slider.value === 2) throw new RangeError("later");
    });
    slider.value = 2;
    await settle();
    slider.value = 3;
    await settle();
    expect(values).toEqual([1, 2, 3]);
    expect(seen).toEqual([expect.stringContaining("later")]);
  });
});

describe("derived", () => {
  test("is up to date whenever it is asked, computed once per change, and tracked by effects", async () => {
    const slider = new IntSlider({ value: 2 });
    const compute = vi.fn(() => slider.value * 10);
    const value = derived(compute);
    expect(compute).not.toHaveBeenCalled();
    expect([value.value, value.value, compute.mock.calls.length]).toEqual([20, 20, 1]);
    slider.value = 3;
    expect(value.value).toBe(30);
    const seen: number[] = [];
    effect(() => seen.push(value.value));
    slider.value = 4;
    await settle();
    expect(seen).toEqual([30, 40]);
  });

  test("observe hears of new values only", async () => {
    const slider = new IntSlider({ value: 2 });
    const seen: boolean[] = [];
    const stop = derived(() => slider.value > 5).observe((value) => seen.push(value));
    for (const value of [3, 7, 8, 1]) {
      slider.value = value;
      await settle();
    }
    stop();
    slider.value = 9;
    await settle();
    expect(seen).toEqual([true, false]);
  });
});

describe("changes", () => {
  test("a slow reader gets the newest, and the stream ends when the widget closes", async () => {
    const slider = new IntSlider();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const value of slider.changes("value")) {
        seen.push(value);
        await settle();
      }
      return "ended";
    })();
    slider.value = 1;
    await null;
    slider.value = 2;
    slider.value = 3;
    await settle();
    await settle();
    slider.value = 4;
    slider.close();
    expect(await reading).toBe("ended");
    expect(seen.at(-1)).toBe(4);
    expect(seen).not.toContain(2);
  });

  test("a reader that leaves is not kept", async () => {
    const slider = new IntSlider();
    const first = slider.changes("value");
    slider.value = 5;
    expect(await first.next()).toEqual({ done: false, value: 5 });
    await first.return?.();
    slider.value = 6;
    expect(await first.next()).toEqual({ done: true, value: undefined });
    slider.close();
    expect(await slider.changes("value").next()).toEqual({ done: true, value: undefined });
    expect(() => slider.changes("valeu" as "value")).toThrow(/IntSlider: name "valeu", expected one of/);
  });
});

describe("links", () => {
  test("link follows both ways until unlink; transforms apply; a target that cannot follow is told", () => {
    const [a, b] = [new IntSlider({ value: 2 }), new IntText()];
    const linked = link([a, "value"], [b, "value"], { transform: [(value) => value * 10, (value) => value / 10] });
    b.value = 50;
    expect([a.value, b.value]).toEqual([5, 50]);
    linked.unlink();
    a.value = 9;
    expect(b.value).toBe(50);
    expect(() => dlink([a, "value"], [b, "nothing" as "value"])).toThrow(/IntText: name "nothing"/);
    expect(() => jslink([a, "nothing" as "value"], [b, "value"])).toThrow(/IntSlider: name "nothing"/);
  });

  test("unobserveAll forgets the observers of one value, or all", () => {
    const slider = new IntSlider({ max: 100 });
    const seen: string[] = [];
    slider.observe(() => seen.push("value"), "value");
    slider.observe(() => seen.push("any"));
    slider.unobserveAll("value");
    slider.value = 1;
    slider.unobserveAll();
    slider.value = 2;
    expect(seen).toEqual(["any"]);
  });
});

describe("interact", () => {
  test("says what is wrong with a control", () => {
    expect(() => interactive(() => 0, { x: [] })).toThrow(/interact: x is \[\], expected a boolean, number, text/);
    expect(() => interactive(() => 0, { x: [3, 1] })).toThrow(/interact: x is \[3,1\], expected min <= max/);
    expect(() => interactive(() => 0, { x: [Number.NaN, 1] })).toThrow(/x is \[NaN,1\], expected min <= max/);
    expect(() => interactive(() => 0, { x: Number.NaN })).toThrow(/interact: x is NaN, expected a finite number/);
    expect(() => interact(() => 0, { x: new VBox() })).toThrow(
      /interact: x is VBox\(\), expected a widget with a value/,
    );
  });

  test("manual: runs at the button only, which is disabled until an async function has ended", async () => {
    setHost(new Recorder());
    let open: () => void = () => undefined;
    const box = interactive(
      async ({ x }) => {
        await new Promise<void>((resolve) => {
          open = resolve;
        });
        return x;
      },
      { x: 3 },
      { manual: true },
    );
    const button = box.children[1] as unknown as { disabled: boolean; click(): void };
    expect([box.result, button.disabled]).toEqual([undefined, false]);
    button.click();
    expect(button.disabled).toBe(true);
    open();
    await settle();
    expect([box.result, button.disabled]).toEqual([3, false]);
  });
});
