/** The browser bundle of the widgets: files of their own, the same that other front ends load, so they are fetched at
 * run time, when the first widget or plot is shown. */
import type * as base from "@jupyter-widgets/base";
import { PageConfig } from "@jupyterlab/coreutils";

/** The classes of a widget module, by name. */
export type WidgetClasses = Record<string, typeof base.WidgetModel | typeof base.WidgetView>;

/** A Plotly figure that is shown. */
export interface PlotHandle {
  readonly ready: Promise<void>;
  update(figure: object): Promise<void>;
  resize(): void;
  toImage(options: { readonly onWhite: boolean }): Promise<string>;
  dispose(): void;
}

/** What the bundle exports, as far as it is used here. */
export interface WidgetBundle {
  readonly moduleName: string;
  readonly moduleVersion: string;
  createWidgets(jupyterWidgets: typeof base): WidgetClasses;
  plot(el: HTMLElement, figure: object): PlotHandle;
}

/** The `_model_module` of the widgets. */
export const moduleName = "lowbit";

let bundle: Promise<WidgetBundle> | undefined;

/** Resolves to the bundle. @throws Error when it is of another version than the page */
export function loadBundle(): Promise<WidgetBundle> {
  bundle ??= fetchBundle();
  // A server that was gone for a moment is asked again.
  bundle.catch(() => {
    bundle = undefined;
  });
  return bundle;
}

async function fetchBundle(): Promise<WidgetBundle> {
  const version = PageConfig.getOption("widgetsVersion");
  const url = new URL(PageConfig.getOption("widgetsUrl"), location.href).href;
  const loaded = (await import(/* webpackIgnore: true */ url)) as WidgetBundle;
  if (loaded.moduleName !== moduleName || loaded.moduleVersion !== version) {
    const found = `${loaded.moduleName} ${loaded.moduleVersion}`;
    throw new Error(`widgets: the bundle is ${found}, expected ${moduleName} ${version}; run "npm run build"`);
  }
  return loaded;
}
