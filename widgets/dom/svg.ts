/** Elements from drawings. Text is always set as text. */
import { attributeText, type SvgNode } from "../lib/svg-node.js";

const namespace = "http://www.w3.org/2000/svg";

/** Returns new elements for a drawing. */
export function createSvg(node: SvgNode): SVGElement {
  const element = document.createElementNS(namespace, node.tag);
  patchSvg(element, node);
  return element;
}

/**
 * Makes `element` what `node` says, and leaves alone what is so already: an element that has the focus, or that a
 * pointer drags, stays the same one as long as it stays at its place among its siblings.
 */
export function patchSvg(element: SVGElement, node: SvgNode): void {
  patchAttributes(element, node);
  let child = element.firstChild;
  for (const wanted of node.children) {
    const next: ChildNode | null = child?.nextSibling ?? null;
    if (typeof wanted === "string") {
      if (child?.nodeType === Node.TEXT_NODE) {
        if (child.nodeValue !== wanted) child.nodeValue = wanted;
      } else if (child === null) element.append(wanted);
      else child.replaceWith(wanted);
    } else if (child instanceof SVGElement && child.tagName === wanted.tag) patchSvg(child, wanted);
    else if (child === null) element.append(createSvg(wanted));
    else child.replaceWith(createSvg(wanted));
    child = next;
  }
  while (child !== null) {
    const next: ChildNode | null = child.nextSibling;
    child.remove();
    child = next;
  }
}

function patchAttributes(element: SVGElement, { attributes }: SvgNode): void {
  for (const name of element.getAttributeNames()) {
    const value = attributes[name];
    if (value === undefined || value === false) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    const text = attributeText(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}
