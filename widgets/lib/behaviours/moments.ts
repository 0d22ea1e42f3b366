/** Pickers of a day, a time or both, between two bounds. As in ipywidgets: a moment outside is moved to the nearest. */
import { ValueError } from "../../../src/errors.js";
import { DOMWidget, type DOMWidgetState } from "../dom-widget.js";
import type { TimeOfDay } from "../times.js";

type Moment = Date | TimeOfDay;

/** Keeps `min <= value <= max`, of those that are given. @throws ValueError when min > max */
export class MomentWidget<State extends object> extends DOMWidget<State> {
  protected override settle(next: State & DOMWidgetState): Partial<State & DOMWidgetState> {
    const { value, min, max } = next as unknown as Readonly<Record<"value" | "min" | "max", Moment | null>>;
    if (min !== null && max !== null && isBefore(max, min)) {
      throw new ValueError(`${this.constructor.name}: min ${words(min)} and max ${words(max)}, expected min <= max`);
    }
    if (value === null) return {};
    const nearest = isBefore(value, min) ? min : isBefore(max, value) ? max : value;
    return (nearest === value ? {} : { value: nearest }) as Partial<State & DOMWidgetState>;
  }
}

function isBefore(one: Moment | null, other: Moment | null): boolean {
  return one !== null && other !== null && instant(one) < instant(other);
}

/** Milliseconds, of the epoch or of the day. */
function instant(moment: Moment): number {
  if (moment instanceof Date) return moment.getTime();
  return ((moment.hours * 60 + moment.minutes) * 60 + moment.seconds) * 1000 + moment.milliseconds;
}

function words(moment: Moment): string {
  return moment instanceof Date ? moment.toISOString() : JSON.stringify(moment);
}
