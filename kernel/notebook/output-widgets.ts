/**
 * The front end's part of Output widgets, for a run without one: while a widget's `msg_id` names a message, what answers
 * that message belongs to the widget and not to the cell. As nbclient does.
 */
import type { Message } from "../io/wire.js";
import type { Cell } from "./document.js";
import type { Outputs } from "./outputs.js";

/** Messages that put something out. */
const kinds = new Set(["stream", "display_data", "execute_result", "error", "clear_output"]);

interface OutputModel {
  readonly id: string;
  /** Stands in for a cell, so that the outputs are gathered as a cell's are. */
  readonly place: Cell;
  messageId: string;
}

/** See {@link createOutputWidgets}. */
export interface OutputWidgets {
  /** Takes any iopub message; returns whether it belongs to an Output widget. */
  add(message: Message): boolean;
}

/**
 * Returns a follower of Output widgets.
 * @param outputs gathers outputs
 * @param changed is told the outputs of a widget when a capture has ended
 */
export function createOutputWidgets(
  outputs: Outputs,
  changed: (id: string, list: Cell["outputs"]) => void,
): OutputWidgets {
  const models = new Map<string, OutputModel>();
  /** Those that capture now; the newest last, and it takes what comes. */
  let capturing: readonly OutputModel[] = [];

  const update = (model: OutputModel, state: Record<string, unknown>): void => {
    if (Array.isArray(state.outputs)) model.place.outputs = structuredClone(state.outputs);
    if (typeof state.msg_id !== "string" || state.msg_id === model.messageId) return;
    if (model.messageId !== "") changed(model.id, model.place.outputs);
    model.messageId = state.msg_id;
    const others = capturing.filter((one) => one !== model);
    capturing = state.msg_id === "" ? others : [...others, model];
  };
  const follow = ({ header, content }: Message): void => {
    const id = String(content.comm_id);
    const { state = {} } = (content.data ?? {}) as { state?: Record<string, unknown> };
    if (header.msg_type === "comm_open" && state._model_name === "OutputModel") {
      models.set(id, {
        id,
        messageId: "",
        place: { cell_type: "code", source: "", metadata: {}, outputs: [] } as Cell,
      });
    }
    const model = models.get(id);
    if (model === undefined) return;
    if (header.msg_type === "comm_close") {
      models.delete(id);
      capturing = capturing.filter((one) => one !== model);
    } else update(model, state);
  };
  return {
    add: (message) => {
      const type = message.header.msg_type;
      if (type.startsWith("comm_")) {
        if (type !== "comm_msg" || (message.content.data as { method?: unknown }).method === "update") follow(message);
        return false;
      }
      if (!kinds.has(type)) return false;
      const taker = capturing.filter((one) => one.messageId === message.parentHeader.msg_id).at(-1);
      if (taker) outputs.add(taker.place, message);
      return taker !== undefined;
    },
  };
}
