import type { IOutput } from "@jupyterlab/nbformat";
import { ServerConnection } from "@jupyterlab/services";

/** One execution of a cell as the server's journal has it. */
export interface CellRecord {
  readonly cellId: string;
  /** The id of the request, which all of its messages name as their parent. */
  readonly messageId: string;
  readonly code: string;
  readonly state: "queued" | "running" | "done";
  readonly executionCount: number | null;
  readonly outputs: readonly IOutput[];
  /** Which outputs stand under a display id. */
  readonly displays: readonly (readonly [index: number, displayId: string])[];
  /** The date of the last message that is in it; */
  readonly date: string;
  /** and those messages that have just this date. */
  readonly lastIds: readonly string[];
}

/** Of this execution, a page has all up to this date. */
export interface Settled {
  readonly messageId: string;
  readonly date: string;
}

/** Returns what the kernel's cells printed and no saved notebook has. @throws Error when the server does not say */
export async function fetchNews(kernelId: string, settings: ServerConnection.ISettings): Promise<CellRecord[]> {
  const answer = await ServerConnection.makeRequest(address(kernelId, settings), {}, settings);
  if (!answer.ok) throw new Error(`journal: the server answered ${answer.status}`);
  return ((await answer.json()) as { cells: CellRecord[] }).cells;
}

/** Tells the server what a notebook has that was just saved. */
export async function settle(
  kernelId: string,
  settled: readonly Settled[],
  settings: ServerConnection.ISettings,
): Promise<void> {
  const init = { method: "POST", body: JSON.stringify({ settled }) };
  await ServerConnection.makeRequest(`${address(kernelId, settings)}/settled`, init, settings);
}

function address(kernelId: string, { baseUrl }: ServerConnection.ISettings): string {
  return `${baseUrl}lowbit/api/kernels/${encodeURIComponent(kernelId)}/journal`;
}
