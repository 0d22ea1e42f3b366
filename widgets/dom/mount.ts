/** A view in its place: kept up to date with its model and its size, with tips, and with its keys to itself. */
import { keepKeys } from "./elements.js";
import { showTips } from "./tips.js";
import type { ViewModel } from "./view-model.js";

/** What draws a view when it is asked to. */
export interface Frame {
  readonly request: () => void;
  readonly cancel: () => void;
}

/**
 * Puts `root` into `el` and asks `frame` for a drawing whenever model or size change; returns what undoes all of it.
 * @example const stop = mount(el, root, model, onNextFrame(draw))
 */
export function mount<State extends object>(
  el: HTMLElement,
  root: HTMLElement,
  model: ViewModel<State>,
  frame: Frame,
): () => void {
  const giveBackShortcuts = keepKeys(root);
  const hideTips = showTips(root);
  el.append(root);
  const size = new ResizeObserver(frame.request);
  size.observe(root);
  model.on("change", frame.request);
  return () => {
    model.off("change", frame.request);
    frame.cancel();
    size.disconnect();
    hideTips();
    giveBackShortcuts();
    root.remove();
  };
}
