import type { ICodeCellModel } from "@jupyterlab/cells";
import type { INotebookModel } from "@jupyterlab/notebook";
import type { Kernel, KernelMessage, ServerConnection } from "@jupyterlab/services";
import type { Settled } from "../../server/journal/record.js";
import { whenConnected } from "../connection/when-connected.js";
import { JournaledCell } from "./journaled-cell.js";
import { type CellRecord, fetchNews, settle } from "./records.js";

/** What a notebook was told when it was opened. */
export interface Caught {
  /** Cells whose output was not in the file. */
  readonly changed: number;
  /** Executions whose code is in no cell of the file: the page was closed before it was saved. */
  readonly lost: readonly CellRecord[];
}

/** Keeps the cells of an open notebook up to date with executions that this page did not ask for. */
export class Follower {
  readonly #model: INotebookModel;
  readonly #kernel: Kernel.IKernelConnection;
  readonly #session: string;
  readonly #settings: ServerConnection.ISettings;
  readonly #cells = new Map<string, JournaledCell>();
  /** The date of the last message of each execution that this notebook shows. */
  readonly #seen = new Map<string, string>();
  /** What came before the journal did. */
  #waiting: KernelMessage.IIOPubMessage[] | undefined = [];
  #saving: Settled[] = [];

  constructor(
    model: INotebookModel,
    session: string,
    kernel: Kernel.IKernelConnection,
    settings: ServerConnection.ISettings,
  ) {
    this.#model = model;
    this.#kernel = kernel;
    this.#session = session;
    this.#settings = settings;
    kernel.iopubMessage.connect(this.#receive, this);
    kernel.statusChanged.connect(this.#onStatus, this);
  }

  /** Brings the notebook up to date. */
  async catchUp(): Promise<Caught> {
    // Before that, what the kernel says is lost to this page: the journal has to be read later than it ends.
    await whenConnected(this.#kernel);
    const { dirty } = this.#model;
    const { id, clientId: client } = this.#kernel;
    const records = await fetchNews(id, { session: this.#session, client }, this.#settings);
    if (this.#model.isDisposed) return { changed: 0, lost: [] };
    const found = records.map((record) => ({ record, cell: this.#find(record) }));
    let changed = 0;
    for (const { record, cell } of found) {
      if (cell) changed += this.#follow(cell, record) ? 1 : 0;
      this.#seen.set(record.messageId, record.date);
    }
    // That a cell runs is shown, not saved.
    if (changed === 0) this.#model.dirty = dirty;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const message of waiting) this.#take(message);
    return { changed, lost: found.flatMap(({ record, cell }) => (cell ? [] : [record])) };
  }

  /** The person runs this cell anew: what an earlier request still brings about is no longer its output. */
  forget(cellId: string): void {
    for (const [messageId, { cell }] of this.#cells) if (cell.id === cellId) this.#cells.delete(messageId);
  }

  /** The notebook is about to be saved as it is now. */
  saveStarts(): void {
    this.#saving = [...this.#seen].map(([messageId, date]) => ({ messageId, date }));
  }

  /** It has been saved. */
  async saved(): Promise<void> {
    if (this.#saving.length > 0) await settle(this.#kernel.id, this.#saving, this.#settings).catch(() => undefined);
  }

  dispose(): void {
    this.#kernel.iopubMessage.disconnect(this.#receive, this);
    this.#kernel.statusChanged.disconnect(this.#onStatus, this);
    this.#cells.clear();
  }

  #find({ cellId, code }: CellRecord): ICodeCellModel | undefined {
    for (const cell of this.#model.cells) {
      if (cell.id === cellId && cell.type === "code" && cell.sharedModel.getSource() === code) {
        return cell as ICodeCellModel;
      }
    }
    return undefined;
  }

  #follow(cell: ICodeCellModel, record: CellRecord): boolean {
    const journaled = new JournaledCell(cell, record);
    this.#cells.set(record.messageId, journaled);
    return journaled.apply();
  }

  #receive(_kernel: Kernel.IKernelConnection, message: KernelMessage.IIOPubMessage): void {
    if (this.#waiting) this.#waiting.push(message);
    else this.#take(message);
  }

  #take(message: KernelMessage.IIOPubMessage): void {
    const { header, content } = message;
    if (header.msg_type === "update_display_data")
      this.#update(content as KernelMessage.IUpdateDisplayDataMsg["content"]);
    const parent = message.parent_header as Partial<KernelMessage.IHeader>;
    const messageId = parent.msg_id;
    if (messageId === undefined || parent.msg_type !== "execute_request") return;
    const cell = this.#cells.get(messageId);
    if (cell?.includes(message)) return;
    if (cell && header.msg_type !== "update_display_data") cell.take(message);
    if (cell || parent.session === this.#kernel.clientId) this.#seen.set(messageId, header.date);
  }

  #update(content: KernelMessage.IUpdateDisplayDataMsg["content"]): void {
    const displayId = content.transient.display_id;
    if (displayId !== undefined) for (const cell of this.#cells.values()) cell.update(displayId, content);
  }

  #onStatus(_kernel: Kernel.IKernelConnection, status: Kernel.Status): void {
    if (status !== "restarting" && status !== "autorestarting" && status !== "dead") return;
    for (const cell of this.#cells.values()) cell.stop();
  }
}
