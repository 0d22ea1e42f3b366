/** Making and changing DOM elements. Text is always set as text, never as HTML. */

/** Attributes by name; `class`, `style` and `aria-*` included. False and undefined remove one, true sets it empty. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Returns a new element. @example element("button", { type: "button", "aria-pressed": "false" }, "Transpose") */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  setAttributes(node, attributes);
  node.append(...children);
  return node;
}

/** Sets and removes attributes; those that already have the value are left alone. */
export function setAttributes(node: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) {
      node.removeAttribute(name);
      continue;
    }
    const text = value === true ? "" : String(value);
    if (node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
}

/** Sets the text of an element when it is another one, so that screen readers are told of real changes only. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Puts the options of a select in place and chooses one; does nothing when they are as they should be. */
export function setOptions(select: HTMLSelectElement, values: readonly number[], chosen: number): void {
  const present = [...select.options].map((option) => Number(option.value));
  if (present.length !== values.length || present.some((value, i) => value !== values[i])) {
    select.replaceChildren(...values.map((value) => element("option", { value }, String(value))));
  }
  select.value = String(chosen);
}

/** Adds a style sheet to the page once, however many views need it. */
export function addStyle(id: string, css: string): void {
  if (document.getElementById(id) !== null) return;
  document.head.append(element("style", { id }, css));
}

/** Returns a function that runs `draw` before the next picture on the screen, once however often it is called. */
export function onNextFrame(draw: () => void): { readonly request: () => void; readonly cancel: () => void } {
  let frame: number | undefined;
  return {
    request: () => {
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        draw();
      });
    },
    cancel: () => {
      if (frame !== undefined) cancelAnimationFrame(frame);
      frame = undefined;
    },
  };
}

const noShortcuts = "data-lm-suppress-shortcuts";

/**
 * Keeps JupyterLab from taking keys that are pressed inside `root` (arrows would move between cells, d d would delete
 * one), but for those with Ctrl or Cmd, so that saving still works. Returns what undoes it.
 */
export function keepKeys(root: HTMLElement): () => void {
  let marked: Element | undefined;
  const clear = (): void => {
    marked?.removeAttribute(noShortcuts);
    marked = undefined;
  };
  const suppress = (event: KeyboardEvent): void => {
    // Here too, because the next key can come before the timer: a browser puts input first.
    clear();
    const { target } = event;
    if (event.ctrlKey || event.metaKey || !(target instanceof Element)) return;
    if (!event.composedPath().includes(root) || target.hasAttribute(noShortcuts)) return;
    // On the target, because JupyterLab looks from there upwards and many of its selectors end in `:focus`: they match
    // the target before an attribute further up is seen. It stays until all listeners of this key have run.
    target.setAttribute(noShortcuts, "true");
    marked = target;
    setTimeout(() => {
      if (marked === target) clear();
    });
  };
  // The window's capture phase comes before the document's, where JupyterLab listens and reads the attribute.
  window.addEventListener("keydown", suppress, true);
  return () => {
    window.removeEventListener("keydown", suppress, true);
    clear();
  };
}

/** Calls `redraw` when the page changes between light and dark. Returns what undoes it. */
export function onThemeChange(redraw: () => void): () => void {
  const observer = new MutationObserver(redraw);
  observer.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}
