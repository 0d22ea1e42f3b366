/** Well-formed requests, to be sent as they are or with fields broken. None of them ends a kernel. */
import type { Dice } from "./dice.js";
import { randomValue } from "./values.js";

type Content = Record<string, unknown>;

/** Runs at once and changes nothing that a later cell could see. */
const harmless = ["", "// nothing", "1", "let", "throw new Error('fuzz')", "(", "({}).polluted"];

/** Each makes a content that the kernel takes, but for `shutdown_request`, whose content is never right. */
const contents: Readonly<Record<string, (dice: Dice) => Content>> = {
  kernel_info_request: () => ({}),
  connect_request: () => ({}),
  interrupt_request: () => ({}),
  comm_info_request: (dice) => ({ target_name: dice.pick([null, "x", "jupyter.widget"]) }),
  history_request: (dice) => ({
    hist_access_type: dice.pick(["range", "tail", "search"]),
    n: dice.pick([0, 1, null, 2 ** 40]),
    pattern: dice.pick([null, "*", "?", `${"*a".repeat(20)}*b`, "[(\\"]),
    unique: dice.once(2),
    output: dice.once(2),
    session: dice.pick([0, -1, 7, null]),
    start: dice.pick([0, -5, null]),
    stop: dice.pick([3, 2 ** 50, null]),
  }),
  execute_request: (dice) => ({
    code: dice.pick(harmless),
    silent: dice.once(2),
    store_history: dice.once(2),
    user_expressions: dice.pick([null, {}, { a: "1" }, { ["__proto__"]: "1" }]),
    allow_stdin: false,
    stop_on_error: dice.once(2),
  }),
  complete_request: (dice) => ({ code: dice.pick(["Math.", "😀.", ""]), cursor_pos: dice.below(9) }),
  inspect_request: (dice) => ({ code: dice.pick(["Math", "", "\ud800"]), cursor_pos: dice.below(9) }),
  is_complete_request: (dice) => ({ code: dice.pick(["(", "1", "`${", ""]) }),
  shutdown_request: (dice) => ({ restart: dice.pick(["true", 1, null, [], {}, "false"]) }),
  debug_request: () => ({ command: "attach" }),
  create_subshell_request: () => ({}),
};

/** Those that cost the kernel no more than a look: most of what is sent. The others take it milliseconds. */
const cheap = ["kernel_info_request", "connect_request", "comm_info_request", "history_request", "debug_request"];
const all = Object.keys(contents);

/** A request and its content. */
export interface FuzzRequest {
  readonly type: string;
  readonly content: Content;
}

/** Returns a request that the kernel must answer, with what was asked or with an error. */
export function randomRequest(dice: Dice): FuzzRequest {
  const type = dice.once(12) ? dice.pick(all) : dice.pick(cheap);
  const content = contents[type]?.(dice) ?? {};
  return { type, content: dice.once(3) ? content : breakFields(dice, type, content) };
}

/** Returns a request with consequences. It must never be sent with a right signature. */
export function dangerousRequest(dice: Dice): FuzzRequest {
  if (dice.once(3)) return { type: "shutdown_request", content: { restart: dice.once(2) } };
  return { type: "execute_request", content: { code: "globalThis.intruded = true; process.exit(9)", silent: true } };
}

/** Replaces, drops and adds fields. A text of code only ever becomes something that is no code. */
function breakFields(dice: Dice, type: string, content: Content): Content {
  const broken = { ...content };
  for (const field of Object.keys(content)) {
    if (!dice.once(2)) continue;
    const value = randomValue(dice);
    const mayStay = type === "shutdown_request" || (field === "code" && typeof value === "string");
    if (!mayStay) broken[field] = value;
  }
  if (dice.once(4)) broken[dice.pick(["extra", "constructor", "then"])] = randomValue(dice);
  const [first] = Object.keys(broken);
  if (first !== undefined && type !== "shutdown_request" && dice.once(5)) delete broken[first];
  return broken;
}
