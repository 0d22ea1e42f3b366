/** The program of an exported page: reads the saved state from the page and makes it live. */
import { type KernelHalf, PageManager, type SavedModels } from "../page/manager.js";
import { mountFigures, mountWidgets } from "../page/mount.js";
import { hasPiece, loadPiece } from "../page/pieces.js";
import { followTheme } from "../page/theme.js";

const stateType = "application/vnd.jupyter.widget-state+json";

async function start(): Promise<void> {
  followTheme();
  const holder = document.querySelector(`body > script[type="${stateType}"]`);
  const saved = JSON.parse(holder?.textContent ?? "null") as { readonly state: SavedModels } | null;
  const manager = new PageManager();
  const models = saved?.state ?? {};
  const figures = mountFigures(document);
  const kernel = await kernelOf(models);
  await manager.restore(models, (id) => kernel?.commOf(id));
  await mountWidgets(document, manager);
  await kernel?.start(manager);
  await figures;
  document.documentElement.dataset.live = "";
}

/** Pages without Bindings have no kernel half. */
async function kernelOf(models: SavedModels): Promise<KernelHalf | undefined> {
  if (!hasPiece("kernel")) return undefined;
  await loadPiece("kernel");
  const pieces = (globalThis as unknown as { [key: symbol]: { kernel: typeof import("../page/kernel.js") } })[
    Symbol.for("lowbit.pieces")
  ];
  return pieces?.kernel.startKernel(models);
}

void start();
