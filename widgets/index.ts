/**
 * `lowbit/widgets`: Jupyter widgets from TypeScript, without Python.
 *
 * @example
 * import { FloatSlider, VBox, Label } from "lowbit/widgets";
 * const density = new FloatSlider({ value: 0.5, max: 1, step: 0.01, description: "density" });
 * const label = new Label({ value: "kept: 0.50" });
 * density.observe(({ value }) => { label.value = `kept: ${value.toFixed(2)}`; }, "value");
 * new VBox([density, label]) // the value of the cell: shows the live widgets
 */
import { Expression } from "./expression/model.js";
import { expressionSpec } from "./expression/state.js";
import { Figure } from "./figure/model.js";
import { figureSpec } from "./figure/state.js";
import { FormatMicroscope } from "./format-microscope/model.js";
import { formatMicroscopeSpec } from "./format-microscope/state.js";
import { controls } from "./lib/controls.generated.js";
import { Layout } from "./lib/layout.generated.js";
import { connect, registerWidget } from "./lib/registry.js";
import { LognormalFit } from "./lognormal-fit/model.js";
import { lognormalFitSpec } from "./lognormal-fit/state.js";
import { LossLandscape } from "./loss-landscape/model.js";
import { lossLandscapeSpec } from "./loss-landscape/state.js";
import { MaskViewer } from "./mask/model.js";
import { maskSpec } from "./mask/state.js";

// Formulas

export type { Formula } from "./expression/compute.js";
export { FormulaError } from "./expression/compute-parse.js";
export {
  type CompiledExpression,
  Expression,
  type ExpressionInput,
  type ExpressionOptions,
} from "./expression/model.js";
export type { ExpressionState } from "./expression/state.js";

// Plots

export type { FigureEdit, Values as FigureValues } from "./figure/compute.js";
export type { FigureTrace } from "./figure/compute-values.js";
export { Figure, figure } from "./figure/model.js";
export type {
  FigureEvents,
  FigureImage,
  FigureImageOptions,
  FigureOptions,
  FigurePoint,
} from "./figure/model-types.js";
export type { FigureState } from "./figure/state.js";

// Explorers

export type { BlockInspection, RuleResult } from "./format-microscope/compute-blocks.js";
export type { Settings as FormatSettings } from "./format-microscope/compute-chunks.js";
export type { FormatChoice } from "./format-microscope/compute-formats.js";
export type { Inspection } from "./format-microscope/compute-inspect.js";
export type { Report as FormatReport } from "./format-microscope/compute-tally.js";
export {
  FormatMicroscope,
  type FormatMicroscopeOptions,
  formatMicroscope,
  type MicroscopeValues,
} from "./format-microscope/model.js";
export type { FormatMicroscopeState } from "./format-microscope/state.js";
export { LognormalFit, type LognormalFitOptions } from "./lognormal-fit/model.js";
export type { LognormalFitState } from "./lognormal-fit/state.js";
export type { Camera } from "./loss-landscape/compute.js";
export { LossLandscape, type LossLandscapeOptions } from "./loss-landscape/model.js";
export type { LandscapePart, LossLandscapeState } from "./loss-landscape/state.js";
export type { MaskKind } from "./mask/compute.js";
export { MaskViewer, type MaskViewerOptions, type MatrixLike } from "./mask/model.js";
export type { MaskState } from "./mask/state.js";

// Core widgets

export * from "./lib/controls.generated.js";

// Interaction

export {
  type Abbreviation,
  type Controls,
  type ControlValue,
  type ControlValues,
  Fixed,
  fixed,
} from "./lib/abbreviations.js";
export type { CaptureOptions } from "./lib/behaviours/output.js";
export {
  Interactive,
  type InteractOptions,
  interact,
  interactive,
  interactiveOutput,
  interactManual,
} from "./lib/interact.js";

// Progress

export { type ProgressItems, type ProgressOptions, progress } from "./lib/progress/progress.js";

// Links, signals, and widgets of your own

export * from "./lib/exports.js";
export type { TimeOfDay } from "./lib/times.js";

registerWidget({ module: "@jupyter-widgets/base", version: "2.0.0", name: "LayoutModel" }, () => new Layout());
registerWidget(expressionSpec.model, () => new Expression());
registerWidget(figureSpec.model, () => new Figure());
registerWidget(formatMicroscopeSpec.model, () => new FormatMicroscope());
registerWidget(maskSpec.model, () => new MaskViewer());
registerWidget(lognormalFitSpec.model, () => new LognormalFit());
registerWidget(lossLandscapeSpec.model, () => new LossLandscape());
for (const [model, make] of controls) registerWidget(model, make);
connect();
