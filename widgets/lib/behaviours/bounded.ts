/** Widgets with a number, or a range of numbers, between two bounds. As ipywidgets: a value outside is clamped. */
import { ValueError } from "../../../src/errors.js";
import { DOMWidget, type DOMWidgetState, type OptionsOf } from "../dom-widget.js";
import type { WidgetSpec } from "../spec.js";

/** A number and its bounds. */
export interface BoundedState {
  value: number;
  min: number;
  max: number;
}

/** A range and its bounds. */
export interface BoundedRangeState {
  value: readonly [number, number];
  min: number;
  max: number;
}

/** Keeps `min <= value <= max`. @throws ValueError when min > max */
export class BoundedWidget<State extends BoundedState> extends DOMWidget<State> {
  protected override settle(next: State & DOMWidgetState): Partial<State & DOMWidgetState> {
    const value = clamp(next.value, ...boundsOf(this, next.min, next.max));
    return (value === next.value ? {} : { value }) as Partial<State & DOMWidgetState>;
  }
}

/** Keeps `base^min <= value <= base^max`: bounds are exponents. @throws ValueError when min > max or base <= 0 */
export class LogBoundedWidget<State extends BoundedState & { base: number }> extends DOMWidget<State> {
  protected override settle(next: State & DOMWidgetState): Partial<State & DOMWidgetState> {
    const { base } = next;
    if (base <= 0) throw new ValueError(`${this.constructor.name}: base ${base}, expected a number above 0`);
    const [min, max] = boundsOf(this, next.min, next.max);
    const ends = [base ** min, base ** max];
    const value = clamp(next.value, Math.min(...ends), Math.max(...ends));
    return (value === next.value ? {} : { value }) as Partial<State & DOMWidgetState>;
  }
}

/** Keeps both ends between the bounds and in order. @throws ValueError when min > max or the ends are reversed */
export class BoundedRangeWidget<State extends BoundedRangeState> extends DOMWidget<State> {
  constructor(spec: WidgetSpec<State>, options: OptionsOf<State> = {}) {
    super(spec, options.value === undefined ? { ...options, value: middleHalf(spec, options) } : options);
  }

  /** The lower end of the range. */
  get lower(): number {
    return this.get("value")[0];
  }

  set lower(lower: number) {
    this.set({ value: [lower, this.upper] } as unknown as Partial<State & DOMWidgetState>);
  }

  /** The upper end of the range. */
  get upper(): number {
    return this.get("value")[1];
  }

  set upper(upper: number) {
    this.set({ value: [this.lower, upper] } as unknown as Partial<State & DOMWidgetState>);
  }

  protected override settle(next: State & DOMWidgetState): Partial<State & DOMWidgetState> {
    const bounds = boundsOf(this, next.min, next.max);
    const [lower, upper] = next.value;
    if (lower > upper) {
      throw new ValueError(`${this.constructor.name}.value: [${lower}, ${upper}], expected the lower end first`);
    }
    const value: [number, number] = [clamp(lower, ...bounds), clamp(upper, ...bounds)];
    const same = value[0] === lower && value[1] === upper;
    return (same ? {} : { value }) as Partial<State & DOMWidgetState>;
  }
}

/** Where a range is at first, as in ipywidgets: from a quarter to three quarters of what is allowed. */
function middleHalf<State extends BoundedRangeState>(
  { traits }: WidgetSpec<State>,
  options: Partial<BoundedRangeState>,
): readonly [number, number] {
  const { min = traits.min.initial(), max = traits.max.initial() } = options;
  const ends: readonly [number, number] = [0.75 * min + 0.25 * max, 0.25 * min + 0.75 * max];
  // Whole numbers where only those are allowed.
  return traits.value.accept(ends) === undefined ? [Math.trunc(ends[0]), Math.trunc(ends[1])] : ends;
}

function boundsOf(widget: object, min: number, max: number): [number, number] {
  if (min > max) throw new ValueError(`${widget.constructor.name}: min ${min} and max ${max}, expected min <= max`);
  return [min, max];
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
