/**
 * Every view of this package: what the notebook app, JupyterLab, Notebook 7, an AMD loader and an exported page
 * register. A new widget adds one line here, and its tasks to `worker.ts`.
 */
import type { Render } from "../dom/view-model.js";
import { esmSpec } from "../esm/state.js";
import { render as renderEsm } from "../esm/view.js";
import { expressionSpec } from "../expression/state.js";
import { text as expressionStyle } from "../expression/view.css";
import { render as renderExpression } from "../expression/view.js";
import { figureSpec } from "../figure/state.js";
import { text as figureStyle } from "../figure/view.css";
import { render as renderFigure } from "../figure/view.js";
import { formatMicroscopeSpec } from "../format-microscope/state.js";
import { text as formatMicroscopeStyle } from "../format-microscope/view.css";
import { render as renderFormatMicroscope } from "../format-microscope/view.js";
import { bindingSpec } from "../lib/binding-spec.js";
import type { WidgetSpec } from "../lib/spec.js";
import { lognormalFitSpec } from "../lognormal-fit/state.js";
import { text as lognormalFitStyle } from "../lognormal-fit/view.css";
import { render as renderLognormalFit } from "../lognormal-fit/view.js";
import { lossLandscapeSpec } from "../loss-landscape/state.js";
import { text as lossLandscapeStyle } from "../loss-landscape/view.css";
import { render as renderLossLandscape } from "../loss-landscape/view.js";
import { maskSpec } from "../mask/state.js";
import { text as maskStyle } from "../mask/view.css";
import { render as renderMask } from "../mask/view.js";

/** A widget's spec, its view function (undefined for a model without a view), and its style sheet ("" for none). */
export type ViewEntry = readonly [spec: WidgetSpec<object>, render: Render<object> | undefined, style: string];

/** Returns one line of the table; it exists so that spec and view function must agree. */
function view<State extends object>(spec: WidgetSpec<State>, render?: Render<State>, style = ""): ViewEntry {
  return [spec as unknown as WidgetSpec<object>, render as unknown as Render<object> | undefined, style];
}

/** The table. */
export const views: readonly ViewEntry[] = [
  view(maskSpec, renderMask, maskStyle),
  view(lognormalFitSpec, renderLognormalFit, lognormalFitStyle),
  view(formatMicroscopeSpec, renderFormatMicroscope, formatMicroscopeStyle),
  view(lossLandscapeSpec, renderLossLandscape, lossLandscapeStyle),
  view(bindingSpec),
  view(figureSpec, renderFigure, figureStyle),
  view(expressionSpec, renderExpression, expressionStyle),
  view(esmSpec, renderEsm),
];
