/** What the server and a page say to each other about the journal. */

/** One execution of a cell. */
export interface CellRecord<Output> {
  readonly cellId: string;
  /** The id of the request, which all of its messages name as their parent. */
  readonly messageId: string;
  readonly code: string;
  readonly state: "queued" | "running" | "done";
  readonly executionCount: number | null;
  readonly outputs: readonly Output[];
  /** Which outputs stand under a display id. */
  readonly displays: readonly (readonly [index: number, displayId: string])[];
  /** The date of the last message that is in it; */
  readonly date: string;
  /** and those messages that have just this date. */
  readonly lastIds: readonly string[];
}

/** What a page that saved a notebook says: of this execution, it has all up to this date. */
export interface Settled {
  readonly messageId: string;
  readonly date: string;
}
