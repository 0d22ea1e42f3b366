/** What is measured in one life of a kernel. */
import { median } from "../lib/measure.js";
import type { Peer } from "./peers.js";
import { runCell, type Session } from "./session.js";

/** Values by measurement; words where there is no number. */
export type Values = Record<string, number | string>;

/** How often what is quick is repeated in each life; the median of them counts. */
const repeats = { fresh: 60, same: 30, complete: 20, small: 30, large: 3 };
/** How long a kernel is left alone before its memory is read, in milliseconds. */
const idleTime = 3000;
/** After how much silence nothing more is expected, in milliseconds. */
const quiet = 2000;
/** How long a stop may take, in milliseconds. */
const patience = 5000;

const kib = 1024;
const large = 32 * kib * kib;

/** Measures a kernel that has just run its first cell. @throws Error when a cell computes something else */
export async function measureSession(peer: Peer, session: Session): Promise<Values> {
  const values: Values = { info: session.info, first: session.first };
  await sleep(idleTime);
  const memory = session.memory();
  if (memory.rss !== undefined) values.rss = memory.rss;
  if (memory.pss !== undefined) values.pss = memory.pss;
  values.fresh = await medianOf(repeats.fresh, async (n) => {
    const { code, value } = peer.cells.fresh(n);
    return expectText(peer, await session.run(code, true), String(value));
  });
  values.same = await medianOf(repeats.same, async () => expectText(peer, await session.run("1 + 1", true), "2"));
  values.loop = expectText(peer, await session.run(peer.cells.loop, true), "49999995000000");
  values.complete = await completion(peer, session);
  Object.assign(values, await comms(peer, session));
  values.lines = await printedLines(peer, session);
  values.stop = await stop(peer, session);
  return values;
}

async function medianOf(times: number, action: (index: number) => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let index = 0; index < times; index++) all.push(await action(index));
  return median(all);
}

function expectText(peer: Peer, ran: Awaited<ReturnType<Session["run"]>>, text: string): number {
  if (ran.status !== "ok" || ran.text.trim() !== text) {
    throw new Error(`${peer.name}: a cell gave ${ran.status} ${JSON.stringify(ran.text)}, expected ${text}`);
  }
  return ran.milliseconds;
}

async function completion(peer: Peer, session: Session): Promise<number> {
  const { before, code, match } = peer.cells.completion;
  await session.run(before);
  return medianOf(repeats.complete, async () => {
    const start = performance.now();
    const { content } = await session.client.request("complete_request", { code, cursor_pos: code.length });
    const milliseconds = performance.now() - start;
    if (!(content.matches as readonly string[]).includes(match)) {
      throw new Error(`${peer.name}: completion of ${code} lacks ${match}`);
    }
    return milliseconds;
  });
}

async function comms(peer: Peer, session: Session): Promise<Values> {
  if (peer.cells.echo === undefined) return { comm: "no comms", buffer: "no comms" };
  const { status } = await session.run(peer.cells.echo);
  if (status !== "ok") throw new Error(`${peer.name}: the comm target cannot be registered`);
  const id = "bench-comm";
  session.client.send("comm_open", { comm_id: id, target_name: "echo", data: {} });
  return {
    comm: await medianOf(repeats.small, (n) => roundTrip(peer, session, id, n, kib)),
    buffer: await medianOf(repeats.large, (n) => roundTrip(peer, session, id, n, large)),
  };
}

/** Sends a buffer to a cell's comm and waits until it is back, byte for byte. */
function roundTrip(peer: Peer, session: Session, id: string, n: number, size: number): Promise<number> {
  const bytes = new Uint8Array(size).fill(n + 1);
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const off = session.client.on("iopub", ({ header, content, buffers }) => {
      if (header.msg_type !== "comm_msg" || content.comm_id !== id) return;
      const milliseconds = performance.now() - start;
      off();
      const [back] = buffers;
      if (back && Buffer.compare(back, bytes) === 0) resolve(milliseconds);
      else reject(new Error(`${peer.name}: a buffer of ${size} bytes came back changed`));
    });
    session.client.send("comm_msg", { comm_id: id, data: { n } }, { buffers: [bytes] });
  });
}

/** Counts what arrives until nothing more does: a kernel that loses lines may lose its `idle` with them. */
async function printedLines(peer: Peer, { client }: Session): Promise<number> {
  const pieces: string[] = [];
  let arrived = performance.now();
  const off = client.on("iopub", ({ header, content }) => {
    arrived = performance.now();
    if (header.msg_type === "stream") pieces.push(String(content.text));
  });
  await client.request("execute_request", { code: peer.cells.lines, silent: false, allow_stdin: false });
  while (performance.now() - arrived < quiet) await sleep(100);
  off();
  return pieces
    .join("")
    .split("\n")
    .filter((line) => /^\d+$/.test(line)).length;
}

/** Stops an endless loop as Jupyter would for this kernel. Says so when it takes too long or ends the kernel. */
async function stop(peer: Peer, session: Session): Promise<number | string> {
  const { client, process: child } = session;
  const busy = new Promise<void>((resolve) => {
    const off = client.on("iopub", ({ header, content }) => {
      if (header.msg_type !== "execute_input" && content.execution_state !== "busy") return;
      off();
      resolve();
    });
  });
  const ran = runCell(client, peer.cells.forever);
  await busy;
  // The loop begins a little after the kernel says that it is busy.
  await sleep(500);
  const start = performance.now();
  if (peer.interrupt === "message") client.send("interrupt_request", {}, { channel: "control" });
  else child.kill("SIGINT");
  const ended = new Promise<string>((resolve) => child.once("exit", () => resolve("ends the kernel")));
  const outcome = await Promise.race([ran, ended, sleep(patience).then(() => "never")]);
  return typeof outcome === "string" ? outcome : performance.now() - start;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
