/**
 * The widgets as an AMD module, `dist/index.js` of the package: what front ends load that know only the name and the
 * version of a widget's module (html-manager, nbviewer, the classic notebook). They bring `@jupyter-widgets/base`.
 */
import * as base from "@jupyter-widgets/base";
import { createWidgets } from "lowbit-app/widgets";

/** The model and view classes by name. */
export const widgets: ReturnType<typeof createWidgets> = createWidgets(base);
