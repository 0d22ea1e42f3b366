/** Fires fuzzed messages at a live kernel and counts what comes back. */
import { createSigner } from "../../../kernel/io/wire.js";
import type { TestKernel } from "../kernel.js";
import { createDice } from "./dice.js";
import { createShooter, extremes, type Owed, type Shot } from "./frames.js";
import { knock } from "./noise.js";

/** How many answers may be outstanding: enough to keep the kernel busy, few enough to keep both sides small. */
const window = 400;
/** A kernel that answers nothing for so long, while answers are owed, has stopped answering; milliseconds. */
const silence = 60_000;
/** One connection that speaks no ZeroMQ for so many messages. */
const knockEvery = 500;

/** What a campaign takes. */
export interface CampaignOptions {
  readonly count: number;
  readonly seed: number;
  /** Ids of comms that are open in the kernel. */
  readonly live: readonly string[];
}

/** What came of it; all lists are empty when the kernel did as the protocol says. */
export interface Campaign {
  /** How many messages were sent, by what was owed for them. */
  readonly sent: Readonly<Record<Owed, number>>;
  /** Messages that got less or more than they were owed, in words; the first twenty. */
  readonly wrong: readonly string[];
}

interface Tally {
  readonly replies: Uint8Array;
  readonly idles: Uint8Array;
  readonly owed: Owed[];
  outstanding: number;
  check: () => void;
}

/** Sends everything, waits for all that is owed, and tells what was not as it should be. */
export async function runCampaign(kernel: TestKernel, options: CampaignOptions): Promise<Campaign> {
  const { count, seed, live } = options;
  const info = kernel.kernel.connection;
  const dice = createDice(seed);
  const signer = createSigner(info.key);
  const shoot = createShooter(dice, signer, live);
  const last = extremes(signer, count);
  const total = count + last.length;
  const tally: Tally = {
    replies: new Uint8Array(total),
    idles: new Uint8Array(total),
    owed: [],
    outstanding: 0,
    check: () => undefined,
  };
  const stop = listen(kernel, tally);
  const what: string[] = [];
  for (let index = 0; index < total; index++) {
    const shot = index < count ? shoot(index) : (last[index - count] as Shot);
    what.push(shot.owed === "nothing" ? "" : shot.what);
    tally.owed.push(shot.owed);
    tally.outstanding += due(shot.owed);
    kernel.client.sendRaw(shot.channel, shot.frames);
    if (index % knockEvery === 0) {
      await knock(dice, info);
      kernel.forget();
    }
    if (tally.outstanding > window && !(await room(tally, window / 2))) break;
  }
  await room(tally, 0);
  stop();
  return { sent: countOwed(tally.owed), wrong: faults(tally, what) };
}

const due = (owed: Owed): number => (owed === "reply" ? 2 : owed === "idle" ? 1 : 0);

function listen(kernel: TestKernel, tally: Tally): () => void {
  const count = (counts: Uint8Array, id: string | undefined): void => {
    const index = /^f\d+$/.test(id ?? "") ? Number(id?.slice(1)) : -1;
    if (index < 0) return;
    counts[index] = Math.min(255, (counts[index] ?? 0) + 1);
    if (counts[index] === 1 && due(tally.owed[index] ?? "nothing") > 0) tally.outstanding--;
    tally.check();
  };
  const offs = [
    ...(["shell", "control"] as const).map((channel) =>
      kernel.client.on(channel, ({ parentHeader }) => count(tally.replies, parentHeader.msg_id)),
    ),
    kernel.client.on("iopub", ({ parentHeader, content }) => {
      if (content.execution_state === "idle") count(tally.idles, parentHeader.msg_id);
    }),
  ];
  return () => {
    for (const off of offs) off();
  };
}

/** Resolves true when no more than `most` answers are outstanding, false when none has come for a long time. */
function room(tally: Tally, most: number): Promise<boolean> {
  return new Promise((resolve) => {
    let limit: NodeJS.Timeout | undefined;
    const finish = (arrived: boolean): void => {
      clearTimeout(limit);
      tally.check = () => undefined;
      resolve(arrived);
    };
    tally.check = () => {
      clearTimeout(limit);
      if (tally.outstanding <= most) finish(true);
      else limit = setTimeout(finish, silence, false);
    };
    tally.check();
  });
}

function countOwed(owed: readonly Owed[]): Record<Owed, number> {
  const sent = { reply: 0, idle: 0, nothing: 0 };
  for (const one of owed) sent[one]++;
  return sent;
}

function faults({ replies, idles, owed }: Tally, what: readonly string[]): string[] {
  const wrong: string[] = [];
  for (const [index, one] of owed.entries()) {
    const wanted = one === "reply" ? [1, 1] : one === "idle" ? [0, 1] : [0, 0];
    const [reply, idle] = [replies[index], idles[index]];
    if (reply === wanted[0] && idle === wanted[1]) continue;
    if (wrong.length < 20) wrong.push(`f${index}: ${reply} replies, ${idle} idle, owed ${wanted}: ${what[index]}`);
  }
  return wrong;
}
