/** What `lowbit/widgets` and `lowbit/widgets/core` both give. */

export type { OwnWidgetSpec } from "../esm/state.js";
export { batch } from "./batch.js";
export {
  DOMWidget,
  type DOMWidgetClass,
  type DOMWidgetOptions,
  type DOMWidgetState,
  defineWidget,
  type OptionsOf,
} from "./dom-widget.js";
export { type Derived, derived, effect } from "./effect.js";
export { Layout, type LayoutOptions, type LayoutState } from "./layout.generated.js";
export type { CustomMessage } from "./link.js";
export { jsdlink, jslink, type LinkState } from "./link-models.js";
export {
  type DirectionalLinkOptions,
  dlink,
  type LinkEnd,
  type LinkOptions,
  link,
  type TraitName,
  type TraitValue,
  type ValueLink,
} from "./link-values.js";
export { anything, anyWidget, instanceOf } from "./reference.js";
export { closeAll, countOpen, findWidget, registerWidget } from "./registry.js";
export type { FrontEndClass, Trait, Traits, WidgetSpec } from "./spec.js";
export * as traits from "./traits.js";
export { type Change, Widget, type WidgetEvents } from "./widget.js";
