/** The program of an exported page: reads the saved state from the page and makes it live. */
import { PageManager, type SavedModels } from "../page/manager.js";
import { mountFigures, mountWidgets } from "../page/mount.js";
import { followTheme } from "../page/theme.js";

const stateType = "application/vnd.jupyter.widget-state+json";

async function start(): Promise<void> {
  followTheme();
  const holder = document.querySelector(`body > script[type="${stateType}"]`);
  const saved = JSON.parse(holder?.textContent ?? "null") as { readonly state: SavedModels } | null;
  const manager = new PageManager();
  const figures = mountFigures(document);
  await manager.restore(saved?.state ?? {}, () => undefined);
  await mountWidgets(document, manager);
  await figures;
  document.documentElement.dataset.live = "";
}

void start();
