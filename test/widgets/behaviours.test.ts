/** What controls do beyond holding values; expectations are those of ipywidgets 8. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as widgets from "../../widgets/index.js";
import { type HostDouble, installHost, removeHost } from "./host-double.js";

let host: HostDouble;
beforeEach(() => {
  host = installHost();
});
afterEach(() => {
  widgets.closeAll();
  removeHost();
});

describe("pages", () => {
  const labels = (count: number): widgets.Label[] => Array.from({ length: count }, () => new widgets.Label());

  test("a tab is open where there is any; the last one when the open one goes", () => {
    const tab = new widgets.Tab(labels(3), { titles: ["a", "b"] });
    expect([tab.selected_index, tab.titles]).toEqual([0, ["a", "b", ""]]);
    tab.selected_index = 2;
    tab.children = labels(2);
    expect([tab.selected_index, tab.titles]).toEqual([1, ["a", "b"]]);
    tab.setTitle(1, "c");
    expect([tab.titles, tab.getTitle(1)]).toEqual([["a", "c"], "c"]);
    tab.children = [];
    expect([tab.selected_index, tab.titles]).toEqual([null, []]);
  });

  test("of an accordion and a stack none is open when the open one goes", () => {
    for (const type of [widgets.Accordion, widgets.Stack]) {
      const pages = new type(labels(3), { selected_index: 2 });
      pages.children = labels(2);
      expect(pages.selected_index).toBeNull();
    }
  });

  test("what is no page is refused", () => {
    const tab = new widgets.Tab(labels(2));
    for (const index of [2, -1]) {
      expect(() => tab.set({ selected_index: index })).toThrow(`Tab.selected_index: ${index}, expected null or 0..1`);
    }
    expect(tab.selected_index).toBe(0);
    expect(() => new widgets.Stack([], { selected_index: 0 })).toThrow("expected null, because there is no child");
    expect(() => tab.setTitle(2, "x")).toThrow("Tab: page 2, expected that of a child");
  });
});

describe("moments and tags", () => {
  test("a moment outside its bounds is moved to the nearest", () => {
    const [first, second, third] = [1, 2, 3].map((day) => new Date(Date.UTC(2021, 0, day))) as [Date, Date, Date];
    const picker = new widgets.DatetimePicker({ value: third, max: second });
    expect(picker.value).toEqual(second);
    picker.set({ min: first, value: new Date(0) });
    expect(picker.value).toEqual(first);
    expect(() => picker.set({ min: third })).toThrow(/DatetimePicker: min 2021-01-03.* and max 2021-01-02.*, expected/);
    picker.value = null;
    picker.max = null;
    expect([picker.value, picker.min]).toEqual([null, first]);
  });

  test("tags are of those that are allowed, numbers inside their bounds", () => {
    const tags = new widgets.TagsInput({ value: ["a"], allowed_tags: ["a", "b"] });
    expect(() => tags.set({ value: ["a", "c"] })).toThrow('TagsInput.value: "c", expected one of ["a","b"]');
    expect(() => new widgets.TagsInput({ value: [""] })).toThrow('TagsInput.value: "", expected no empty text');
    const numbers = new widgets.FloatsInput({ value: [0.5], min: 0, max: 1 });
    expect(() => numbers.set({ value: [0.5, 1.5] })).toThrow("FloatsInput.value: 1.5, expected 0..1");
    expect([tags.value, numbers.value]).toEqual([["a"], [0.5]]);
  });
});

describe("bounds", () => {
  test("a value outside is clamped, now and when the bounds move", () => {
    const slider = new widgets.FloatSlider({ value: 7, min: -1, max: 5 });
    expect(slider.value).toBe(5);
    slider.value = -3;
    expect(slider.value).toBe(-1);
    slider.set({ min: 2, max: 3 });
    expect(slider.value).toBe(2);
    expect(() => slider.set({ min: 9 })).toThrow("min 9 and max 3");
    expect([slider.min, slider.value]).toEqual([2, 2]);
  });

  test("a logarithmic slider's bounds are exponents", () => {
    const slider = new widgets.FloatLogSlider({ value: 1e9, base: 10, min: -2, max: 3 });
    expect(slider.value).toBe(1000);
    slider.value = 0;
    expect(slider.value).toBe(0.01);
    const shrinking = new widgets.FloatLogSlider({ value: 1, base: 0.5, min: 0, max: 3 });
    shrinking.value = 0.001;
    expect(shrinking.value).toBe(0.125);
    expect(() => new widgets.FloatLogSlider({ base: 0 })).toThrow("base 0, expected a number above 0");
  });

  test("a range is clamped at both ends and kept in order", () => {
    const range = new widgets.IntRangeSlider({ value: [-5, 300], max: 50 });
    expect(range.value).toEqual([0, 50]);
    range.lower = 20;
    range.upper = 30;
    expect([range.value, range.lower, range.upper]).toEqual([[20, 30], 20, 30]);
    expect(() => {
      range.value = [4, 3];
    }).toThrow("expected the lower end first");
    expect(() => {
      range.value = [1, 2, 3] as unknown as [number, number];
    }).toThrow("IntRangeSlider.value: [1,2,3], expected two items");
  });
});

describe("selections", () => {
  test("labels and an index travel, values stay here", () => {
    const dropdown = new widgets.Dropdown({
      options: [
        ["two of four", 2],
        ["one of four", 1],
      ],
      value: 1,
    });
    const opened = host.take().find(({ id }) => id === dropdown.id);
    expect(opened?.data.state).toMatchObject({ _options_labels: ["two of four", "one of four"], index: 1 });
    expect(opened?.data.state).not.toHaveProperty("options");
    expect(opened?.data.state).not.toHaveProperty("value");
    const value: number | null = dropdown.value;
    expect([value, dropdown.label]).toEqual([1, "one of four"]);
  });

  test("value, label and index follow each other and are observed", () => {
    const dropdown = new widgets.Dropdown({ options: ["a", "b", "c"] });
    const seen: [string, unknown, unknown][] = [];
    dropdown.observe(({ name, old, value }) => seen.push([name, old, value]), ["value", "label", "index"]);
    expect([dropdown.value, dropdown.index]).toEqual(["a", 0]);
    dropdown.value = "c";
    dropdown.label = "b";
    host.update(dropdown.id, { index: 0 });
    dropdown.value = null;
    expect(seen.filter(([name]) => name === "value")).toEqual([
      ["value", "a", "c"],
      ["value", "c", "b"],
      ["value", "b", "a"],
      ["value", "a", null],
    ]);
    expect(seen.filter(([name]) => name === "index").map(([, , value]) => value)).toEqual([2, 1, 0, null]);
  });

  test("new options choose the first one", () => {
    const radio = new widgets.RadioButtons({ options: [4, 8], value: 8 });
    radio.options = [16, 32, 64];
    expect([radio.value, radio.index]).toEqual([16, 0]);
    radio.options = [];
    expect([radio.value, radio.index, radio.label]).toEqual([null, null, null]);
  });

  test("a change of something else leaves the choice alone", () => {
    const select = new widgets.Select({ options: ["a", "b"], value: "b" });
    select.rows = 9;
    expect(select.value).toBe("b");
  });

  test("what is no option is refused", () => {
    const select = new widgets.Select({ options: ["a", "b"] });
    expect(() => {
      select.value = "z";
    }).toThrow('Select.value: "z", expected one of "a", "b"');
    expect(() => {
      select.index = 2;
    }).toThrow("Select.index: 2, expected null or 0..1");
    expect(() => new widgets.SelectionSlider()).toThrow("SelectionSlider.options: none, expected at least one");
    expect(() => new widgets.Select({ options: [["a", 1, 2] as unknown as [string, number]] })).toThrow(
      "expected a list of values",
    );
  });

  test("several options, and the two ends of a range", () => {
    const several = new widgets.SelectMultiple({ options: ["a", "b", "c"] });
    expect(several.value).toEqual([]);
    several.value = ["c", "a"];
    expect([several.index, several.label]).toEqual([
      [2, 0],
      ["c", "a"],
    ]);
    host.update(several.id, { index: [1] });
    expect(several.value).toEqual(["b"]);
    const range = new widgets.SelectionRangeSlider({ options: [1, 2, 4, 8] });
    expect(range.value).toEqual([1, 1]);
    range.index = [1, 3];
    expect(range.value).toEqual([2, 8]);
    expect(() => {
      range.value = [1];
    }).toThrow("1 ends, expected the two ends of a range");
  });

  test("options that are objects keep their identity", () => {
    const [a, b] = [{ keep: 2 }, { keep: 4 }];
    const toggle = new widgets.ToggleButtons({
      options: [
        ["2", a],
        ["4", b],
      ],
    });
    toggle.index = 1;
    expect(toggle.value).toBe(b);
  });
});

describe("events", () => {
  test("a click from the front end and from here call the handlers with the button", () => {
    const button = new widgets.Button();
    const seen: unknown[] = [];
    const handler = (one: widgets.Button): number => seen.push(one);
    button.onClick(handler);
    host.receive(button.id, { method: "custom", content: { event: "click" } });
    host.receive(button.id, { method: "custom", content: { event: "hover" } });
    button.click();
    button.offClick(handler);
    button.click();
    expect(seen).toEqual([button, button]);
  });

  test("Enter in a text field is a submission", () => {
    const text = new widgets.Text({ value: "2:4" });
    const seen: string[] = [];
    text.onSubmit(({ value }) => seen.push(value));
    host.receive(text.id, { method: "custom", content: { event: "submit" } });
    expect(seen).toEqual(["2:4"]);
  });
});

describe("outputs", () => {
  test("what is appended follows in order, as in ipywidgets each text by itself", () => {
    const log = new widgets.Output();
    log.appendStdout("a");
    log.appendStdout("b\n");
    log.appendStderr("c");
    log.appendDisplay({ "text/html": "<b>3</b>" });
    expect(log.outputs).toEqual([
      { output_type: "stream", name: "stdout", text: "a" },
      { output_type: "stream", name: "stdout", text: "b\n" },
      { output_type: "stream", name: "stderr", text: "c" },
      { output_type: "display_data", data: { "text/html": "<b>3</b>" }, metadata: {} },
    ]);
    log.clear();
    expect(log.outputs).toEqual([]);
  });
});

describe("days and times", () => {
  const stateOf = (id: string): unknown => host.take().find((sent) => sent.id === id)?.data.state;

  test("a day travels as year, month from 0 and date, in UTC", () => {
    const picker = new widgets.DatePicker({ value: new Date("2021-02-16") });
    expect(stateOf(picker.id)).toMatchObject({ value: { year: 2021, month: 1, date: 16 } });
    host.update(picker.id, { value: { year: 33, month: 11, date: 31 } });
    expect(picker.value?.toISOString()).toBe("0033-12-31T00:00:00.000Z");
    host.update(picker.id, { value: null });
    expect(picker.value).toBeNull();
  });

  test("a moment travels with its time in UTC", () => {
    const picker = new widgets.DatetimePicker({ value: new Date("2021-02-16T23:59:58.007Z") });
    const parts = { year: 2021, month: 1, date: 16, hours: 23, minutes: 59, seconds: 58, milliseconds: 7 };
    expect(stateOf(picker.id)).toMatchObject({ value: parts });
    host.update(picker.id, { value: { ...parts, year: 1999 } });
    expect(picker.value?.toISOString()).toBe("1999-02-16T23:59:58.007Z");
  });

  test("a naive moment travels by its wall-clock parts", () => {
    const picker = new widgets.NaiveDatetimePicker({ value: new Date(2021, 1, 16, 23, 59, 58, 7) });
    const parts = { year: 2021, month: 1, date: 16, hours: 23, minutes: 59, seconds: 58, milliseconds: 7 };
    expect(stateOf(picker.id)).toMatchObject({ value: parts });
    host.update(picker.id, { value: { ...parts, hours: 1 } });
    expect(picker.value?.getTime()).toBe(new Date(2021, 1, 16, 1, 59, 58, 7).getTime());
  });

  test("a time of day is checked", () => {
    const picker = new widgets.TimePicker({ value: { hours: 9, minutes: 30, seconds: 0, milliseconds: 0 } });
    expect(stateOf(picker.id)).toMatchObject({ value: { hours: 9, minutes: 30, seconds: 0, milliseconds: 0 } });
    expect(() => {
      picker.value = { hours: 24, minutes: 0, seconds: 0, milliseconds: 0 };
    }).toThrow("expected a time of day");
  });
});
