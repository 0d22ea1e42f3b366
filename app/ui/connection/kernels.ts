import type { ILabShell, JupyterFrontEnd } from "@jupyterlab/application";
import type { ISessionContext } from "@jupyterlab/apputils";
import { type Kernel, SessionAPI } from "@jupyterlab/services";
import type { Widget } from "@lumino/widgets";

/** What had a kernel when the server went away. */
export interface Orphan {
  readonly sessionContext: ISessionContext;
  readonly kernel: Pick<Kernel.IKernelConnection, "id" | "name">;
}

/** Returns the notebooks and consoles of the page that have a kernel. */
export function withKernels(shell: JupyterFrontEnd.IShell): Orphan[] {
  return contexts(shell).flatMap((sessionContext) => {
    const kernel = sessionContext.session?.kernel;
    return kernel ? [{ sessionContext, kernel: { id: kernel.id, name: kernel.name } }] : [];
  });
}

/** Calls *lost* when a kernel of the page stops being connected. */
export function watchKernels(shell: JupyterFrontEnd.IShell, lost: () => void): void {
  forEachContext(shell, (context) => {
    let connected = false;
    context.connectionStatusChanged.connect((_, status) => {
      if (connected && status !== "connected") lost();
      connected = status === "connected";
    });
    connected = context.session?.kernel?.connectionStatus === "connected";
  });
}

/** Calls *action* with each notebook and console of the page, now and when it is opened. */
export function forEachContext(shell: JupyterFrontEnd.IShell, action: (context: ISessionContext) => void): void {
  const watched = new WeakSet<ISessionContext>();
  const watch = (): void => {
    for (const context of contexts(shell)) {
      if (watched.has(context)) continue;
      watched.add(context);
      action(context);
    }
  };
  const { layoutModified } = shell as JupyterFrontEnd.IShell & Partial<Pick<ILabShell, "layoutModified">>;
  layoutModified?.connect(watch);
  watch();
}

function contexts(shell: JupyterFrontEnd.IShell): ISessionContext[] {
  return [...shell.widgets("main")].flatMap((widget) => {
    const { sessionContext } = widget as Widget & { readonly sessionContext?: ISessionContext };
    return sessionContext ? [sessionContext] : [];
  });
}

/** Returns the kernel that another window has started for the same document. */
async function running({ session, path }: ISessionContext): Promise<{ readonly id: string } | null | undefined> {
  if (!session) return undefined;
  const sessions = await SessionAPI.listRunning(session.serverSettings).catch(() => []);
  return sessions.find((other) => other.path === path)?.kernel;
}

/**
 * Starts a kernel for each document whose own has ended with its server. Documents that shared one share one again.
 * @returns how many kernels are gone
 */
export async function startAnew(orphans: readonly Orphan[]): Promise<number> {
  const successors = new Map<string, string>();
  for (const { sessionContext, kernel } of orphans) {
    if (sessionContext.isDisposed) continue;
    const id = successors.get(kernel.id) ?? (await running(sessionContext))?.id;
    const model = id === undefined ? { name: kernel.name } : { id };
    const started = await sessionContext.changeKernel(model).catch(() => null);
    if (started) successors.set(kernel.id, started.id);
  }
  return new Set(orphans.map(({ kernel }) => kernel.id)).size;
}
