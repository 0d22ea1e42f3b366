import type { Kernel } from "@jupyterlab/services";

/** Resolves when what the kernel says arrives in this page, or when it is clear that it never will. */
export function whenConnected(kernel: Kernel.IKernelConnection): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (kernel.connectionStatus === "connecting" && !kernel.isDisposed) return;
      kernel.connectionStatusChanged.disconnect(check);
      kernel.disposed.disconnect(check);
      resolve();
    };
    kernel.connectionStatusChanged.connect(check);
    kernel.disposed.connect(check);
    check();
  });
}
