/** Tells the views whether the page is light or dark, as JupyterLab does: the reader's system decides. */

/** Follows the system; on paper a page is light. */
export function followTheme(): void {
  const dark = matchMedia("screen and (prefers-color-scheme: dark)");
  const apply = (): void => document.body.setAttribute("data-jp-theme-light", String(!dark.matches));
  dark.addEventListener("change", apply);
  apply();
}
