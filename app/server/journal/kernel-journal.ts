/** The journal of one kernel, from the messages that pass the server to what a page asks for. */
import type { ChannelMessage } from "../kernels/frames.js";
import { createOutputLimit } from "../kernels/output-limit.js";
import type { Spool } from "../kernels/spool.js";
import { type CellRecord, createJournal } from "./journal.js";
import { type JournalMessage, parseMessage } from "./messages.js";
import { createOutputWidgets } from "./output-widgets.js";
import type { Settled } from "./record.js";
import { createWidgetStates, type WidgetStates } from "./widget-states.js";

/** Published under these types is all that the journal reads. */
export const journalTopics: readonly string[] = [
  "status",
  "execute_input",
  "stream",
  "display_data",
  "execute_result",
  "update_display_data",
  "error",
  "clear_output",
  "comm_open",
  "comm_msg",
  "comm_close",
];

/** Stands for the kernel's address in links, until a page asks: how it reaches this server is known only then. */
const addressHere = "lowbit-kernel-address:";

/** See {@link createKernelJournal}. */
export interface KernelJournal {
  /** A front end sent *message*. */
  sent(message: ChannelMessage): void;
  /** The kernel published *message*. @param attended whether a front end is there that shows it */
  published(message: ChannelMessage, attended: boolean): void;
  ended(): void;
  /** See {@link Journal.identify}. */
  identify(client: string, session: string): void;
  settle(all: readonly Settled[]): void;
  /** The widgets as the kernel's messages left them. */
  widgets(): WidgetStates;
  /**
   * What a page that opens now does not know.
   * @param address of the kernel in the API, as this page reaches it
   * @param isOther see {@link Journal.news}
   */
  news(address: string, isOther?: (session: string) => boolean): CellRecord[];
}

/** Returns an empty journal. Text that is too long for a page goes to *spool*. */
export function createKernelJournal(spool: Spool): KernelJournal {
  const journal = createJournal();
  const outputWidgets = createOutputWidgets();
  const widgetStates = createWidgetStates();
  const limit = createOutputLimit({ spool, link: ({ name }) => `${addressHere}/output/${name}` });

  const publish = (received: ChannelMessage): void => {
    const whole = parseMessage(received);
    if (!whole) return;
    for (const part of limit(received)) {
      const message = part === received ? whole : parseMessage(part);
      // What the limit made of a message keeps its identity: by that a page knows what it has.
      if (message) journal.published({ ...message, id: whole.id, date: whole.date });
    }
  };
  return {
    sent: (message) => {
      if (message.channel !== "shell" || !names(message, "execute_request")) return;
      const request = parseMessage(message);
      if (request) journal.request(request);
    },
    published: (message, attended) => {
      if (message.channel !== "iopub") return;
      if (names(message, "comm_")) {
        outputWidgets.take(message);
        widgetStates.take(message);
        return;
      }
      // While a front end is there, it puts this output into a widget, and tells the kernel.
      if (attended && outputWidgets.size > 0 && outputWidgets.captures(parseMessage(message) as JournalMessage)) return;
      publish(message);
    },
    ended: () => {
      journal.ended();
      widgetStates.clear();
    },
    widgets: () => widgetStates.all(),
    identify: (client, session) => journal.identify(client, session),
    settle: (all) => journal.settle(all),
    news: (address, isOther) =>
      JSON.parse(JSON.stringify(journal.news(isOther)).replaceAll(addressHere, address)) as CellRecord[],
  };
}

/** Whether the header of *message* holds this text: most messages need no closer look. */
function names({ parts: [header] }: ChannelMessage, type: string): boolean {
  return header !== undefined && Buffer.from(header.buffer, header.byteOffset, header.byteLength).includes(type);
}
