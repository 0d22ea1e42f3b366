/** The widgets' bundle as a prebuilt extension has it: chunks of its own. */
import type { WidgetBundle } from "./widget-bundle.js";

/** Returns the version of the package that the extension was built from. */
export function widgetsVersion(): string {
  return LOWBIT_VERSION;
}

/** Loads the chunks. */
export function fetchWidgets(): Promise<WidgetBundle> {
  return import("lowbit-app/widgets");
}
