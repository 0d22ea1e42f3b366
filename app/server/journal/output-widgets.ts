/** Which cells' output goes into an Output widget at the moment: the widget's `msg_id` names the cell's request. */
import type { ChannelMessage } from "../kernels/frames.js";
import { type Fields, isFields, type JournalMessage, parseMessage, text } from "./messages.js";

/** See {@link createOutputWidgets}. */
export interface OutputWidgets {
  /** Takes a comm message of the kernel. */
  take(message: ChannelMessage): void;
  /** Whether this message's output goes into a widget. */
  captures(message: JournalMessage): boolean;
  /** How many widgets take output. */
  readonly size: number;
}

const outputTypes: ReadonlySet<string> = new Set(["stream", "display_data", "execute_result", "error", "clear_output"]);

/** Returns the state at the start: no widget takes output. */
export function createOutputWidgets(): OutputWidgets {
  const captured = new Map<string, string>();
  return {
    take: (message) => {
      const content = message.parts[3];
      // A large state is not parsed for nothing.
      if (
        content === undefined ||
        !Buffer.from(content.buffer, content.byteOffset, content.length).includes('"msg_id"')
      ) {
        return;
      }
      const fields = parseMessage(message)?.content ?? {};
      const { state } = isFields(fields.data) ? fields.data : ({} as Fields);
      if (!isFields(state) || !("msg_id" in state)) return;
      if (text(state.msg_id) === "") captured.delete(text(fields.comm_id));
      else captured.set(text(fields.comm_id), text(state.msg_id));
    },
    captures: ({ type, parentId }) => outputTypes.has(type) && [...captured.values()].includes(parentId),
    get size() {
      return captured.size;
    },
  };
}
