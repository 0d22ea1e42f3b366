/** Runs a notebook over a real kernel process, as a front end would. */
import { connectKernel, type KernelClient } from "../io/client.js";
import { describeDeath } from "../io/death.js";
import { type KernelExit, type LaunchedKernel, launchKernel } from "../io/launch.js";
import type { Message } from "../io/wire.js";
import type { Cell, Notebook, Output } from "./document.js";
import { createOutputWidgets } from "./output-widgets.js";
import { createOutputs, type Outputs } from "./outputs.js";
import { createWidgetState, type WidgetState, widgetStateType } from "./widget-state.js";

/** What {@link executeNotebook} takes. */
export interface ExecuteOptions {
  /** Working directory of the cells: the notebook's folder. */
  readonly cwd: string;
  /** Seconds after which a cell is stopped; default: never. */
  readonly timeout?: number;
  /** Characters of printed text that are kept of each cell; default: a megabyte. */
  readonly outputLimit?: number;
  /** Called when a cell has ended; `index` counts code cells from 0. */
  readonly onCell?: (index: number, total: number, seconds: number, error: CellError | undefined) => void;
}

/** The error of a cell. */
export type CellError = Extract<Output, { output_type: "error" }>;

/** What came of a run. */
export interface Execution {
  /** The notebook with outputs, execution counts and widget state. */
  readonly notebook: Notebook;
  /** The error at which the run stopped. */
  readonly error?: CellError;
  /** The run stopped because a cell took longer than the time-out. */
  readonly timedOut?: boolean;
}

/** Runs all code cells in order, until one fails. The notebook that is passed in stays as it is. */
export async function executeNotebook(notebook: Notebook, options: ExecuteOptions): Promise<Execution> {
  const kernel = await launchKernel({ cwd: options.cwd });
  const client = connectKernel(kernel.connection);
  try {
    await Promise.race([client.ready(60_000), diedEarly(kernel)]);
    return await runCells(structuredClone(notebook), client, kernel, options);
  } finally {
    client.send("shutdown_request", { restart: false }, { channel: "control" });
    const limit = setTimeout(() => kernel.kill(), 5000);
    await kernel.exited;
    clearTimeout(limit);
    client.close();
  }
}

async function diedEarly(kernel: LaunchedKernel): Promise<never> {
  throw new Error(`the kernel ended while starting: ${describeDeath(await kernel.exited)}`);
}

async function runCells(
  notebook: Notebook,
  client: KernelClient,
  kernel: LaunchedKernel,
  options: ExecuteOptions,
): Promise<Execution> {
  const outputs = createOutputs(options.outputLimit);
  const widgets = createWidgetState();
  const owners = new Map<string, Cell>();
  const outputWidgets = createOutputWidgets(outputs, (id, list) => {
    const data = { method: "update", state: { outputs: list }, buffer_paths: [] };
    widgets.set(id, data.state);
    client.send("comm_msg", { comm_id: id, data });
  });
  client.on("iopub", (message) => {
    widgets.add(message);
    if (outputWidgets.add(message)) return;
    const cell = owners.get(message.parentHeader.msg_id ?? "");
    if (cell) outputs.add(cell, message);
  });
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
  for (const cell of cells) Object.assign(cell, { outputs: [], execution_count: null });
  let error: CellError | undefined;
  let timedOut = false;
  const onTimeout = (): void => {
    timedOut = true;
  };
  for (const [index, cell] of cells.entries()) {
    if (cell.source.trim() === "") continue;
    const started = performance.now();
    const run = runCell(cell, client, owners, options.timeout, onTimeout);
    const end = await Promise.race([run, kernel.exited]);
    error = end && "signal" in end ? addDeath(cell, outputs, end) : end;
    options.onCell?.(index, cells.length, (performance.now() - started) / 1000, error);
    if (error) break;
  }
  outputs.finish();
  saveWidgets(notebook, widgets);
  return { notebook, ...(error && { error, timedOut }) };
}

/** Resolves when both the reply and the `idle` of the cell are here: only then all its output is. */
function runCell(
  cell: Cell,
  client: KernelClient,
  owners: Map<string, Cell>,
  timeout: number | undefined,
  onTimeout: () => void,
): Promise<CellError | undefined> {
  return new Promise((resolve) => {
    let reply: Message | undefined;
    let idle = false;
    const id = client.send("execute_request", { code: cell.source, silent: false, allow_stdin: false });
    owners.set(id, cell);
    const stop = (): void => {
      onTimeout();
      client.send("interrupt_request", {}, { channel: "control" });
    };
    const limit = timeout === undefined ? undefined : setTimeout(stop, timeout * 1000);
    const check = (): void => {
      if (!reply || !idle) return;
      clearTimeout(limit);
      offShell();
      offIopub();
      resolve(cell.outputs?.find((output) => output.output_type === "error"));
    };
    const offShell = client.on("shell", (message) => {
      if (message.parentHeader.msg_id !== id) return;
      reply = message;
      check();
    });
    const offIopub = client.on("iopub", ({ header, parentHeader, content }) => {
      if (parentHeader.msg_id !== id || header.msg_type !== "status") return;
      idle = content.execution_state === "idle";
      check();
    });
  });
}

/** Shows in the cell that its kernel ended, and why. */
function addDeath(cell: Cell, outputs: Outputs, exit: KernelExit): CellError {
  const [reason, ...details] = describeDeath(exit).split("\n");
  const evalue = `the kernel ended while cell [${cell.execution_count ?? " "}] ran: ${reason}`;
  const traceback = [`DeadKernelError: ${evalue}`, ...details];
  const header = { msg_type: "error" } as Message["header"];
  const content = { ename: "DeadKernelError", evalue, traceback };
  outputs.add(cell, { identities: [], header, parentHeader: {}, metadata: {}, content, buffers: [] });
  return { output_type: "error", ...content };
}

function saveWidgets(notebook: Notebook, widgets: WidgetState): void {
  const state = widgets.save();
  const { widgets: _, ...metadata } = notebook.metadata;
  notebook.metadata = state ? { ...metadata, widgets: { [widgetStateType]: state } } : metadata;
}
