/** Widgets that hold others. */
import { DOMWidget, type DOMWidgetState, type OptionsOf } from "../dom-widget.js";
import type { WidgetSpec } from "../spec.js";
import type { Widget } from "../widget.js";

/** A list of widgets. */
export interface ContainerState {
  children: readonly Widget[];
}

/** A container; the children may be given alone, as in ipywidgets: `new VBox([slider, button])`. */
export class ContainerWidget<State extends ContainerState> extends DOMWidget<State> {
  constructor(
    spec: WidgetSpec<State>,
    children: readonly Widget[] | OptionsOf<State> = {},
    options: OptionsOf<State> = {},
  ) {
    super(spec, (Array.isArray(children) ? { ...options, children } : children) as OptionsOf<State & DOMWidgetState>);
  }
}
