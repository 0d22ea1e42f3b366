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

export { type BindingState, bindingSpec } from "./lib/binding-spec.js";
export * from "./lib/exports.js";
export { controlTarget, protocolVersion, viewMimeType, widgetTarget } from "./lib/protocol.js";
export { connect, type OpenWidget } from "./lib/registry.js";
export { bind, restoreWidgets, type SavedBuffer, type SavedModel } from "./lib/restore.js";

registerWidget({ module: "@jupyter-widgets/base", version: "2.0.0", name: "LayoutModel" }, () => new Layout());
