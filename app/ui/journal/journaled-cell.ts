import type { ICodeCellModel } from "@jupyterlab/cells";
import type { IExecuteResult, IOutput } from "@jupyterlab/nbformat";
import type { KernelMessage } from "@jupyterlab/services";
import { JSONExt, type PartialJSONValue } from "@lumino/coreutils";
import type { CellRecord } from "./records.js";

/** A cell that ran, or runs, without this page having asked for it. */
export class JournaledCell {
  readonly cell: ICodeCellModel;
  readonly #record: CellRecord;
  readonly #displays = new Map<string, number[]>();
  #executionCount: number | null;
  #running: boolean;

  constructor(cell: ICodeCellModel, record: CellRecord) {
    this.cell = cell;
    this.#record = record;
    this.#executionCount = record.executionCount;
    this.#running = record.state !== "done";
    for (const [index, displayId] of record.displays) this.#stands(displayId, index);
  }

  /** Shows what the journal has. Returns whether that changed anything that is saved. */
  apply(): boolean {
    const { cell } = this;
    const { outputs } = this.#record;
    const count = this.#running ? null : this.#executionCount;
    const same = JSONExt.deepEqual(cell.outputs.toJSON() as PartialJSONValue, [...outputs] as PartialJSONValue);
    if (same && (this.#running || cell.executionCount === count)) {
      if (this.#running) cell.executionState = "running";
      return false;
    }
    // It is output of a kernel of this session, as any that came while the page was open.
    cell.trusted = true;
    if (!same) cell.outputs.fromJSON([...outputs]);
    cell.executionCount = count;
    cell.executionState = this.#running ? "running" : "idle";
    return true;
  }

  /** Whether the journal's record has this message already. */
  includes({ header }: KernelMessage.IIOPubMessage): boolean {
    const { date, lastIds } = this.#record;
    return header.date < date || lastIds.includes(header.msg_id);
  }

  /** Takes a message that this cell's request brought about. */
  take({ header, content }: KernelMessage.IIOPubMessage): void {
    const fields = content as Readonly<Record<string, unknown>>;
    switch (header.msg_type) {
      case "execute_input":
        this.#executionCount = fields.execution_count as number;
        break;
      case "status":
        if (fields.execution_state === "idle") this.#finish();
        break;
      case "clear_output":
        this.#displays.clear();
        this.cell.outputs.clear(fields.wait === true);
        break;
      case "stream":
      case "error":
      case "display_data":
      case "execute_result":
        this.#add(header.msg_type, fields);
        break;
    }
  }

  /** Shows new data under a display id, wherever it stands in this cell. */
  update(displayId: string, { data, metadata }: KernelMessage.IUpdateDisplayDataMsg["content"]): void {
    const { outputs } = this.cell;
    for (const index of this.#displays.get(displayId) ?? []) {
      const shown = index < outputs.length ? outputs.get(index).toJSON() : undefined;
      if (shown !== undefined) outputs.set(index, { ...shown, data, metadata } as IOutput);
    }
  }

  /** What ran has ended, or its kernel has. */
  stop(): void {
    if (this.#running) this.#finish();
  }

  #finish(): void {
    if (!this.#running) return;
    this.#running = false;
    this.cell.executionCount = this.#executionCount;
    this.cell.executionState = "idle";
  }

  #add(type: string, { transient, ...output }: Readonly<Record<string, unknown>>): void {
    const { outputs } = this.cell;
    outputs.add({ ...output, output_type: type } as IExecuteResult);
    const displayId = (transient as { readonly display_id?: string } | undefined)?.display_id;
    if (displayId !== undefined) this.#stands(displayId, outputs.length - 1);
  }

  #stands(displayId: string, index: number): void {
    this.#displays.set(displayId, [...(this.#displays.get(displayId) ?? []), index]);
  }
}
