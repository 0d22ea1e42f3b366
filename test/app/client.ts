/** Jupyter's own client as a peer: what `@jupyterlab/services` can do with our server, a browser can. */
import { createRequire } from "node:module";
import type { Kernel, KernelMessage, ServerConnection, Session } from "@jupyterlab/services";
import { WebSocket } from "ws";
import type { TestServer } from "./support.js";

const services = createRequire(import.meta.url)("@jupyterlab/services") as typeof import("@jupyterlab/services");

/** The settings of a client of *app*. */
export function clientSettings({ server }: TestServer): ServerConnection.ISettings {
  const headers = { authorization: `token ${server.token}` };
  class AuthorizedWebSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { headers });
    }
  }
  return services.ServerConnection.makeSettings({
    baseUrl: `http://127.0.0.1:${server.port}/`,
    wsUrl: `ws://127.0.0.1:${server.port}/`,
    token: server.token,
    appendToken: false,
    WebSocket: AuthorizedWebSocket as never,
  });
}

/** A notebook's connection to its kernel. */
export interface TestSession {
  readonly session: Session.ISessionConnection;
  readonly kernel: Kernel.IKernelConnection;
  readonly close: () => void;
}

/** Opens a session for *path* as a front end does. */
export async function openSession(app: TestServer, path: string): Promise<TestSession> {
  const serverSettings = clientSettings(app);
  const kernelManager = new services.KernelManager({ serverSettings });
  const manager = new services.SessionManager({ serverSettings, kernelManager });
  const session = await manager.startNew({ path, name: path, type: "notebook", kernel: { name: "lowbit" } });
  if (!session.kernel) throw new Error("the session has no kernel");
  keepCancellations(session.kernel);
  return {
    session,
    kernel: session.kernel,
    close: () => {
      session.dispose();
      manager.dispose();
      kernelManager.dispose();
    },
  };
}

/** The client asks for the kernel's info whenever it connects, and when it restarts the kernel meanwhile, it rejects a
 * promise that nobody can handle: in a page that is a line on the console, here it would fail the run. */
function keepCancellations(kernel: Kernel.IKernelConnection): void {
  const ask = kernel.requestKernelInfo.bind(kernel);
  kernel.requestKernelInfo = () =>
    ask().catch((error: Error) => {
      if (error.message.startsWith("Canceled future for kernel_info_request")) return new Promise(() => undefined);
      throw error;
    });
}

/** What a cell printed and returned. */
export interface CellOutput {
  readonly text: string;
  readonly result: string | undefined;
  readonly error: string | undefined;
  readonly reply: KernelMessage.IExecuteReplyMsg | undefined;
}

/** Runs a cell and waits for its end. */
export async function runCell(kernel: Kernel.IKernelConnection, code: string): Promise<CellOutput> {
  const future = kernel.requestExecute({ code, allow_stdin: false });
  let text = "";
  let result: string | undefined;
  let error: string | undefined;
  future.onIOPub = ({ header, content }) => {
    const fields = content as Record<string, unknown>;
    if (header.msg_type === "stream") text += fields.text as string;
    if (header.msg_type === "execute_result") result = (fields.data as Record<string, string>)["text/plain"];
    if (header.msg_type === "error") error = fields.ename as string;
  };
  const reply = await future.done;
  return { text, result, error, reply };
}

/** Resolves when *kernel* has this status. */
export function whenStatus(kernel: Kernel.IKernelConnection, wanted: Kernel.Status): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (kernel.status !== wanted) return;
      kernel.statusChanged.disconnect(check);
      resolve();
    };
    kernel.statusChanged.connect(check);
    check();
  });
}
