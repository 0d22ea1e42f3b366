/** Frames that a kernel must survive, each with what the protocol owes its sender. */
import { createSigner, joinFrames, type Signer } from "../../../kernel/io/wire.js";
import { isWellFormedComm, randomComm } from "./comms.js";
import type { Dice } from "./dice.js";
import { dangerousRequest, type FuzzRequest, randomRequest } from "./requests.js";
import { randomValue } from "./values.js";

/** What must come back: one reply and one `idle`, an `idle` alone, or nothing at all. */
export type Owed = "reply" | "idle" | "nothing";

/** One multipart message. */
export interface Shot {
  readonly channel: "shell" | "control" | "stdin";
  readonly frames: readonly Uint8Array[];
  readonly owed: Owed;
  /** In words, for the report of a failure. */
  readonly what: string;
}

/** Returns the maker of message number `index`, whose id is `f<index>`. */
export function createShooter(dice: Dice, signer: Signer, live: readonly string[]): (index: number) => Shot {
  const forger = createSigner("not the key");
  const recent: Shot[] = [];

  const signed = (index: number): Shot => {
    const channel = dice.once(5) ? "control" : "shell";
    const isComm = dice.once(3);
    const request = isComm ? randomComm(dice, live) : randomRequest(dice);
    const owed = !isComm ? "reply" : isWellFormedComm(request) ? "idle" : "nothing";
    const buffers = dice.once(6) ? [dice.bytes(dice.below(64)), dice.bytes(0)] : [];
    const frames = joinFrames(signer, messageParts(dice, index, request), buffers);
    return { channel, frames, owed, what: `${request.type} ${JSON.stringify(request.content).slice(0, 300)}` };
  };
  const replayed = (): Shot => {
    const shot = dice.pick(recent);
    return { ...shot, owed: "nothing", what: `replay of ${shot.what}` };
  };
  const onStdin = (index: number): Shot => {
    const content = dice.once(2) ? { value: randomValue(dice) } : (randomValue(dice) as Record<string, unknown>);
    const type = dice.pick(["input_reply", "execute_request", "shutdown_request", "x"]);
    const frames = joinFrames(signer, messageParts(dice, index, { type, content }));
    return { channel: "stdin", frames, owed: "nothing", what: `${type} on stdin` };
  };
  return (index) => {
    const roll = dice.below(100);
    if (roll < 60) {
      const shot = signed(index);
      if (recent.push(shot) > 64) recent.shift();
      return shot;
    }
    if (roll < 68) return forged(dice, index, forger);
    if (roll < 72 && recent.length > 0) return replayed();
    if (roll < 76) return onStdin(index);
    if (roll < 88) return unreadable(dice, index, signer);
    return torn(dice, signed(index));
  };
}

function messageParts(dice: Dice, index: number, { type, content }: FuzzRequest): Uint8Array[] {
  const header: Record<string, unknown> = { msg_id: `f${index}`, msg_type: type, session: "fuzz", username: "x" };
  if (dice.once(4)) header[dice.pick(["session", "username", "date", "version", "extra"])] = randomValue(dice);
  const other = (): unknown => (dice.once(4) ? { ["__proto__"]: randomValue(dice), a: randomValue(dice) } : {});
  return [header, other(), other(), content].map((part) => Buffer.from(JSON.stringify(part)));
}

/** With consequences, if only its signature were right. */
function forged(dice: Dice, index: number, forger: Signer): Shot {
  const request = dangerousRequest(dice);
  const frames = joinFrames(dice.once(4) ? createSigner("") : forger, messageParts(dice, index, request));
  const channel = dice.pick(["shell", "control", "stdin"] as const);
  return { channel, frames, owed: "nothing", what: `forged ${request.type}` };
}

/** Rightly signed, but one of the parts is not the JSON object that it should be. */
function unreadable(dice: Dice, index: number, signer: Signer): Shot {
  const parts = messageParts(dice, index, randomRequest(dice));
  const at = dice.below(4);
  const part = parts[at] as Uint8Array;
  const cases: readonly (() => Uint8Array)[] = [
    () => part.subarray(0, dice.below(part.length)),
    () => Buffer.from(JSON.stringify([randomValue(dice)])),
    () => Buffer.from("[".repeat(20_000)),
    () => Buffer.concat([part, Buffer.from("}")]),
    () => Buffer.from([0xff, 0xfe, ...dice.bytes(20)]),
    () => new Uint8Array(0),
    () => Buffer.from("NaN"),
  ];
  parts[at] = dice.pick(cases)();
  const channel = dice.pick(["shell", "control", "stdin"] as const);
  return { channel, frames: joinFrames(signer, parts), owed: "nothing", what: `unreadable part ${at}` };
}

/** Frames lost, doubled, cut, exchanged or made up. */
function torn(dice: Dice, shot: Shot): Shot {
  const frames = [...shot.frames];
  // The delimiter, the signature and the four parts: with any of them gone or changed, nothing holds.
  const at = dice.below(6);
  const cut = (frames[at] as Uint8Array).subarray(1);
  const replaced = (index: number, frame: Uint8Array): Uint8Array[] =>
    frames.map((old, one) => (one === index ? frame : old));
  const cases: readonly (() => Uint8Array[])[] = [
    () => frames.slice(0, at + 1),
    () => frames.filter((_, index) => index !== 0),
    () => replaced(at, cut),
    () => replaced(at, dice.bytes(1 + dice.below(40))),
    () => replaced(0, Buffer.from(dice.pick(["<IDS|MSG", "<ids|msg>", "<IDS|MSG> ", "\0<IDS|MSG>"]))),
    () => [dice.bytes(dice.below(30)), dice.bytes(dice.below(30))],
    () => [new Uint8Array(0)],
  ];
  const broken = dice.pick(cases)();
  const isWhole = broken.length >= 6 && broken.every((frame, index) => frame === frames[index]);
  const owed = isWhole ? shot.owed : "nothing";
  return { channel: shot.channel, frames: broken, owed, what: `torn (${broken.length} of ${frames.length} frames)` };
}

/** Rightly signed and read without error, but so deep or so large that handling it might fail. */
export function extremes(signer: Signer, first: number): Shot[] {
  const shots: Shot[] = [];
  const add = (type: string, content: string, owed: Owed): void => {
    const header = JSON.stringify({ msg_id: `f${first + shots.length}`, msg_type: type });
    const frames = joinFrames(
      signer,
      [header, "{}", "{}", content].map((text) => Buffer.from(text)),
    );
    const channel = shots.length % 3 === 0 ? "control" : "shell";
    shots.push({ channel, frames, owed, what: `${type.slice(0, 40)}, ${content.length} bytes` });
  };
  for (const depth of [400, 5_000, 50_000, 500_000]) {
    const [idle, reply]: readonly [Owed, Owed] = depth < 500 ? ["idle", "reply"] : ["nothing", "nothing"];
    const lists = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const objects = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    add("comm_msg", `{"comm_id":"deep","data":{"a":${lists}}}`, idle);
    add("comm_open", `{"comm_id":"deep","target_name":"deep","data":${objects}}`, idle);
    add("kernel_info_request", objects, reply);
    add("execute_request", `{"code":${lists}}`, reply);
  }
  add("comm_msg", JSON.stringify({ comm_id: "x", data: { text: "y".repeat(8 << 20) } }), "idle");
  add("is_complete_request", JSON.stringify({ code: "(".repeat(1 << 16) }), "reply");
  add("x".repeat(1 << 20), "{}", "nothing");
  return shots;
}
