/** What record.py does with ipywidgets, done with ours. */
import { expect } from "vitest";
import * as w from "../../widgets/index.js";
import { type Recorder, receive, update } from "./recorder.js";

/** Returns the same acts as in record.py, by the same names. */
export function scenariosOf(host: Recorder): Readonly<Record<string, () => unknown>> {
  const slider = (options: w.IntSliderOptions = {}): w.IntSlider => new w.IntSlider(options);
  const print = (text: unknown): void => host.print(String(text));

  return {
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
    moments: () => {
      const day = new w.DatePicker({ value: new Date(Date.UTC(2021, 1, 8)), min: new Date(Date.UTC(2021, 2, 1)) });
      day.value = new Date(Date.UTC(2021, 1, 1));
      day.value = new Date(Date.UTC(2021, 3, 1));
      const time = (hours: number, minutes: number): w.TimeOfDay => ({ hours, minutes, seconds: 0, milliseconds: 0 });
      const picker = new w.TimePicker({ value: time(9, 30), max: time(10, 0) });
      update(host, picker, { value: { ...time(11, 0) } });
      picker.value = null;
    },
    focus: () => {
      const text = new w.Text();
      text.focus();
      text.blur();
    },
    allowed_tags: () => {
      new w.Button({ icon: "fa-check" });
      const numbers = new w.IntsInput({ value: [1, 2], max: 3 });
      update(host, numbers, { value: [1, 3] });
      new w.TagsInput({ value: ["a"], allowed_tags: ["a", "b"] }).value = ["b"];
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
}
