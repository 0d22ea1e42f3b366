import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";

/**
 * A notebook that could not be read has nothing to save. JupyterLab marks it as changed all the same, and asks whether
 * an empty notebook should be saved when it closes the panel.
 */
export const unread: JupyterFrontEndPlugin<void> = {
  id: "lowbit:unread",
  description: "Closes a notebook that could not be read without asking to save it.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app, tracker: INotebookTracker) => {
    tracker.widgetAdded.connect((_, panel) => keepClean(panel));
  },
};

function keepClean({ context }: NotebookPanel): void {
  const { model } = context;
  const clean = (): void => {
    if (!context.isReady && model.dirty) model.dirty = false;
  };
  model.stateChanged.connect(clean);
  void context.ready.then(() => model.stateChanged.disconnect(clean));
  clean();
}
