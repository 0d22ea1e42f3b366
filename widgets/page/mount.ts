/** Puts live views and figures in the places of their pictures. */
import type * as base from "@jupyter-widgets/base";
import { element } from "../dom/elements.js";
import { type PlotFigure, plot } from "../dom/plot.js";
import type { PageManager } from "./manager.js";

/** Replaces the pictures of widgets below `root` by their views. Resolves when all are there. */
export async function mountWidgets(root: ParentNode, manager: PageManager): Promise<void> {
  const places = [...root.querySelectorAll<HTMLElement>(".lb-widget[data-model]")];
  await Promise.all(places.map((place) => mountWidget(place, manager)));
}

/** Replaces what is in `place` by a view of the model that it names, and returns it; the picture stays when there is an
 * error. */
export async function mountWidget(place: HTMLElement, manager: PageManager): Promise<base.WidgetView | undefined> {
  const id = place.dataset.model ?? "";
  try {
    const still = (place.dataset.still ?? "").split(" ").filter((one) => one !== "");
    await Promise.all(still.map((one) => disable(manager, one)));
    const model = await manager.get_model(id);
    // What Jupyter puts in the place of a model whose class is not to be had.
    if (model.get("_view_name") === "ErrorWidgetView") throw model.get("error");
    const view = await manager.create_view(model);
    place.replaceChildren();
    await manager.display_view(view, place);
    place.dataset.live = "";
    return view;
  } catch (error) {
    say(place, `This widget stays a picture: ${messageOf(error)}.`);
    return undefined;
  }
}

/** A control that nobody answers to is shown as it was, and does not move. */
async function disable(manager: PageManager, id: string): Promise<void> {
  if (!manager.has_model(id)) return;
  const model: base.WidgetModel = await manager.get_model(id);
  model.set("disabled", true);
}

/** Replaces the pictures of Plotly's figures below `root` by figures. Resolves when all are drawn. */
export async function mountFigures(root: ParentNode): Promise<void> {
  const places = [...root.querySelectorAll<HTMLElement>(".lb-plot")];
  await Promise.all(places.filter((place) => figureIn(place) !== null).map(mountFigure));
}

function figureIn(place: HTMLElement): Element | null {
  return place.querySelector(':scope > script[type="application/json"]');
}

async function mountFigure(place: HTMLElement): Promise<void> {
  const node = element("div", { class: "lb-figure" });
  const picture = [...place.children];
  try {
    const figure = JSON.parse(figureIn(place)?.textContent ?? "") as PlotFigure;
    place.append(node);
    await plot(node, figure).ready;
    for (const child of picture) child.remove();
    place.dataset.live = "";
  } catch (error) {
    node.remove();
    say(place, `This figure stays a picture: ${messageOf(error)}.`);
  }
}

function say(place: HTMLElement, text: string): void {
  place.append(element("p", { class: "lb-note", role: "note" }, text));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
