/** The messages of ipywidgets, recorded by test/fixtures/ipywidgets/record.py, against ours: field for field. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { setHost } from "../../src/display.js";
import * as w from "../../widgets/index.js";
import { type Noted, normalized, Recorder, receive, update } from "./recorder.js";

const recorded = JSON.parse(readFileSync("test/fixtures/ipywidgets/messages.json", "utf8")) as {
  readonly ipywidgets: string;
  readonly abbreviations: Readonly<Record<string, w.Abbreviation>>;
  readonly scenarios: Readonly<Record<string, readonly Noted[]>>;
};

let host: Recorder;
beforeEach(() => {
  host = new Recorder();
  setHost(host);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  w.closeAll();
  setHost(undefined);
  vi.restoreAllMocks();
});

const slider = (options: w.IntSliderOptions = {}): w.IntSlider => new w.IntSlider(options);
const print = (text: unknown): void => host.print(String(text));

/** The same acts as in record.py, by the same names. */
const scenarios: Readonly<Record<string, () => unknown>> = {
  set_in_the_kernel: () => {
    const one = slider({ value: 3, max: 10, description: "bits" });
    one.value = 7;
    one.value = 7;
    one.description = "depth";
  },
  update_from_the_front_end: () => {
    const one = slider({ max: 10 });
    update(host, one, { value: 5 });
    update(host, one, { value: 5 });
    update(host, one, { value: 6, description: "x" });
  },
  clamped: () => {
    const one = slider({ max: 10 });
    update(host, one, { value: 50 });
    one.value = -3;
    one.max = 4;
  },
  refused_value: () => update(host, slider(), { value: "x" }),
  observer_answers: () => {
    const [one, label] = [slider(), new w.Label()];
    one.observe(({ value }) => {
      label.value = `${value} bits`;
    }, "value");
    update(host, one, { value: 5 });
    one.observe(() => {
      one.value = 8;
    }, "value");
    update(host, one, { value: 6 });
  },
  hold_sync: () => {
    const one = slider();
    w.batch(() => {
      one.min = 10;
      one.max = 20;
      one.value = 15;
    });
  },
  request_state: () => {
    const image = new w.Image({ value: new Uint8Array([1, 2, 3]), format: "png", width: "10" });
    receive(host, image, { method: "request_state" });
  },
  request_states: () => {
    new w.HBox([new w.Image({ value: new Uint8Array([1, 2]) })]);
    const control = host.comm("control", "jupyter.widget.control");
    const message = { metadata: { version: "1.0.0" }, data: {}, buffers: [] };
    host.targets.get("jupyter.widget.control")?.(control, message);
    control.onMessage?.({ ...message, data: { method: "request_states" } });
  },
  children: () => {
    const box = new w.VBox([slider()]);
    box.children = [new w.Label(), ...box.children];
    box.children = [];
  },
  pages: () => {
    const tab = new w.Tab([new w.Label(), new w.Label()], { titles: ["one"] });
    tab.selected_index = 1;
    tab.children = [...tab.children, new w.Label()];
    tab.titles = ["a", "b", "c", "d"];
    tab.selected_index = null;
    tab.children = tab.children.slice(0, 1);
    tab.children = [];
  },
  pages_none_open: () => {
    const accordion = new w.Accordion([new w.Label(), new w.Label()]);
    accordion.selected_index = 1;
    accordion.children = [];
    new w.Tab([new w.Label()], { selected_index: null });
    new w.Tab();
  },
  link_in_the_kernel: () => {
    const [a, b] = [slider({ value: 2 }), new w.IntText({ value: 1 })];
    const both = w.link([a, "value"], [b, "value"]);
    a.value = 5;
    update(host, b, { value: 6 });
    both.unlink();
    a.value = 9;
  },
  dlink_in_the_kernel: () => {
    const [a, b] = [slider({ value: 2 }), new w.Label()];
    w.dlink([a, "value"], [b, "value"], { transform: (value) => `${value} %` });
    a.value = 5;
  },
  jslink: () => w.jslink([slider(), "value"], [new w.IntText(), "value"]).unlink(),
  jsdlink: () => w.jsdlink([slider(), "value"], [new w.IntProgress(), "value"]),
  interact_moved: () => {
    const one = slider({ max: 10 });
    w.interact(
      ({ x }) => {
        print(`x = ${x}`);
        return x * 2;
      },
      { x: one },
    );
    update(host, one, { value: 4 });
  },
  interact_fixed_and_error: () =>
    w.interact(
      ({ x, y }) => {
        throw new Error(`${x} ${y}`);
      },
      { x: w.fixed(2), y: 1 },
    ),
  interact_manual: () => {
    const box = w.interactive(({ x }) => print(x), { x: 1 }, { manual: true });
    const [control, button] = box.children as [w.IntSlider, w.Button];
    control.value = 2;
    receive(host, button, { method: "custom", content: { event: "click" } });
  },
  interactive_output: () => {
    const one = slider({ max: 10 });
    w.interactiveOutput(({ x }) => print(x), { x: one });
    one.value = 3;
  },
  output: () => {
    const out = new w.Output();
    out.capture(() => {
      print("printed");
      host.display(new w.Valid());
      host.clearOutput({ wait: true });
      print("again");
    });
    const fail = (): never => {
      throw new Error("no");
    };
    expect(() => out.capture(fail)).toThrow("no");
    out.clearOutput();
  },
  output_nested: () => {
    const [a, b] = [new w.Output(), new w.Output()];
    a.capture(() => {
      print("a");
      b.capture(() => print("b"));
      a.capture(() => print("c"));
    });
  },
  output_from_the_front_end: () => {
    const out = new w.Output();
    out.appendStdout("one\n");
    out.appendStdout("two\n");
    out.appendStderr("three\n");
    update(host, out, { outputs: [{ output_type: "stream", name: "stdout", text: "from the page" }] });
  },
  selection: () => {
    const choice = new w.Dropdown<unknown>({
      options: [
        ["one", 1],
        ["two", 2],
        ["three", 3],
      ] as const,
    });
    update(host, choice, { index: 2 });
    choice.value = 2;
    choice.label = "one";
    choice.index = null;
    choice.options = ["x", "y"];
  },
  selection_multiple: () => {
    const choice = new w.SelectMultiple({ options: ["a", "b", "c"] });
    update(host, choice, { index: [0, 2] });
    choice.value = ["b"];
    choice.options = ["x"];
  },
  selection_range: () => {
    const choice = new w.SelectionRangeSlider({ options: ["a", "b", "c"] });
    update(host, choice, { index: [1, 2] });
    choice.value = ["a", "b"];
  },
  play: () => {
    const player = new w.Play({ max: 3 });
    update(host, player, { value: 1, playing: true });
    update(host, player, { value: 9 });
    player.playing = false;
  },
  upload: () => {
    const file = { name: "a.txt", type: "text/plain", size: 2, last_modified: 1000 };
    const paths = [["value", 0, "content"]];
    update(host, new w.FileUpload(), { value: [file], error: "" }, paths, [new TextEncoder().encode("hi")]);
  },
  dates: () => {
    const at = (text: string): Date => new Date(`${text}Z`);
    const day = new w.DatePicker({ value: at("2021-02-03T00:00:00") });
    const time = new w.TimePicker({ value: { hours: 4, minutes: 5, seconds: 6, milliseconds: 0 } });
    const moment = new w.DatetimePicker({ value: at("2021-02-03T04:05:06") });
    const naive = new w.NaiveDatetimePicker({ value: new Date(2021, 1, 3, 4, 5, 6) });
    update(host, day, { value: { year: 2020, month: 0, date: 31 } });
    update(host, time, { value: { hours: 1, minutes: 2, seconds: 3, milliseconds: 4 } });
    day.value = null;
    naive.value = new Date(2022, 11, 31, 23, 59, 59);
    moment.value = at("1999-01-01T00:00:00");
  },
  image_buffers: () => {
    const image = new w.Image({ value: new Uint8Array([1]) });
    image.value = new Uint8Array([2, 3]);
    image.value = new Uint8Array([2, 3]);
    update(host, image, {}, [["value"]], [new Uint8Array([9])]);
  },
  custom_messages: () => {
    const [button, text] = [new w.Button({ description: "go" }), new w.Text()];
    button.onClick(() => {
      button.description = "gone";
    });
    text.onSubmit(() => {
      text.value = "sent";
    });
    receive(host, button, { method: "custom", content: { event: "click" } });
    receive(host, text, { method: "custom", content: { event: "submit" } });
    button.send({ hello: [1, 2] }, [new Uint8Array([5])]);
  },
  layout_and_style: () => {
    const one = slider({ layout: { width: "50%" }, style: { handle_color: "red" } });
    one.layout.width = "20%";
    one.style.handle_color = null;
    one.addClass("wide");
    one.addClass("wide");
    one.removeClass("wide");
    one.layout = new w.Layout({ height: "3px" });
  },
  tags: () => {
    const [words, numbers] = [new w.TagsInput({ value: ["a"] }), new w.IntsInput({ value: [1] })];
    update(host, words, { value: ["a", "b"] });
    numbers.value = [1, 2];
  },
  ranges: () => {
    const ends = new w.FloatRangeSlider({ value: [1, 2], max: 5 });
    update(host, ends, { value: [2.5, 9] });
    ends.value = [0, 1];
  },
  close: () => {
    const box = new w.VBox([new w.Button()]);
    box.close();
    box.close();
  },
};

const echo = (message: Noted): boolean => (message.data as { method?: string } | undefined)?.method === "echo_update";

/** Where we differ on purpose: how the recording is read then, and why. */
const exceptions: Readonly<Record<string, (messages: readonly Noted[]) => readonly Noted[]>> = {
  // ipywidgets repeats a value that it then refuses, so that the page shows what the kernel does not have; we send the
  // value that counts. Its error is a line in the kernel's log, and so is ours.
  refused_value: (messages) =>
    messages
      .filter(({ type }) => type !== "error")
      .map((message) =>
        echo(message) ? { ...message, data: { method: "update", state: { value: 0 }, buffer_paths: [] } } : message,
      ),
  // New options change labels and choice: two messages there, of which the first does not fit the choice; one here.
  selection_multiple: (messages) => {
    const [labels, index] = messages.slice(-2) as [Noted, Noted];
    const state = { ...stateOf(labels), ...stateOf(index) };
    return [...messages.slice(0, -2), { ...labels, data: { ...(labels.data as object), state } }];
  },
  // New children change titles and the open page: messages of their own there, which do not fit the children; one here.
  pages: joinedWithChildren,
  pages_none_open: joinedWithChildren,
};

function joinedWithChildren(messages: readonly Noted[]): readonly Noted[] {
  const joined: Noted[] = [];
  for (const message of messages) {
    const before = joined.at(-1);
    const isAfter = before?.type === "comm_msg" && "children" in stateOf(before) && message.type === "comm_msg";
    if (!isAfter || Object.keys(stateOf(message)).some((name) => name in stateOf(before))) {
      joined.push(message);
      continue;
    }
    const state = { ...stateOf(before), ...stateOf(message) };
    joined[joined.length - 1] = { ...before, data: { ...(before.data as object), state } };
  }
  return joined;
}

const same = (messages: readonly Noted[]): readonly Noted[] => messages;

function stateOf(message: Noted): object {
  return (message.data as { state: object }).state;
}

function act(name: string): unknown {
  const [kind, what] = name.split(/ (.*)/) as [string, string | undefined];
  if (kind === "open" && what !== undefined) {
    const type = (w as unknown as Record<string, new (options?: object) => object>)[what];
    return new (type as new (options?: object) => object)(
      what.startsWith("Selection") ? { options: ["a", "b"] } : undefined,
    );
  }
  if (kind === "interact" && what !== undefined) {
    return w.interact(() => undefined, { x: recorded.abbreviations[what] as w.Abbreviation });
  }
  return scenarios[name]?.();
}

describe(`the messages of ipywidgets ${recorded.ipywidgets}`, () => {
  test.each(Object.keys(recorded.scenarios))("%s", (name) => {
    act(name);
    expect(normalized(host.log)).toEqual(normalized((exceptions[name] ?? same)(recorded.scenarios[name] ?? [])));
  });

  test("every scenario here is recorded", () => {
    expect(Object.keys(scenarios).filter((name) => !(name in recorded.scenarios))).toEqual([]);
  });
});
