/** What a Jupyter client is told about the kernel before it starts one. */

/** The name under which clients find the kernel. */
export const kernelName = "lowbit";

/** A kernelspec without its command line, as `kernel.json` and `/api/kernelspecs` have it. */
export interface KernelSpec {
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "message";
  readonly metadata: { readonly debugger: boolean };
}

/** The kernelspec. A stop is a message on the control channel, not a signal: it keeps the variables. */
export const kernelSpec: KernelSpec = {
  display_name: "TypeScript (Lowbit)",
  language: "typescript",
  interrupt_mode: "message",
  metadata: { debugger: false },
};
