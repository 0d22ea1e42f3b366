import type { JupyterFrontEnd } from "@jupyterlab/application";
import { Notification } from "@jupyterlab/apputils";
import type { KernelMessage } from "@jupyterlab/services";
import { forEachContext } from "./kernels.js";

/** Says why a kernel ended that ran no cell: a cell that ran has the reason in its output. */
export function tellDeaths(shell: JupyterFrontEnd.IShell): void {
  const told = new Set<string>();
  forEachContext(shell, (context) => {
    context.iopubMessage.connect((_, message) => {
      const { header } = message;
      // Documents that share a kernel all hear it.
      if (!isOfServer(message) || header.msg_type !== "stream" || told.has(header.msg_id)) return;
      told.add(header.msg_id);
      const { text } = message.content as KernelMessage.IStreamMsg["content"];
      Notification.warning(`${context.name}: ${text.trim()}`, { autoClose: false });
    });
  });
}

/** Whether the server says it by itself, in no cell. */
function isOfServer({ header, parent_header }: KernelMessage.IMessage): boolean {
  return header.session === "lowbit-server" && !("msg_id" in parent_header);
}
