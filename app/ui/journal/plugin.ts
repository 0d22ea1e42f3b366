import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Notification } from "@jupyterlab/apputils";
import { INotebookTracker, NotebookActions, type NotebookPanel } from "@jupyterlab/notebook";
import type { ServerConnection } from "@jupyterlab/services";
import { type Caught, Follower } from "./follower.js";
import type { CellRecord } from "./records.js";

/** Shows, when a notebook is opened, what its cells printed while no page had it open, and what they go on to print. */
export const journal: JupyterFrontEndPlugin<void> = {
  id: "lowbit:journal",
  description: "Brings a notebook up to date with what its cells printed while it was closed.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (app, tracker: INotebookTracker) => {
    const { serverSettings } = app.serviceManager;
    tracker.forEach((panel) => {
      follow(panel, serverSettings);
    });
    tracker.widgetAdded.connect((_, panel) => follow(panel, serverSettings));
  },
};

function follow(panel: NotebookPanel, settings: ServerConnection.ISettings): void {
  const { context } = panel;
  const { sessionContext } = context;
  let follower: Follower | undefined;
  let kernelId: string | undefined;
  const meet = async (): Promise<void> => {
    await Promise.all([context.ready, sessionContext.ready]);
    const { session } = sessionContext;
    if (panel.isDisposed || session?.kernel?.id === kernelId) return;
    kernelId = session?.kernel?.id;
    follower?.dispose();
    follower = session?.kernel ? new Follower(context.model, session.id, session.kernel, settings) : undefined;
    const caught = await follower?.catchUp();
    if (caught) tell(panel, caught);
  };
  const scheduled = (_: unknown, { notebook, cell }: { notebook: unknown; cell: { model: { id: string } } }): void => {
    if (notebook === panel.content) follower?.forget(cell.model.id);
  };
  const attempt = (): void =>
    void meet().catch((error: Error) => {
      if (panel.isDisposed) return;
      Notification.warning(`What the cells of ${context.localPath} printed before is not known: ${error.message}`);
    });
  sessionContext.kernelChanged.connect(attempt);
  NotebookActions.executionScheduled.connect(scheduled);
  context.saveState.connect((_, state) => {
    if (state === "started") follower?.saveStarts();
    if (state.startsWith("completed")) void follower?.saved();
  });
  panel.disposed.connect(() => {
    NotebookActions.executionScheduled.disconnect(scheduled);
    follower?.dispose();
  });
  attempt();
}

function tell(panel: NotebookPanel, { changed, lost }: Caught): void {
  const name = panel.context.localPath.split("/").at(-1);
  if (changed > 0) {
    const words = changed === 1 ? "The output of a cell" : `The output of ${changed} cells`;
    Notification.info(`${words} of ${name} was not in the file yet. It is shown now; save to keep it.`, {
      autoClose: 10_000,
    });
  }
  if (lost.length === 0) return;
  const words = lost.length === 1 ? "A cell" : `${lost.length} cells`;
  Notification.warning(
    `${words} of ${name} ran as the file does not have it: the page was closed before it was saved.`,
    {
      autoClose: false,
      actions: [{ label: "Add to the end", callback: () => add(panel, lost) }],
    },
  );
}

/** Puts code and output of executions that are in no cell of the file below the others. */
function add(panel: NotebookPanel, lost: readonly CellRecord[]): void {
  const { model } = panel.context;
  if (panel.isDisposed) return;
  model.sharedModel.transact(() => {
    const cells = lost.map(({ code, outputs, executionCount }) => ({
      cell_type: "code" as const,
      source: code,
      metadata: { trusted: true },
      outputs: [...outputs],
      execution_count: executionCount,
    }));
    model.sharedModel.insertCells(model.sharedModel.cells.length, cells);
  });
}
