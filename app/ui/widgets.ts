import * as base from "@jupyter-widgets/base";
import { IJupyterWidgetRegistry } from "@jupyter-widgets/base";
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import { loadBundle, moduleName, type WidgetClasses } from "./widget-bundle.js";
import { keepWidgetState } from "./widget-state.js";

/** Registers Lowbit's widgets. */
export const widgets: JupyterFrontEndPlugin<void> = {
  id: "lowbit:widgets",
  description: "Shows Lowbit's widgets.",
  autoStart: true,
  requires: [IJupyterWidgetRegistry],
  activate: (_app, registry: base.IJupyterWidgetRegistry) => {
    keepWidgetState();
    let classes: WidgetClasses | undefined;
    const load = async (): Promise<WidgetClasses> => {
      const { createWidgets } = await loadBundle();
      classes ??= createWidgets(base);
      return classes;
    };
    registry.registerWidget({ name: moduleName, version: PageConfig.getOption("widgetsVersion"), exports: load });
  },
};
