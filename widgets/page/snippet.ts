/** One widget in somebody else's page: the element `<lowbit-widget>`. */
import type { WidgetView } from "@jupyter-widgets/base";
import { element } from "../dom/elements.js";
import { PageManager, type SavedModels } from "./manager.js";
import { mountWidget } from "./mount.js";
import { startKernelHalf } from "./start.js";

/** What the exporter writes into a snippet. */
export interface Snippet {
  /** The `name` attribute of the elements that show it. */
  readonly name: string;
  /** The id of the widget. */
  readonly model: string;
  /** The ids of controls that only a closure answers to. */
  readonly still: readonly string[];
  readonly state: SavedModels;
  readonly style: string;
}

const tag = "lowbit-widget";

/** Snippets by name; several files may be on one page. */
const snippets = new Map<string, { readonly snippet: Snippet; readonly manager: Promise<PageManager> }>();

/** Shows the widget in every `<lowbit-widget>` of its name, and in those without a name. */
export function addSnippet(snippet: Snippet): void {
  if (document.getElementById(`${tag}-style`) === null) {
    document.head.append(element("style", { id: `${tag}-style` }, snippet.style));
  }
  if (!snippets.has(snippet.name)) snippets.set(snippet.name, { snippet, manager: makeModels(snippet) });
  if (customElements.get(tag) === undefined) customElements.define(tag, LowbitWidget);
  for (const node of document.querySelectorAll<LowbitWidget>(tag)) node.show?.();
}

async function makeModels({ state }: Snippet): Promise<PageManager> {
  const manager = new PageManager();
  const kernel = await startKernelHalf(state);
  await manager.restore(state, (id) => kernel?.commOf(id));
  await kernel?.start(manager);
  return manager;
}

class LowbitWidget extends HTMLElement {
  #shown = false;
  #view: Promise<WidgetView | undefined> = Promise.resolve(undefined);

  connectedCallback(): void {
    this.show();
  }

  disconnectedCallback(): void {
    const place = this.firstElementChild;
    const gone = this.#view;
    this.#shown = false;
    this.replaceChildren();
    void gone.then((view) => {
      if (view === undefined || place === null) return;
      // The views' library takes a view away only from where it is in the document.
      document.body.append(place);
      view.remove();
      place.remove();
    });
  }

  /** Shows the snippet of this element's name, when it is there and not shown yet. */
  show(): void {
    const name = this.getAttribute("name");
    const found = name === null ? snippets.values().next().value : snippets.get(name);
    if (found === undefined || this.#shown || !this.isConnected) return;
    this.#shown = true;
    this.#colour();
    const { model, still } = found.snippet;
    const place = element("div", { class: "lb-widget", "data-model": model, "data-still": still.join(" ") });
    this.replaceChildren(place);
    this.#view = found.manager.then((manager) => mountWidget(place, manager));
  }

  /** Views look for `data-theme` around them. The `theme` attribute is light, dark or auto; default light. */
  #colour(): void {
    const wanted = this.getAttribute("theme") ?? "light";
    const dark = wanted === "dark" || (wanted === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    this.dataset.theme = dark ? "dark" : "light";
  }
}
