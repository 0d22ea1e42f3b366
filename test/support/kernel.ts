/** A real kernel process and a client, for tests that see what clients see. */
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { KernelClient } from "../../kernel/io/client.js";
import type { LaunchedKernel, LaunchOptions } from "../../kernel/io/launch.js";
import type { Message } from "../../kernel/io/wire.js";

/** The root of the repository. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** Imports a built module: threads and child processes run from dist/, so tests of a live kernel do too. */
export async function built<Module>(path: string): Promise<Module> {
  const file = join(root, "dist", path);
  if (!existsSync(file)) throw new Error(`built: ${file} is missing, run "npm run build"`);
  return import(/* @vite-ignore */ pathToFileURL(file).href);
}

/** Returns a new empty folder. */
export function emptyFolder(name = "lowbit-test-"): string {
  return mkdtempSync(join(tmpdir(), name));
}

/** What one cell did. */
export interface Ran {
  readonly id: string;
  readonly reply: Record<string, unknown>;
  /** iopub messages of this cell but for `status` and `execute_input`. */
  readonly messages: readonly Message[];
  readonly stdout: string;
  readonly stderr: string;
  /** The bundle of the result; undefined when there was none. */
  readonly result: Record<string, unknown> | undefined;
  /** The text of the result. */
  readonly text: string | undefined;
}

/** A live kernel. */
export interface TestKernel {
  readonly kernel: LaunchedKernel;
  readonly client: KernelClient;
  /** All iopub messages, in order. */
  readonly iopub: readonly Message[];
  /** Runs a cell and waits for its reply and its `idle`. */
  run(code: string, content?: Record<string, unknown>): Promise<Ran>;
  /** Stops what runs. */
  interrupt(): Promise<Message>;
  /** Resolves with the first iopub message that passes, past or to come. */
  until(test: (message: Message) => boolean): Promise<Message>;
  /** Forgets the iopub messages so far, for tests that make very many. */
  forget(): void;
  /** Ends the kernel and the client. */
  close(): Promise<void>;
}

/** Starts a kernel in a folder (default: a new empty one) with a history of its own. */
export async function startTestKernel(options: Partial<LaunchOptions> = {}): Promise<TestKernel> {
  const { launchKernel } = await built<typeof import("../../kernel/io/launch.js")>("kernel/io/launch.js");
  const { connectKernel } = await built<typeof import("../../kernel/io/client.js")>("kernel/io/client.js");
  const cwd = options.cwd ?? emptyFolder();
  const env = { LOWBIT_HISTORY: join(emptyFolder(), "history.jsonl"), ...options.env };
  const kernel = await launchKernel({ cwd, env });
  const client = connectKernel(kernel.connection);
  const iopub: Message[] = [];
  const waiting = new Set<() => void>();
  client.on("iopub", (message) => {
    iopub.push(message);
    for (const check of [...waiting]) check();
  });
  await client.ready(60_000);

  const until = (test: (message: Message) => boolean): Promise<Message> =>
    new Promise((resolve) => {
      const check = (): void => {
        const found = iopub.find(test);
        if (!found) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  const run = async (code: string, content: Record<string, unknown> = {}): Promise<Ran> => {
    const request = { code, silent: false, store_history: true, allow_stdin: false, ...content };
    const reply = await client.request("execute_request", request);
    const id = reply.parentHeader.msg_id as string;
    const idle = (message: Message): boolean =>
      message.parentHeader.msg_id === id && message.content.execution_state === "idle";
    await until(idle);
    return gather(id, reply, iopub);
  };
  return {
    kernel,
    client,
    iopub,
    run,
    until,
    interrupt: () => client.request("interrupt_request", {}, { channel: "control" }),
    forget: () => {
      iopub.length = 0;
    },
    close: async () => {
      client.close();
      await kernel.kill();
    },
  };
}

function gather(id: string, reply: Message, iopub: readonly Message[]): Ran {
  const messages = iopub.filter(
    ({ header, parentHeader }) =>
      parentHeader.msg_id === id && header.msg_type !== "status" && header.msg_type !== "execute_input",
  );
  const stream = (name: string): string =>
    messages
      .filter(({ header, content }) => header.msg_type === "stream" && content.name === name)
      .map(({ content }) => content.text)
      .join("");
  const result = messages.find(({ header }) => header.msg_type === "execute_result")?.content.data as
    | Record<string, unknown>
    | undefined;
  return {
    id,
    reply: reply.content,
    messages,
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    result,
    text: result?.["text/plain"] as string | undefined,
  };
}
