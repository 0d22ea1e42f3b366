/** The queue of cells, with main and compiler played by the test. */
import { expect, test } from "vitest";
import { stopped, type ToMain } from "../../kernel/io/channel.js";
import type { IoContext, Request } from "../../kernel/io/context.js";
import { createExecutions } from "../../kernel/io/executions.js";

test("after a stop the next cell waits until main has settled", async () => {
  const posted: ToMain[] = [];
  const replies: unknown[] = [];
  const io = {
    publisher: { status: () => undefined, publish: () => undefined },
    history: { add: () => undefined },
    reply: (_request: unknown, _type: string, content: { status: string }) => replies.push(content.status),
    link: { post: (message: ToMain) => posted.push(message) },
    compiler: {
      compile: async (code: string) => ({ ok: true, id: 1, cell: { code } }),
      commit: async () => undefined,
    },
  } as unknown as IoContext;
  const executions = createExecutions(io);
  const add = (id: string): void =>
    executions.add(
      { message: { header: { msg_id: id }, metadata: {} }, parent: id } as unknown as Request,
      { code: id, silent: false, store_history: true, stop_on_error: true, allow_stdin: false } as never,
    );
  const started = (): string[] => posted.flatMap((message) => (message.kind === "run" ? [message.id] : []));
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  add("first");
  await expect.poll(started).toEqual(["first"]);
  executions.interrupted();
  executions.receive({ kind: "done", id: "first", outcome: stopped, assigned: [] } as never);
  await expect.poll(() => replies).toEqual(["error"]);
  add("second");
  await turns();
  expect(started()).toEqual(["first"]);
  executions.settled();
  await expect.poll(started).toEqual(["first", "second"]);
});
