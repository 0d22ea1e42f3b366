/** Functions with controls: `interact` and its relatives, with the names and habits of ipywidgets. */
import { display } from "../../src/display.js";
import { type Abbreviation, type Controls, type ControlValues, controlFor, Fixed } from "./abbreviations.js";
import { openBinding } from "./binding.js";
import { Button, Output, VBox } from "./controls.generated.js";
import { Interaction, type ValueSource } from "./interaction.js";
import { Widget } from "./widget.js";

/** What {@link interact} and {@link interactive} take besides. */
export interface InteractOptions {
  /** Run at the press of a button only, and not at once. Default false. */
  readonly manual?: boolean;
  /** The button's text. Default "Run Interact". */
  readonly manualName?: string;
  /** Show what the function returns. Default true with `interact`, false with `interactive`. */
  readonly autoDisplay?: boolean;
}

interface Parts {
  readonly fn: (values: never) => unknown;
  readonly controls: Controls;
  readonly options: InteractOptions;
}

/** The controls of a function and its output in a box; made by {@link interactive}. */
export class Interactive<Result = unknown> extends VBox {
  /** The controls by argument name; what is fixed has none. */
  readonly controls: Readonly<Record<string, Widget>>;
  /** Takes what the function prints, displays and (when asked for) returns. */
  readonly output: Output;
  readonly #interaction: Interaction;

  constructor({ fn, controls, options }: Parts) {
    super([], { _dom_classes: ["widget-interact"] });
    const inputs = Object.entries<Abbreviation>(controls).map(([name, one]) => [name, controlFor(name, one)] as const);
    const fixed = inputs.flatMap(([name, one]) => (one instanceof Fixed ? [[name, one] as const] : []));
    const widgets = inputs.flatMap(([name, one]) => (one instanceof Widget ? [[name, one] as const] : []));
    this.controls = Object.fromEntries(widgets);
    const button = options.manual ? new Button({ description: options.manualName ?? "Run Interact" }) : undefined;
    this.output = new Output();
    this.children = [...Object.values(this.controls), ...(button ? [button] : []), this.output];
    const parts = { fn, output: this.output, display: options.autoDisplay ?? false };
    this.#interaction = new Interaction({
      ...parts,
      ...(button && { button }),
      inputs: Object.fromEntries(inputs as unknown as (readonly [string, ValueSource])[]),
    });
    openBinding({
      ...parts,
      kind: "interact",
      inputs: this.controls,
      ...(button && { button }),
      fixed: Object.fromEntries(fixed.map(([name, { value }]) => [name, value])),
    });
    this.#interaction.connect();
    if (!options.manual) this.#interaction.update();
  }

  /** What the function returned last; of an async function what it resolved with. */
  get result(): Result | undefined {
    return this.#interaction.result as Result | undefined;
  }

  /** Runs the function with the values of now; the promise is settled when an async function is. */
  async update(): Promise<void> {
    await this.#interaction.update();
  }
}

/**
 * Returns controls for a function's argument, in a box with what it puts out; it runs now and whenever a control changes.
 * An async function is awaited, and output of a run that a newer one has overtaken is dropped. An error is shown in the
 * output. When a module exports `fn`, an exported page can run it without a kernel.
 * @param fn takes the controls' values by name
 * @param controls by argument name: a widget with a value, `fixed(value)`, or an abbreviation: true → Checkbox,
 *   3 → slider, [min, max] or [min, max, step] → slider, other lists → Dropdown, "text" → Text
 * @throws ValueError when a control stands for nothing
 * @example const box = interactive(({ x }) => x ** 2, { x: [0, 10] }); box.controls.x; box.result
 */
export function interactive<const Of extends Controls, Result>(
  fn: (values: ControlValues<Of>) => Result,
  controls: Of,
  options: InteractOptions = {},
): Interactive<Awaited<Result>> {
  return new Interactive({ fn, controls, options });
}

/**
 * Shows controls for a function's argument, and below them what it prints, displays and returns; it runs now and whenever
 * a control changes. See {@link interactive}, which returns the box instead of showing it.
 * @throws ValueError when a control stands for nothing
 * @example interact(({ bits, scheme }) => quantize(W, { bits, scheme }), { bits: [2, 8, 1], scheme: ["sym", "asym"] })
 */
export function interact<const Of extends Controls>(
  fn: (values: ControlValues<Of>) => unknown,
  controls: Of,
  options: InteractOptions = {},
): void {
  display(interactive(fn, controls, { autoDisplay: true, ...options }));
}

/** As {@link interact}; the function runs at the press of a button only. @example interactManual(train, { epochs: 10 }) */
export function interactManual<const Of extends Controls>(
  fn: (values: ControlValues<Of>) => unknown,
  controls: Of,
  options: InteractOptions = {},
): void {
  interact(fn, controls, { manual: true, ...options });
}

/**
 * Returns an Output that shows what a function puts out, now and whenever one of the widgets changes; where the widgets
 * stand is up to you. What it returns is not shown.
 * @example new HBox([x, y, interactiveOutput(({ x, y }) => console.log(x * y), { x, y })])
 */
export function interactiveOutput<const Of extends Readonly<Record<string, Widget & { readonly value: unknown }>>>(
  fn: (values: ControlValues<Of>) => unknown,
  controls: Of,
): Output {
  const output = new Output();
  const parts = { fn, output, display: false };
  const interaction = new Interaction({ ...parts, inputs: controls });
  openBinding({ ...parts, kind: "interact", inputs: controls });
  interaction.connect();
  interaction.update();
  return output;
}
