/** From short descriptions of controls to controls: a port of what ipywidgets' `interact` takes, with its ranges. */
import { ValueError } from "../../src/errors.js";
import { Checkbox, Dropdown, FloatSlider, IntSlider, Text } from "./controls.generated.js";
import { isRecord } from "./equal.js";
import { describe } from "./report.js";
import { Widget } from "./widget.js";

/** A value that is passed on as it is, without a control. See {@link fixed}. */
export class Fixed<Value> {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/** Makes an argument of `interact` that is no control. @example interact(show, { rows: 4, weights: fixed(W) }) */
export function fixed<Value>(value: Value): Fixed<Value> {
  return new Fixed(value);
}

/** What can stand for a control: a widget with a `value`, a fixed value, or one of the abbreviations of `interact`. */
export type Abbreviation =
  | boolean
  | number
  | string
  | readonly [number, number]
  | readonly [number, number, number]
  | readonly unknown[]
  | Fixed<unknown>
  | Widget
  | Readonly<Record<string, unknown>>;

/** Controls by argument name. */
export type Controls = Readonly<Record<string, Abbreviation>>;

type OptionValue<Option> = Option extends readonly [string, infer Value] ? Value : Option;

/** The type of the value that a control gives. */
export type ControlValue<Of> =
  Of extends Fixed<infer Value>
    ? Value
    : Of extends Widget
      ? Of extends { value: infer Value }
        ? Value
        : never
      : Of extends boolean
        ? boolean
        : Of extends number
          ? number
          : Of extends string
            ? string
            : Of extends readonly [number, number] | readonly [number, number, number]
              ? number
              : Of extends readonly (infer Option)[]
                ? OptionValue<Option>
                : Of extends Readonly<Record<string, infer Value>>
                  ? Value
                  : never;

/** The argument of a function whose controls are these. */
export type ControlValues<Of extends Controls> = { readonly [Name in keyof Of]: ControlValue<Of[Name]> };

/**
 * Returns the control that an abbreviation stands for, as ipywidgets: true and false → Checkbox; a number → a slider from
 * −v to 3v (0 to 1 for 0); a text → Text; [min, max] and [min, max, step] → a slider in the middle; any other list, of
 * values or of [label, value], and a record → Dropdown. A slider is an IntSlider when all its numbers are whole.
 * @throws ValueError when it stands for nothing
 */
export function controlFor(name: string, abbreviation: Abbreviation): Widget | Fixed<unknown> {
  const control = makeControl(name, abbreviation);
  if (control instanceof Fixed) return control;
  const described = control as Widget & { description?: unknown };
  if (described.description === "") described.description = name;
  return control;
}

function makeControl(name: string, given: Abbreviation): Widget | Fixed<unknown> {
  if (given instanceof Fixed) return given;
  if (given instanceof Widget) {
    if ("value" in given) return given;
    throw new ValueError(`interact: ${name} is ${given}, expected a widget with a value`);
  }
  if (typeof given === "string") return new Text({ value: given });
  if (typeof given === "boolean") return new Checkbox({ value: given });
  if (typeof given === "number") return sliderAround(name, given);
  if (isRange(given)) return sliderOver(name, given);
  if (Array.isArray(given) && given.length > 0) return new Dropdown({ options: given });
  if (isRecord(given) && Object.keys(given).length > 0) return new Dropdown({ options: Object.entries(given) });
  const expected = "a boolean, number, text, [min, max], [min, max, step], list of options, widget or fixed(value)";
  throw new ValueError(`interact: ${name} is ${describe(given)}, expected ${expected}`);
}

function isRange(given: unknown): given is readonly [number, number, number?] {
  return Array.isArray(given) && [2, 3].includes(given.length) && given.every((one) => typeof one === "number");
}

function sliderAround(name: string, value: number): Widget {
  if (!Number.isFinite(value)) throw new ValueError(`interact: ${name} is ${value}, expected a finite number`);
  const [min, max] = value === 0 ? [0, 1] : value > 0 ? [-value, 3 * value] : [3 * value, -value];
  return Number.isInteger(value) ? new IntSlider({ value, min, max }) : new FloatSlider({ value, min, max });
}

function sliderOver(name: string, given: readonly [number, number, number?]): Widget {
  const [min, max, step] = given;
  if (!given.every(Number.isFinite) || min > max || (step !== undefined && step <= 0)) {
    throw new ValueError(`interact: ${name} is ${describe(given)}, expected min <= max and a step above 0`);
  }
  const whole = given.every(Number.isInteger);
  const half = (max - min) / 2;
  const middle = min + (whole ? Math.floor(half) : half);
  if (step === undefined) {
    return whole ? new IntSlider({ value: middle, min, max }) : new FloatSlider({ value: middle, min, max });
  }
  // On a step: from min upwards.
  const value = min + Math.trunc((middle - min) / step) * step;
  return whole ? new IntSlider({ value, min, max, step }) : new FloatSlider({ value, min, max, step });
}
