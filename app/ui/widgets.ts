import * as base from "@jupyter-widgets/base";
import { IJupyterWidgetRegistry } from "@jupyter-widgets/base";
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { widgetsVersion } from "lowbit-app/widgets-source";
import { loadBundle, moduleName, type WidgetClasses } from "./widget-bundle.js";

/** Registers Lowbit's widgets. */
export const widgets: JupyterFrontEndPlugin<void> = {
  id: "lowbit:widgets",
  description: "Shows Lowbit's widgets.",
  autoStart: true,
  requires: [IJupyterWidgetRegistry],
  activate: (_app, registry: base.IJupyterWidgetRegistry) => {
    let classes: WidgetClasses | undefined;
    const load = async (): Promise<WidgetClasses> => {
      const { createWidgets } = await loadBundle();
      classes ??= createWidgets(base);
      return classes;
    };
    registry.registerWidget({ name: moduleName, version: widgetsVersion(), exports: load });
  },
};
