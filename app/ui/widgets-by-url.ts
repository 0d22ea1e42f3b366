/** The widgets' bundle as the app has it: files of their own, the same that a single page loads. */
import { PageConfig } from "@jupyterlab/coreutils";
import type { WidgetBundle } from "./widget-bundle.js";

/** Returns the version that the server names. */
export function widgetsVersion(): string {
  return PageConfig.getOption("widgetsVersion");
}

/** Fetches the bundle from the address that the server names. */
export function fetchWidgets(): Promise<WidgetBundle> {
  const url = new URL(PageConfig.getOption("widgetsUrl"), location.href).href;
  return import(/* webpackIgnore: true */ url) as Promise<WidgetBundle>;
}
