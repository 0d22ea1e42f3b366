/** The parts of the program that the page's loader, or a snippet's, keeps packed until they are needed. */

interface Loader {
  [key: symbol]: ((name: string) => unknown) | undefined;
}

const page = globalThis as unknown as Loader;

/** Runs a piece, once however often it is asked for. Rejects when the page was exported without it. */
export async function loadPiece(name: string): Promise<void> {
  await page[Symbol.for("lowbit.load")]?.(name);
}

/** Returns whether the page has a piece that has not run. */
export function hasPiece(name: string): boolean {
  return page[Symbol.for("lowbit.has")]?.(name) === true;
}

/** Returns what the pieces that have run left, by their names. */
export function pieces(): Record<string, unknown> {
  const left = globalThis as unknown as { [key: symbol]: Record<string, unknown> | undefined };
  return left[Symbol.for("lowbit.pieces")] ?? {};
}
