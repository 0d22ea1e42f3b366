/** The program of exported pages and snippets, left where their loaders find it. */
import { PageManager, type SavedModels } from "../page/manager.js";
import { mountFigures, mountWidgets } from "../page/mount.js";
import { addSnippet } from "../page/snippet.js";
import { startKernelHalf } from "../page/start.js";
import { followTheme } from "../page/theme.js";

const stateType = "application/vnd.jupyter.widget-state+json";

/** Reads the saved state from the page and makes it live. */
async function startPage(): Promise<void> {
  followTheme();
  const holder = document.querySelector(`body > script[type="${stateType}"]`);
  const saved = JSON.parse(holder?.textContent ?? "null") as { readonly state: SavedModels } | null;
  const manager = new PageManager();
  const models = saved?.state ?? {};
  const figures = mountFigures(document);
  const kernel = await startKernelHalf(models);
  await manager.restore(models, (id) => kernel?.commOf(id));
  await mountWidgets(document, manager);
  await kernel?.start(manager);
  await figures;
  document.documentElement.dataset.live = "";
}

const page = globalThis as unknown as { [key: symbol]: Record<string, unknown> | undefined };
const key = Symbol.for("lowbit.pieces");
page[key] = { ...page[key], runtime: { startPage, addSnippet } };
