/** What the tests do in a notebook of the app, of JupyterLab or of Notebook 7: run, find, drag. */
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** A page of any of them. */
export interface NotebookPage {
  readonly page: Page;
  /** Opens a notebook and waits until its kernel is idle. */
  open(notebook: string): Promise<void>;
  /** Reloads the page and waits as `open` does. */
  reload(): Promise<void>;
  /** Waits until the kernel is idle. */
  idle(): Promise<void>;
  command(id: string, args?: object): Promise<void>;
}

/** Returns what a selector finds in the notebook that is shown. */
export function inNotebook(page: Page, selector: string): Locator {
  return page.locator(`.jp-NotebookPanel:not(.lm-mod-hidden) ${selector}`);
}

/** Returns what a selector finds in one of its cells. */
export function inCell(page: Page, index: number, selector: string): Locator {
  return inNotebook(page, ".jp-Cell").nth(index).locator(selector);
}

/** Opens a notebook and runs all its cells; fails with the text of an error output, if there is one. */
export async function runAll(opened: NotebookPage, name: string): Promise<void> {
  await opened.open(name);
  await opened.command("notebook:run-all-cells");
  const prompts = inNotebook(opened.page, ".jp-CodeCell .jp-InputPrompt");
  await expect
    .poll(async () => (await prompts.allTextContents()).filter((text) => !/\[\d+\]/.test(text)), { timeout: 90_000 })
    .toEqual([]);
  await opened.idle();
  for (const type of ["stderr", "error"]) {
    const outputs = inNotebook(opened.page, `[data-mime-type="application/vnd.jupyter.${type}"]`);
    expect(await outputs.allTextContents()).toEqual([]);
  }
}

/** Drags the middle of *handle* by so many pixels. */
export async function drag(handle: Locator, across: number, down: number): Promise<void> {
  const { mouse } = handle.page();
  await handle.scrollIntoViewIfNeeded();
  const box = await handle.boundingBox();
  if (!box) throw new Error("drag: nothing to drag");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await mouse.move(x, y);
  await mouse.down();
  for (let step = 1; step <= 6; step++) await mouse.move(x + (across * step) / 6, y + (down * step) / 6);
  await mouse.up();
}

/** Drags, waits until *shown* says something else than before, and returns that. */
export async function dragUntilChanged(
  handle: Locator,
  [across, down]: readonly [number, number],
  shown: Locator = handle,
): Promise<string | null> {
  const before = await shown.textContent();
  await drag(handle, across, down);
  await expect.poll(() => shown.textContent(), { timeout: 20_000 }).not.toBe(before);
  return shown.textContent();
}
