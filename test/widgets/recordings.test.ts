/** The messages of ipywidgets, recorded by test/fixtures/ipywidgets/record.py, against ours: field for field. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { setHost } from "../../src/display.js";
import * as w from "../../widgets/index.js";
import { type Noted, normalized, Recorder } from "./recorder.js";
import { scenariosOf } from "./scenarios.js";

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
  return scenariosOf(host)[name]?.();
}

describe(`the messages of ipywidgets ${recorded.ipywidgets}`, () => {
  test.each(Object.keys(recorded.scenarios))("%s", (name) => {
    act(name);
    expect(normalized(host.log)).toEqual(normalized((exceptions[name] ?? same)(recorded.scenarios[name] ?? [])));
  });

  test("every scenario here is recorded", () => {
    expect(Object.keys(scenariosOf(host)).filter((name) => !(name in recorded.scenarios))).toEqual([]);
  });
});
