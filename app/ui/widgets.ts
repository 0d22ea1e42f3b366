import * as base from "@jupyter-widgets/base";
import { IJupyterWidgetRegistry } from "@jupyter-widgets/base";
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import { keepWidgetState } from "./widget-state.js";

/** The classes of a widget module, by name. */
type WidgetClasses = Record<string, typeof base.WidgetModel | typeof base.WidgetView>;

/** What the widgets' browser bundle exports. */
interface WidgetBundle {
  readonly moduleName: string;
  readonly moduleVersion: string;
  createWidgets(jupyterWidgets: typeof base): WidgetClasses;
}

const moduleName = "lowbit";

/** Registers Lowbit's widgets. Their bundle is a file of its own, the same that other front ends load, so it
 * is fetched at run time, when the first of them is shown. */
export const widgets: JupyterFrontEndPlugin<void> = {
  id: "lowbit:widgets",
  description: "Shows Lowbit's widgets.",
  autoStart: true,
  requires: [IJupyterWidgetRegistry],
  activate: (_app, registry: base.IJupyterWidgetRegistry) => {
    keepWidgetState();
    let classes: Promise<WidgetClasses> | undefined;
    const version = PageConfig.getOption("widgetsVersion");
    const load = (): Promise<WidgetClasses> => {
      classes ??= loadClasses(version);
      return classes;
    };
    registry.registerWidget({ name: moduleName, version, exports: load });
  },
};

async function loadClasses(version: string): Promise<WidgetClasses> {
  const url = new URL(PageConfig.getOption("widgetsUrl"), location.href).href;
  const bundle = (await import(/* webpackIgnore: true */ url)) as WidgetBundle;
  if (bundle.moduleName !== moduleName || bundle.moduleVersion !== version) {
    const found = `${bundle.moduleName} ${bundle.moduleVersion}`;
    throw new Error(`widgets: the bundle is ${found}, expected ${moduleName} ${version}; run "npm run build"`);
  }
  return bundle.createWidgets(base);
}
