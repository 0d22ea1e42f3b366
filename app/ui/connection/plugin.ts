import { IConnectionLost, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Notification } from "@jupyterlab/apputils";
import { PageConfig } from "@jupyterlab/coreutils";
import type { ServiceManager } from "@jupyterlab/services";
import { tellDeaths } from "./deaths.js";
import { type Orphan, startAnew, watchKernels, withKernels } from "./kernels.js";
import { type LostMessage, openMessage } from "./message.js";
import { look } from "./server.js";

/** How often a server that is gone is looked for, in milliseconds. */
const lookEvery = 1000;
/** How often kernels that do not connect are waited for while the server is there. */
const mostWaits = 30;

/** Says when the server is gone, finds it again, and says what went with it. */
export const connection: JupyterFrontEndPlugin<IConnectionLost> = {
  id: "lowbit:connection",
  description: "Finds the server again when it was gone.",
  autoStart: true,
  provides: IConnectionLost,
  activate: (app) => {
    let started = PageConfig.getOption("serverStarted");
    let search: Promise<void> | undefined;
    const lost = async (manager: ServiceManager.IManager): Promise<void> => {
      search ??= find(app, manager, started)
        .then((now) => {
          started = now;
        })
        .finally(() => {
          search = undefined;
        });
      await search;
    };
    tellDeaths(app.shell);
    // The first to notice: polling would miss a server that is back at once, and its kernels would vanish unsaid.
    // If it fails, the server went away once more; that will be noticed in turn.
    watchKernels(app.shell, () => void lost(app.serviceManager).catch(() => undefined));
    return lost;
  },
};

/** Looks for the server until it is there. Returns when that one was started. */
async function find(app: JupyterFrontEnd, manager: ServiceManager.IManager, started: string): Promise<string> {
  const orphans = withKernels(app.shell);
  let message: LostMessage | undefined;
  let waits = 0;
  // The file browser has found nothing meanwhile, and looks ever more rarely.
  const refresh = (): void => void app.commands.execute("filebrowser:refresh").catch(() => undefined);
  try {
    for (;;) {
      const found = await look(manager.serverSettings, started);
      if (found.kind === "restarted") {
        refresh();
        await welcome(manager, orphans);
        return found.started;
      }
      if (found.kind === "same") {
        if (message) refresh();
        message?.close();
        message = undefined;
        if ((await rejoin(manager, orphans)) || ++waits > mostWaits) return started;
      } else {
        message ??= openMessage();
        message.say(found);
      }
      await new Promise((resolve) => setTimeout(resolve, lookEvery));
    }
  } finally {
    message?.close();
  }
}

/** The kernels are still there, unless somebody ended them. Returns whether all of them are connected: else the server
 * may be about to go. */
async function rejoin(manager: ServiceManager.IManager, orphans: readonly Orphan[]): Promise<boolean> {
  await manager.sessions.refreshRunning().catch(() => undefined);
  const kernels = orphans.flatMap(({ sessionContext }) => sessionContext.session?.kernel ?? []);
  for (const kernel of kernels) {
    // A connection that has given up begins anew; it rejects when it gives up again.
    if (kernel.connectionStatus === "disconnected") kernel.reconnect().catch(() => undefined);
  }
  return kernels.every(({ connectionStatus }) => connectionStatus === "connected");
}

/** The kernels of the server that was there before are gone; documents get new ones. */
async function welcome(manager: ServiceManager.IManager, orphans: readonly Orphan[]): Promise<void> {
  await manager.sessions.refreshRunning();
  await manager.kernels.refreshRunning();
  const count = await startAnew(orphans);
  if (count === 0) return;
  const words = count === 1 ? "The kernel" : `The ${count} kernels`;
  const text = `The server was started again. ${words} ended with the old one, and all variables. Run the cells again.`;
  Notification.warning(text, { autoClose: false });
}
