import { expect, test } from "vitest";
import type { ChannelMessage } from "../../app/server/kernels/frames.js";
import { serverMessage } from "../../app/server/kernels/monitor.js";
import { createOutputLimit } from "../../app/server/kernels/output-limit.js";

const cell = (id: string): Uint8Array => Buffer.from(JSON.stringify({ msg_id: id, msg_type: "execute_request" }));
const print = (bytes: number, id = "a"): ChannelMessage =>
  serverMessage("stream", { text: "x".repeat(bytes) }, cell(id));
const textOf = (message: ChannelMessage | undefined): string =>
  (JSON.parse(Buffer.from(message?.parts[3] ?? []).toString()) as { text: string }).text;

test("text passes up to the burst; then one notice per cell; then what the rate allows", () => {
  let time = 0;
  const limit = createOutputLimit({ burst: 1000, rate: 100 }, () => time);
  const first = print(900);
  expect(limit(first)).toEqual([first]);
  const notice = limit(print(200));
  expect(notice).toHaveLength(1);
  expect(textOf(notice[0])).toContain("left out");
  expect(notice[0]?.parts[1]).toEqual(cell("a"));
  expect(limit(print(200))).toEqual([]);
  expect(limit(print(200, "b"))).toHaveLength(1);
  time += 3000;
  const later = print(250, "b");
  expect(limit(later)).toEqual([later]);
  time += 3_600_000;
  expect(limit(print(2000, "c")).map(textOf)[0]).toContain("left out"); // never more than the burst at once
});

test("nothing but streams is ever left out", () => {
  const limit = createOutputLimit({ burst: 0, rate: 0 }, () => 0);
  for (const type of ["display_data", "execute_result", "error", "status", "comm_msg", "update_display_data"]) {
    const message = serverMessage(type, { data: { "text/plain": "x".repeat(5000), note: '"stream"' } }, cell("a"));
    expect(limit(message)).toEqual([message]);
  }
  const reply = serverMessage("stream", { text: "x" }, cell("a"), "shell");
  expect(limit(reply)).toEqual([reply]);
});
