/** Comm messages, many in the shape of widgets' messages, to comms that exist and to comms that do not. */
import type { Dice } from "./dice.js";
import type { FuzzRequest } from "./requests.js";
import { randomValue } from "./values.js";

const methods = ["update", "request_state", "request_states", "custom", "echo_update", "x"];
const targets = ["jupyter.widget", "jupyter.widget.control", "nobody", "__proto__", "constructor", ""];

/** Returns a comm message; `live` are the ids of comms that are open in the kernel. */
export function randomComm(dice: Dice, live: readonly string[]): FuzzRequest {
  const type = dice.pick(["comm_open", "comm_msg", "comm_msg", "comm_msg", "comm_close"]);
  // A live comm is never closed, so that it is there to be hit until the end.
  const ids = [...(type === "comm_msg" ? live : []), "gone", "__proto__", "constructor", `new-${dice.below(50)}`];
  const content: Record<string, unknown> = { comm_id: dice.pick(ids), data: widgetData(dice) };
  if (type === "comm_open") content.target_name = dice.pick(targets);
  if (dice.once(3)) content[dice.pick(["comm_id", "data", "target_name"])] = randomValue(dice);
  return { type, content };
}

/** Tells whether the kernel must take a comm message up: the protocol's own words, and no code of the kernel. */
export function isWellFormedComm({ type, content }: FuzzRequest): boolean {
  const { comm_id: id, data, target_name: target } = content;
  const isObject = data === undefined || (typeof data === "object" && data !== null && !Array.isArray(data));
  return typeof id === "string" && id !== "" && isObject && (type !== "comm_open" || typeof target === "string");
}

function widgetData(dice: Dice): Record<string, unknown> {
  const state = dice.once(2)
    ? { value: randomValue(dice), description: randomValue(dice), layout: randomValue(dice) }
    : randomValue(dice);
  const paths = [[], [["value"]], [["__proto__", "polluted"]], [["value", 0, "x"], []], randomValue(dice)];
  return {
    method: dice.once(5) ? randomValue(dice) : dice.pick(methods),
    state,
    buffer_paths: dice.pick(paths),
    content: randomValue(dice),
  };
}
