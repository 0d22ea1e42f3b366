import { stat } from "node:fs/promises";
import { kernelName } from "../../../kernel/io/kernelspec.js";
import { HttpError } from "../http-error.js";
import type { RootFolder } from "../root-folder.js";
import { Kernel, type KernelTimes, type Launch } from "./kernel.js";

/** The running kernels of a server. */
export interface KernelManager {
  /** Starts a kernel whose cells run in the folder of *notebook*. @throws HttpError 501 for another name */
  start(name: string | undefined, notebook: string | undefined): Promise<Kernel>;
  /** @throws HttpError 404 */
  get(id: string): Kernel;
  list(): readonly Kernel[];
  /** Ends one kernel. @throws HttpError 404 */
  shutdown(id: string): Promise<void>;
  /** Ends all kernels and starts no more. */
  close(): Promise<void>;
  /** Whether {@link close} was called. */
  readonly closed: boolean;
}

/** What the manager needs from the server. */
export interface KernelManagerOptions {
  readonly root: RootFolder;
  readonly launch: Launch;
  readonly log: (line: string) => void;
  readonly times?: Partial<KernelTimes> | undefined;
}

/** Returns a manager without kernels. They end with this process, however it ends. */
export function createKernelManager({ root, launch, log, times = {} }: KernelManagerOptions): KernelManager {
  const kernels = new Map<string, Kernel>();
  let closed = false;
  const killAll = (): void => {
    for (const kernel of kernels.values()) kernel.killNow();
  };
  process.once("exit", killAll);
  const get = (id: string): Kernel => {
    const kernel = kernels.get(id);
    if (!kernel) throw new HttpError(404, `kernel ${id.slice(0, 40)}: does not exist`);
    return kernel;
  };
  return {
    get,
    get closed() {
      return closed;
    },
    list: () => [...kernels.values()],
    start: async (name, notebook) => {
      if (closed) throw new HttpError(503, "the server is shutting down");
      requireOurs(name);
      const kernel = new Kernel({ name: kernelName, cwd: await workingFolder(root, notebook), launch, log, times });
      kernels.set(kernel.id, kernel);
      await kernel.start().catch((error: unknown) => {
        kernels.delete(kernel.id);
        throw error;
      });
      return kernel;
    },
    shutdown: async (id) => {
      const kernel = get(id);
      kernels.delete(id);
      await kernel.shutdown();
    },
    close: async () => {
      closed = true;
      await Promise.all([...kernels.values()].map((kernel) => kernel.shutdown()));
      kernels.clear();
      process.off("exit", killAll);
    },
  };
}

function requireOurs(name: string | undefined): void {
  if (name === undefined || name === kernelName) return;
  throw new HttpError(501, `kernel "${name}" is not available; this server runs "${kernelName}" only`);
}

/** The folder of a notebook, or the root when there is no such folder. */
async function workingFolder(root: RootFolder, notebook: string | undefined): Promise<string> {
  const folder = notebook?.split("/").slice(0, -1).join("/") ?? "";
  const { real } = await root.resolve(folder);
  const exists = await stat(real).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return exists ? real : root.real;
}
