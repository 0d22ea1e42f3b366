import type { IOutput } from "@jupyterlab/nbformat";
import { ServerConnection } from "@jupyterlab/services";
import type { CellRecord as RecordOf, Settled } from "../../server/journal/record.js";

/** One execution of a cell as the server's journal has it. */
export type CellRecord = RecordOf<IOutput>;

/** Who asks: a kernel's cells may be those of several notebooks. */
export interface Asking {
  /** The session of the notebook; it stays when the page is closed and when the file is renamed. */
  readonly session: string;
  /** The page's connection to the kernel. */
  readonly client: string;
}

/** Returns what the notebook's cells printed and its file does not have. @throws Error when the server does not say */
export async function fetchNews(
  kernelId: string,
  { session, client }: Asking,
  settings: ServerConnection.ISettings,
): Promise<CellRecord[]> {
  const query = new URLSearchParams({ session, client });
  const answer = await ServerConnection.makeRequest(`${address(kernelId, settings)}?${query}`, {}, settings);
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
