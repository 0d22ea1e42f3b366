/**
 * What the cells of a kernel printed and showed, kept for pages that were not there. JupyterLab alone loses it: a
 * front end hears only what is said while it listens, and a reloaded page does not know its cells' requests.
 */
import { type JournalMessage, text } from "./messages.js";
import { type CellOutputs, createCellOutputs, type JournalOutput } from "./outputs.js";
import type { CellRecord as RecordOf, Settled } from "./record.js";

/** One execution of a cell. */
export type CellRecord = RecordOf<JournalOutput>;

/** The memory that a journal takes, in bytes. */
export interface JournalLimits {
  readonly cell: number;
  readonly all: number;
}

interface Execution {
  readonly cellId: string;
  readonly messageId: string;
  readonly code: string;
  readonly client: string;
  readonly outputs: CellOutputs;
  state: CellRecord["state"];
  executionCount: number | null;
  date: string;
  lastIds: string[];
  settled: string;
}

const defaultLimits: JournalLimits = { cell: 16 * 2 ** 20, all: 64 * 2 ** 20 };
/** Cells that are remembered, however little they printed. */
const mostCells = 5_000;

/** See {@link createJournal}. */
export interface Journal {
  /** A front end sent *message* on the shell channel. */
  request(message: JournalMessage): void;
  /** The kernel published *message*. */
  published(message: JournalMessage): void;
  /** The kernel's process ended: what ran has ended with it. */
  ended(): void;
  /** The cells that *client* runs are those of the document of *session*. */
  identify(client: string, session: string): void;
  /** A notebook was saved that has all of this. */
  settle(all: readonly Settled[]): void;
  /**
   * What no saved notebook has yet, and what is still running; in the order of the requests.
   * @param isOther leaves out the cells of these sessions: several documents may share a kernel
   */
  news(isOther?: (session: string) => boolean): CellRecord[];
}

/** Returns an empty journal. It keeps the last execution of each cell of a notebook. */
export function createJournal(limits: JournalLimits = defaultLimits): Journal {
  const cells = new Map<string, Execution>();
  const sessions = new Map<string, string>();
  const forget = (cellId: string, client: string): void => {
    const session = sessions.get(client);
    for (const cell of cells.values()) {
      // Copies of a notebook have cells with the same ids.
      const isOthers = session !== undefined && (sessions.get(cell.client) ?? session) !== session;
      if (cell.cellId === cellId && !isOthers) cells.delete(cell.messageId);
    }
  };
  const begin = (cellId: string, { id, date, client, content }: JournalMessage): void => {
    forget(cellId, client);
    cells.set(id, {
      cellId,
      messageId: id,
      code: text(content.code),
      client,
      outputs: createCellOutputs(limits.cell),
      state: "queued",
      executionCount: null,
      date,
      lastIds: [],
      settled: "",
    });
  };
  return {
    request: (message) => {
      // Only notebooks say which cells were deleted; a console's cells are in no file.
      const { cellId, deletedCells } = message.metadata;
      if (message.type !== "execute_request" || typeof cellId !== "string" || !Array.isArray(deletedCells)) return;
      if (message.content.silent === true) return;
      for (const id of deletedCells) forget(String(id), message.client);
      begin(cellId, message);
    },
    published: (message) => {
      if (message.type === "update_display_data") return updateDisplays(cells, message);
      const cell = message.parentType === "execute_request" ? cells.get(message.parentId) : undefined;
      if (!cell) return;
      take(cell, message);
      stamp(cell, message);
      shrink(cells, limits);
    },
    ended: () => {
      for (const cell of cells.values()) cell.state = "done";
    },
    identify: (client, session) => {
      sessions.set(client, session);
    },
    settle: (all) => {
      for (const { messageId, date } of all) {
        const cell = cells.get(messageId);
        if (cell && date > cell.settled) cell.settled = date;
      }
    },
    news: (isOther = () => false) => {
      const isOthers = (session: string | undefined): boolean => session !== undefined && isOther(session);
      return [...cells.values()].filter((cell) => isNews(cell) && !isOthers(sessions.get(cell.client))).map(toRecord);
    },
  };
}

function isNews({ state, date, settled }: Execution): boolean {
  return state !== "done" || date > settled;
}

/** Changes a cell as the message says. */
function take(cell: Execution, message: JournalMessage): void {
  const { type, content } = message;
  if (type === "status") {
    if (content.execution_state === "busy" && cell.state === "queued") cell.state = "running";
    if (content.execution_state === "idle") cell.state = "done";
  } else if (type === "execute_input") {
    cell.executionCount = typeof content.execution_count === "number" ? content.execution_count : null;
  } else {
    cell.outputs.add(message);
  }
}

function stamp(cell: Execution, { date, id }: JournalMessage): void {
  if (date < cell.date) return;
  cell.lastIds = date === cell.date ? [...cell.lastIds, id] : [id];
  cell.date = date;
}

/** What is shown under a display id may stand in any cell, whichever cell says that it changes. */
function updateDisplays(cells: ReadonlyMap<string, Execution>, message: JournalMessage): void {
  for (const cell of cells.values()) if (cell.outputs.update(message.content)) stamp(cell, message);
}

/** Lets go of what is too much: first what a saved notebook has, then the oldest. */
function shrink(cells: Map<string, Execution>, limits: JournalLimits): void {
  let bytes = 0;
  for (const cell of cells.values()) bytes += cell.outputs.bytes;
  if (bytes <= limits.all && cells.size <= mostCells) return;
  const rest = [...cells.values()];
  for (const cell of [...rest.filter((one) => !isNews(one)), ...rest.filter((one) => isNews(one))]) {
    if (bytes <= limits.all && cells.size <= mostCells) return;
    bytes -= cell.outputs.bytes;
    if (isNews(cell) && cells.size <= mostCells) {
      cell.outputs.leaveOut("all the cells together printed too much");
      bytes += cell.outputs.bytes;
    } else {
      cells.delete(cell.messageId);
    }
  }
}

function toRecord(cell: Execution): CellRecord {
  const { cellId, messageId, code, state, executionCount, outputs, date, lastIds } = cell;
  const displays = outputs.displays();
  return { cellId, messageId, code, state, executionCount, outputs: outputs.list(), displays, date, lastIds };
}
