/** The playground: one page with every view in its sample states, without a kernel. */

import { text as workerSource } from "lowbit:worker";
import { setWorkerSource } from "../dom/background.js";
import { addStyle, element, setAttributes } from "../dom/elements.js";
import type { Render } from "../dom/view-model.js";
import { addStyles } from "../entry/styles.js";
import { views } from "../entry/views.js";
import { LocalModel } from "./local-model.js";
import { text as pageStyle } from "./playground.css";
import { samples } from "./samples.js";

setWorkerSource(workerSource);
addStyle("lowbit-playground", pageStyle);
addStyles();

/** The models on the page by sample, so that a test, or a person at the console, can read and change them. */
const models: Record<string, LocalModel<object>> = {};
Object.assign(globalThis, { lowbitPlayground: { models } });

function show(): void {
  const wanted = location.hash.slice(1);
  const main = element("main");
  for (const sample of samples) {
    const { name, title, width } = sample;
    const link = element("a", { href: `#${name}` }, title);
    if (wanted === "" && sample.alone) {
      main.append(element("section", {}, element("h2", {}, link)));
      continue;
    }
    if (wanted !== "" && wanted !== name) continue;
    const el = element("div", { class: "view", id: `view-${name}`, style: width ? `width: ${width}px` : undefined });
    main.append(element("section", {}, element("h2", {}, link), el));
    const model = new LocalModel(sample.state);
    models[name] = model;
    renderOf(sample.widget)({ model, el });
  }
  document.body.replaceChildren(header(), main);
}

function renderOf(widget: string): Render<object> {
  const render = views.find(([spec]) => spec.name === widget)?.[1];
  if (render === undefined) throw new Error(`playground: widget ${widget}, expected one with a view`);
  return render;
}

function header(): HTMLElement {
  const theme = element("button", { type: "button" }, "Dark theme");
  theme.addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme === "dark";
    setAttributes(document.documentElement, { "data-theme": dark ? "light" : "dark" });
    theme.textContent = dark ? "Dark theme" : "Light theme";
  });
  const all = element("a", { href: "#" }, "all samples");
  return element("header", {}, element("h1", {}, "Lowbit widgets"), all, theme);
}

addEventListener("hashchange", () => location.reload());
show();
