/** Texts beside the pointer: what an element with `data-tip` says, shown at once and in the page's colours. */
import { element, setText } from "./elements.js";

/** Shows the tips of what is inside `root`, which must be positioned. Returns what undoes it. */
export function showTips(root: HTMLElement): () => void {
  const tip = element("div", { class: "lowbit-tip", role: "tooltip", hidden: true });
  const hide = (): void => {
    tip.hidden = true;
  };
  const move = (event: PointerEvent): void => {
    const target = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
    const text = target?.getAttribute("data-tip");
    if (!text || event.buttons !== 0) {
      hide();
      return;
    }
    setText(tip, text);
    tip.hidden = false;
    const box = root.getBoundingClientRect();
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    const beside = left + 14 + tip.offsetWidth > box.width ? Math.max(0, left - 10 - tip.offsetWidth) : left + 14;
    tip.style.left = `${beside}px`;
    tip.style.top = `${top + 16 + tip.offsetHeight > box.height ? Math.max(0, top - 10 - tip.offsetHeight) : top + 16}px`;
  };
  root.append(tip);
  root.addEventListener("pointermove", move);
  root.addEventListener("pointerleave", hide);
  return () => {
    root.removeEventListener("pointermove", move);
    root.removeEventListener("pointerleave", hide);
    tip.remove();
  };
}
