/**
 * `lowbit/widgets/core`: the widget protocol without the core controls and without any one kernel. Another JavaScript
 * kernel implements a {@link Host} and calls {@link setHost}; a page uses {@link InPageHost}.
 *
 * @example
 * import { defineWidget, setHost, traits } from "lowbit/widgets/core";
 * setHost({ display, clearOutput, openComm, registerCommTarget }); // four functions of the kernel
 * const Dial = defineWidget({ name: "Dial", model, view, traits: { angle: traits.float(0) } });
 * new Dial({ angle: 45 }); // sends comm_open
 */

import { Layout } from "./lib/layout.generated.js";
import { registerWidget } from "./lib/registry.js";

// What a kernel gives

export {
  type BufferLike,
  type Comm,
  type CommMessage,
  type CommOpen,
  type CommPayload,
  type Displayable,
  type DisplayOptions,
  displaySymbol,
  type FunctionOrigin,
  type Host,
  type HostCell,
  type HostOutput,
  host,
  type Json,
  type JsonObject,
  type MimeBundle,
  type OutputSink,
  setHost,
} from "../src/display.js";
export {
  type FrontEndCallbacks,
  type FrontEndComm,
  InPageHost,
  type OpenMessage,
  type Traffic,
} from "./lib/in-page-host.js";

// Widgets

export type { OwnWidgetSpec } from "./esm/state.js";
export { batch } from "./lib/batch.js";
export { type BindingState, bindingSpec } from "./lib/binding-spec.js";
export {
  DOMWidget,
  type DOMWidgetClass,
  type DOMWidgetOptions,
  type DOMWidgetState,
  defineWidget,
  type OptionsOf,
} from "./lib/dom-widget.js";
export { type Derived, derived, effect } from "./lib/effect.js";
export { Layout, type LayoutOptions, type LayoutState } from "./lib/layout.generated.js";
export type { CustomMessage } from "./lib/link.js";
export { jsdlink, jslink, type LinkState } from "./lib/link-models.js";
export {
  type DirectionalLinkOptions,
  dlink,
  type LinkEnd,
  type LinkOptions,
  link,
  type TraitName,
  type TraitValue,
  type ValueLink,
} from "./lib/link-values.js";
export { controlTarget, protocolVersion, viewMimeType, widgetTarget } from "./lib/protocol.js";
export { anything, anyWidget, instanceOf } from "./lib/reference.js";
export { closeAll, connect, countOpen, findWidget, type OpenWidget, registerWidget } from "./lib/registry.js";
export { bind, restoreWidgets, type SavedBuffer, type SavedModel } from "./lib/restore.js";
export type { FrontEndClass, Trait, Traits, WidgetSpec } from "./lib/spec.js";
export * as traits from "./lib/traits.js";
export { type Change, Widget, type WidgetEvents } from "./lib/widget.js";

registerWidget({ module: "@jupyter-widgets/base", version: "2.0.0", name: "LayoutModel" }, () => new Layout());
