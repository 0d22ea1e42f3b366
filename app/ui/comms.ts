import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { KernelConnection } from "@jupyterlab/services";
import { UUID } from "@lumino/coreutils";

/**
 * Lets go of comms that were closed. JupyterLab's comms listen to the status of their kernel and never stop, so that a
 * page keeps every widget that ever was until its kernel's connection goes.
 */
export const comms: JupyterFrontEndPlugin<void> = {
  id: "lowbit:comms",
  description: "Forgets widgets that were closed.",
  autoStart: true,
  activate: () => forgetClosedComms(),
};

type Slot = (...args: unknown[]) => void;

/** The parts of a kernel's connection that are used here; some are declared private. */
interface Connection {
  readonly statusChanged: { connect(slot: Slot): boolean; disconnect(slot: Slot): boolean };
  readonly _comms: ReadonlyMap<string, { dispose(): void }>;
  createComm(target: string, id?: string): unknown;
  _handleCommOpen(message: { readonly content: { readonly comm_id: string } }): Promise<void>;
}

function forgetClosedComms(): void {
  const prototype = KernelConnection.prototype as unknown as Connection;
  const { createComm, _handleCommOpen: handleOpen } = prototype;
  prototype.createComm = function (this: Connection, target, id = UUID.uuid4()) {
    return tidy(this, id, () => createComm.call(this, target, id));
  };
  prototype._handleCommOpen = function (this: Connection, message) {
    return tidy(this, message.content.comm_id, () => handleOpen.call(this, message));
  };
}

/** Runs `make`, which makes a comm at once; what the comm listens to is taken back when it goes. */
function tidy<Result>({ statusChanged, _comms: all }: Connection, id: string, make: () => Result): Result {
  const slots: Slot[] = [];
  const { connect } = statusChanged;
  statusChanged.connect = (slot) => {
    slots.push(slot);
    return connect.call(statusChanged, slot);
  };
  try {
    return make();
  } finally {
    Reflect.deleteProperty(statusChanged, "connect");
    const comm = all.get(id);
    if (comm && slots.length > 0) {
      const { dispose } = comm;
      comm.dispose = () => {
        for (const slot of slots) statusChanged.disconnect(slot);
        dispose.call(comm);
      };
    }
  }
}
