import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { ChannelMessage } from "../../app/server/kernels/frames.js";
import { serverMessage } from "../../app/server/kernels/monitor.js";
import { createOutputLimit } from "../../app/server/kernels/output-limit.js";
import { createSpool, type Spool } from "../../app/server/kernels/spool.js";

let spool: Spool = createSpool();
afterEach(() => {
  spool.close();
  spool = createSpool();
});
let time = 0;
const limitTo = (most: number) =>
  createOutputLimit({ spool, link: ({ name }) => `http://here/${name}`, most, now: () => time });

const cell = (id: string): Uint8Array => Buffer.from(JSON.stringify({ msg_id: id, msg_type: "execute_request" }));
const print = (text: string, id = "a"): ChannelMessage => serverMessage("stream", { name: "stdout", text }, cell(id));
const idle = (id = "a"): ChannelMessage => serverMessage("status", { execution_state: "idle" }, cell(id));

/** A message as one line: its text, or the number of hidden characters that it tells. */
function gist(message: ChannelMessage): string {
  const [header, , , content] = message.parts.map((part) => JSON.parse(Buffer.from(part).toString()));
  return `${header.msg_type} ${content.text ?? content.data?.["text/plain"] ?? content.execution_state ?? ""}`;
}

function linkOf(message: ChannelMessage | undefined): string {
  const { data } = JSON.parse(Buffer.from(message?.parts[3] ?? []).toString());
  return readFileSync(spool.file(/href="http:\/\/here\/([^"]+)"/.exec(data["text/html"])?.[1] ?? "") ?? "", "utf8");
}

test("of each cell so much passes; then a notice tells how much more there is, and where", () => {
  const limit = limitTo(10);
  const first = print("12345678");
  expect(limit(first)).toEqual([first]);
  const [part, notice, ...rest] = limit(print("90abc"));
  expect([part, notice].map((message) => gist(message as ChannelMessage))).toEqual([
    "stream 90",
    "display_data … 3 more characters were printed and are not shown here.",
  ]);
  expect(rest).toEqual([]);
  expect(linkOf(notice)).toBe("1234567890abc");
  expect(limit(print("def"))).toEqual([]); // the number is told anew at most once a second
  time += 1000;
  expect(limit(print("ghi")).map(gist)).toEqual([
    "update_display_data … 9 more characters were printed and are not shown here.",
  ]);
  limit(print("j"));
  const last = limit(idle());
  expect(last.map(gist)).toEqual([
    "update_display_data … 10 more characters were printed and are not shown here.",
    "status idle",
  ]);
  expect(linkOf(last[0])).toBe("1234567890abcdefghij");
  const other = print("1234567890", "b");
  expect(limit(other)).toEqual([other]);
});

test("the cut is never inside a character", () => {
  const [part, notice] = limitTo(3)(print("ab😀cd"));
  expect(gist(part as ChannelMessage)).toBe("stream ab");
  expect(linkOf(notice)).toBe("ab😀cd");
});

test("a cell that clears its output may print as much again", () => {
  const limit = limitTo(4);
  expect(limit(print("1234")).map(gist)).toEqual(["stream 1234"]);
  expect(limit(serverMessage("clear_output", { wait: true }, cell("a")))).toHaveLength(1);
  expect(limit(print("5678")).map(gist)).toEqual(["stream 5678"]);
  expect(limit(print("9")).map(gist)).toEqual([
    "display_data … 1 more characters were printed and are not shown here.",
  ]);
});

test("nothing but streams is ever left out", () => {
  const limit = limitTo(0);
  for (const type of ["display_data", "execute_result", "error", "status", "comm_msg", "update_display_data"]) {
    const message = serverMessage(type, { data: { "text/plain": "x".repeat(5000), note: '"stream"' } }, cell("a"));
    expect(limit(message)).toEqual([message]);
  }
  const reply = serverMessage("stream", { text: "x" }, cell("a"), "shell");
  expect(limit(reply)).toEqual([reply]);
});

test("the spool forgets its oldest text, answers only for its own names, and leaves nothing behind", () => {
  const names = Array.from({ length: 21 }, (_, i) => spool.create([`text ${i}`]).name);
  expect(spool.file(names[0] as string)).toBeUndefined();
  const file = spool.file(names[20] as string) as string;
  expect(readFileSync(file, "utf8")).toBe("text 20");
  expect([spool.file("../x"), spool.file("constructor"), spool.file("__proto__")]).toEqual(Array(3).fill(undefined));
  spool.close();
  expect(existsSync(dirname(file))).toBe(false);
});
