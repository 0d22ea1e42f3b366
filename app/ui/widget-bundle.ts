/** The browser bundle of the widgets, which is fetched when the first widget or plot is shown. */
import type * as base from "@jupyter-widgets/base";
import { fetchWidgets, widgetsVersion } from "lowbit-app/widgets-source";

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
  bundle ??= fetchAndCheck();
  // A server that was gone for a moment is asked again.
  bundle.catch(() => {
    bundle = undefined;
  });
  return bundle;
}

async function fetchAndCheck(): Promise<WidgetBundle> {
  const version = widgetsVersion();
  const loaded = await fetchWidgets();
  if (loaded.moduleName !== moduleName || loaded.moduleVersion !== version) {
    const found = `${loaded.moduleName} ${loaded.moduleVersion}`;
    throw new Error(`widgets: the bundle is ${found}, expected ${moduleName} ${version}; run "npm run build"`);
  }
  return loaded;
}
