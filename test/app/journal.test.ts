/** What the server keeps of a cell's output for a page that is not there. */
import { describe, expect, test } from "vitest";
import { createJournal, type Journal } from "../../app/server/journal/journal.js";
import { createKernelJournal } from "../../app/server/journal/kernel-journal.js";
import type { JournalMessage } from "../../app/server/journal/messages.js";
import type { ChannelMessage } from "../../app/server/kernels/frames.js";
import { createSpool } from "../../app/server/kernels/spool.js";

let clock = 0;
/** A message; each is a millisecond later than the one before. */
function message(type: string, content: object, parentId = "", date?: string): JournalMessage {
  const id = `m${++clock}`;
  const parentType = parentId === "" ? "" : "execute_request";
  const at = date ?? new Date(1_700_000_000_000 + clock).toISOString();
  return {
    type,
    id,
    client: "page",
    date: at,
    parentId,
    parentType,
    metadata: {},
    content: { ...content },
    buffers: [],
  };
}

/** A cell of a notebook is run. Returns the request's id. */
function run(journal: Journal, cellId: string, code = "", deletedCells: readonly string[] = []): string {
  const request = { ...message("execute_request", { code }), metadata: { cellId, deletedCells } };
  journal.request(request);
  return request.id;
}

const say = (journal: Journal, parent: string, ...said: readonly (readonly [string, object])[]): void => {
  for (const [type, content] of said) journal.published(message(type, content, parent));
};
const print = (text: string, name = "stdout"): [string, object] => ["stream", { name, text }];
const show = (text: string, displayId?: string): [string, object] => [
  "display_data",
  { data: { "text/plain": text }, metadata: {}, ...(displayId && { transient: { display_id: displayId } }) },
];
const busy: [string, object] = ["status", { execution_state: "busy" }];
const idle: [string, object] = ["status", { execution_state: "idle" }];
const counted = (n: number): [string, object] => ["execute_input", { code: "", execution_count: n }];

/** The outputs of a cell in short. */
function gist(journal: Journal, cellId: string): unknown {
  return journal
    .news()
    .find((cell) => cell.cellId === cellId)
    ?.outputs.map((output) =>
      output.output_type === "stream"
        ? `${output.name}: ${output.text}`
        : (output.ename ?? (output.data as Record<string, string>)["text/plain"]),
    );
}

describe("a cell", () => {
  test("waits, runs and is done, with its number and its outputs in order", () => {
    const journal = createJournal();
    const first = run(journal, "a", "1 + 1");
    const second = run(journal, "b");
    expect(journal.news().map(({ state }) => state)).toEqual(["queued", "queued"]);
    say(journal, first, busy, counted(4), print("x"), print("y"), print("z", "stderr"), show("shown"));
    expect(journal.news()[0]).toMatchObject({ state: "running", executionCount: 4, code: "1 + 1", messageId: first });
    say(journal, first, ["execute_result", { data: { "text/plain": "2" }, metadata: {}, execution_count: 4 }], idle);
    expect(gist(journal, "a")).toEqual(["stdout: xy", "stderr: z", "shown", "2"]);
    expect(journal.news().map(({ state }) => state)).toEqual(["done", "queued"]);
    say(journal, second, busy, ["error", { ename: "TypeError", evalue: "no", traceback: [] }], idle);
    expect(gist(journal, "b")).toEqual(["TypeError"]);
  });

  test("that is run again begins anew, and what the earlier run still prints is not its output", () => {
    const journal = createJournal();
    const first = run(journal, "a");
    say(journal, first, busy, print("old"));
    const second = run(journal, "a");
    say(journal, first, print("late"), idle);
    say(journal, second, busy, print("new"), idle);
    expect(gist(journal, "a")).toEqual(["stdout: new"]);
  });

  test("clears its output, at once or with the next", () => {
    const journal = createJournal();
    const id = run(journal, "a");
    say(journal, id, busy, print("1"), ["clear_output", { wait: true }]);
    expect(gist(journal, "a")).toEqual(["stdout: 1"]);
    say(journal, id, print("2"));
    expect(gist(journal, "a")).toEqual(["stdout: 2"]);
    say(journal, id, ["clear_output", { wait: false }]);
    expect(gist(journal, "a")).toEqual([]);
  });

  test("changes what another cell shows under a display id, also one that was saved", () => {
    const journal = createJournal();
    const first = run(journal, "a");
    say(journal, first, busy, show("0 %", "bar"), show("other"), idle);
    journal.settle(journal.news().map(({ messageId, date }) => ({ messageId, date })));
    expect(journal.news()).toEqual([]);
    const second = run(journal, "b");
    say(journal, second, busy, ["update_display_data", show("50 %", "bar")[1]]);
    expect(gist(journal, "a")).toEqual(["50 %", "other"]);
    expect(journal.news()[0]?.displays).toEqual([[0, "bar"]]);
  });

  test("that was deleted is forgotten; a console's is never kept, nor a silent one", () => {
    const journal = createJournal();
    run(journal, "a");
    run(journal, "b", "", ["a"]);
    journal.request({ ...message("execute_request", { code: "" }), metadata: { cellId: "console" } });
    const metadata = { cellId: "silent", deletedCells: [] };
    journal.request({ ...message("execute_request", { code: "", silent: true }), metadata });
    expect(journal.news().map(({ cellId }) => cellId)).toEqual(["b"]);
  });

  test("that ran when the kernel ended is done", () => {
    const journal = createJournal();
    say(journal, run(journal, "a"), busy, print("so far"));
    journal.ended();
    expect(journal.news()[0]).toMatchObject({ state: "done", executionCount: null });
    expect(gist(journal, "a")).toEqual(["stdout: so far"]);
  });
});

describe("a saved notebook", () => {
  test("has what it says it has: only what came later is news", () => {
    const journal = createJournal();
    const id = run(journal, "a");
    say(journal, id, busy, print("first "), idle);
    const [{ date = "" } = {}] = journal.news();
    journal.settle([{ messageId: id, date }]);
    expect(journal.news()).toEqual([]);
    say(journal, id, print("by a timer"));
    expect(gist(journal, "a")).toEqual(["stdout: first by a timer"]);
  });

  test("in the middle of a run is not the end of it", () => {
    const journal = createJournal();
    const id = run(journal, "a");
    say(journal, id, busy, print("half"));
    const [{ date = "" } = {}] = journal.news();
    journal.settle([{ messageId: id, date }]);
    expect(journal.news()[0]?.state).toBe("running");
  });

  test("names the messages of the last millisecond, so that a page takes none of them twice", () => {
    const journal = createJournal();
    const id = run(journal, "a");
    say(journal, id, busy);
    const date = "2030-01-01T00:00:00.000Z";
    const two = [message("stream", { text: "1" }, id, date), message("stream", { text: "2" }, id, date)];
    for (const one of two) journal.published(one);
    expect(journal.news()[0]).toMatchObject({ date, lastIds: two.map((one) => one.id) });
  });
});

describe("a kernel that two notebooks share", () => {
  test("gives each of them its own cells, also when its page has gone, and both what is nobody's", () => {
    const journal = createJournal();
    const ask = (client: string, cellId: string): void =>
      journal.request({ ...message("execute_request", { code: "" }), client, metadata: { cellId, deletedCells: [] } });
    const seen = (session: string): string[] => journal.news((owner) => owner !== session).map(({ cellId }) => cellId);
    ask("page 1", "early");
    journal.identify("page 1", "one");
    journal.identify("page 2", "two");
    ask("page 1", "late");
    ask("page 2", "other");
    ask("a script", "third");
    expect([seen("one"), seen("two")]).toEqual([
      ["early", "late", "third"],
      ["other", "third"],
    ]);
    journal.identify("page 3", "one");
    ask("page 3", "late");
    expect([seen("one"), seen("two")]).toEqual([
      ["early", "third", "late"],
      ["other", "third"],
    ]);
    expect(journal.news()).toHaveLength(4);
    // A copy has cells with the same ids.
    ask("page 2", "late");
    expect([seen("one"), seen("two")]).toEqual([
      ["early", "third", "late"],
      ["other", "third", "late"],
    ]);
  });
});

describe("too much", () => {
  test("of one cell is left out, and it says how much", () => {
    const journal = createJournal({ cell: 2000, all: 100_000 });
    const id = run(journal, "a");
    say(journal, id, busy, show("small"), show("x".repeat(5000)), show("still small"), idle);
    const outputs = gist(journal, "a") as string[];
    expect(outputs.slice(0, 2)).toEqual(["small", "still small"]);
    expect(outputs[2]).toMatch(/^stderr: … 6 KiB more of output was not kept\.\n$/);
  });

  test("of all cells lets the saved ones go first, then the oldest", () => {
    const journal = createJournal({ cell: 10_000, all: 25_000 });
    const ids = ["a", "b", "c"].map((cellId) => {
      const id = run(journal, cellId);
      say(journal, id, busy, show(cellId.repeat(8000)), idle);
      if (cellId === "b") journal.settle(journal.news().map(({ messageId, date }) => ({ messageId, date })));
      return id;
    });
    // a and b are saved; with d, a goes; with e, b and then c have to.
    for (const cellId of ["d", "e"]) say(journal, run(journal, cellId), busy, show(cellId.repeat(8000)), idle);
    expect(journal.news().map(({ cellId }) => cellId)).toEqual(["c", "d", "e"]);
    say(journal, run(journal, "f"), busy, show("f".repeat(8000)), idle);
    expect((gist(journal, "c") as string[])[0]).toMatch(/^stderr: … 9 KiB of output was not kept: all the cells/);
    expect((gist(journal, "f") as string[])[0]).toBe("f".repeat(8000));
    expect(ids).toHaveLength(3);
  });
});

describe("a kernel's journal", () => {
  const frame = (channel: ChannelMessage["channel"], one: JournalMessage): ChannelMessage => {
    const header = { msg_id: one.id, msg_type: one.type, date: one.date };
    const parent = one.parentId === "" ? {} : { msg_id: one.parentId, msg_type: "execute_request" };
    const parts = [header, parent, one.metadata, one.content].map((part) => Buffer.from(JSON.stringify(part)));
    return { channel, parts, buffers: [] };
  };
  const request = { ...message("execute_request", { code: "" }), metadata: { cellId: "a", deletedCells: [] } };

  test("of printed text keeps a megabyte, and a link to the whole under the address that asks", () => {
    const spool = createSpool();
    const journal = createKernelJournal(spool);
    journal.sent(frame("shell", request));
    const line = `${"x".repeat(1023)}\n`;
    for (let n = 0; n < 1100; n++) journal.published(frame("iopub", message(...print(line), request.id)), false);
    const [cell] = journal.news("http://here/api/kernels/k");
    const [stream, notice] = cell?.outputs ?? [];
    expect(String(stream?.text)).toHaveLength(2 ** 20);
    const { "text/html": html = "" } = (notice?.data ?? {}) as Record<string, string>;
    const [, name = ""] = /href="http:\/\/here\/api\/kernels\/k\/output\/([^"]+)"/.exec(html) ?? [];
    expect(spool.file(name)).toBeDefined();
    spool.close();
  });

  test("leaves to a page that is there what goes into an Output widget, and keeps it when none is", () => {
    const journal = createKernelJournal(createSpool());
    journal.sent(frame("shell", request));
    const capture = (id: string): ChannelMessage =>
      frame("iopub", message("comm_msg", { comm_id: "w", data: { method: "update", state: { msg_id: id } } }));
    journal.published(capture(request.id), true);
    journal.published(frame("iopub", message(...print("into the widget "), request.id)), true);
    journal.published(frame("iopub", message(...print("nobody there "), request.id)), false);
    journal.published(capture(""), true);
    journal.published(frame("iopub", message(...print("after it"), request.id)), true);
    expect(journal.news("")[0]?.outputs).toMatchObject([{ text: "nobody there after it" }]);
  });

  test("passes over what is no message", () => {
    const journal = createKernelJournal(createSpool());
    const broken = {
      channel: "shell" as const,
      parts: [Buffer.from('{"msg_type":"execute_request"'), Buffer.alloc(0)],
    };
    journal.sent({ ...broken, buffers: [] });
    journal.published({ ...broken, channel: "iopub", buffers: [] }, true);
    expect(journal.news("")).toEqual([]);
  });
});
