/** The style sheet of all views. */
import { addStyle } from "../dom/elements.js";
import { text as explorerStyle } from "../dom/explorer.css";
import { views } from "./views.js";

/** Adds it to the page, once. */
export function addStyles(): void {
  const styles = [explorerStyle, ...views.map(([, , style]) => style)];
  addStyle("lowbit-widgets", styles.filter(Boolean).join("\n"));
}
