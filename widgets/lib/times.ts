/** Traits for days and times, which travel as records of numbers. Source: the pickers of `@jupyter-widgets/controls`. */
import { isRecord } from "./equal.js";
import type { Trait } from "./spec.js";

/** A time of day. */
export interface TimeOfDay {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
}

/** A day: a `Date` at midnight UTC, whose time is ignored. Travels as `{ year, month, date }`, January being 0. */
export function date(): Trait<Date> {
  return {
    ...moment(),
    encode: (value) => ({ year: value.getUTCFullYear(), month: value.getUTCMonth(), date: value.getUTCDate() }),
    decode: (wire) => fromParts(wire, ["year", "month", "date"], (p) => utc(p.year, p.month, p.date)),
  };
}

/** A moment: a `Date`. Travels as its parts in UTC. */
export function datetime(): Trait<Date> {
  return {
    ...moment(),
    encode: (value) => ({
      year: value.getUTCFullYear(),
      month: value.getUTCMonth(),
      date: value.getUTCDate(),
      hours: value.getUTCHours(),
      minutes: value.getUTCMinutes(),
      seconds: value.getUTCSeconds(),
      milliseconds: value.getUTCMilliseconds(),
    }),
    decode: (wire) =>
      fromParts(wire, momentParts, (p) => {
        const day = utc(p.year, p.month, p.date);
        day.setUTCHours(p.hours, p.minutes, p.seconds, p.milliseconds);
        return day;
      }),
  };
}

/** A wall-clock moment without a time zone: a `Date` whose local parts count. Travels as those parts. */
export function naiveDatetime(): Trait<Date> {
  return {
    ...moment(),
    encode: (value) => ({
      year: value.getFullYear(),
      month: value.getMonth(),
      date: value.getDate(),
      hours: value.getHours(),
      minutes: value.getMinutes(),
      seconds: value.getSeconds(),
      milliseconds: value.getMilliseconds(),
    }),
    decode: (wire) =>
      fromParts(wire, momentParts, (p) => {
        // setFullYear, because the constructor reads years below 100 as 19xx.
        const day = new Date(2000, 0, 1, p.hours, p.minutes, p.seconds, p.milliseconds);
        day.setFullYear(p.year, p.month, p.date);
        return day;
      }),
  };
}

/** A time of day. */
export function time(): Trait<TimeOfDay> {
  return {
    expects: "a time of day ({ hours, minutes, seconds, milliseconds })",
    initial: () => ({ hours: 0, minutes: 0, seconds: 0, milliseconds: 0 }),
    accept: (value) => {
      const whole = isRecord(value) ? { seconds: 0, milliseconds: 0, ...value } : value;
      return fromParts(whole, ["hours", "minutes", "seconds", "milliseconds"], (p) =>
        p.hours < 24 &&
        p.minutes < 60 &&
        p.seconds < 60 &&
        p.milliseconds < 1000 &&
        Object.values(p).every((n) => n >= 0)
          ? { hours: p.hours, minutes: p.minutes, seconds: p.seconds, milliseconds: p.milliseconds }
          : undefined,
      );
    },
  };
}

const momentParts = ["year", "month", "date", "hours", "minutes", "seconds", "milliseconds"] as const;

function moment(): Trait<Date> {
  return {
    expects: "a valid Date",
    initial: () => new Date(0),
    accept: (value) => {
      // A Date of another realm (a cell's vm context) is no instance of this realm's Date.
      const ms = Object.prototype.toString.call(value) === "[object Date]" ? (value as Date).getTime() : Number.NaN;
      return Number.isNaN(ms) ? undefined : new Date(ms);
    },
  };
}

function utc(year: number, month: number, day: number): Date {
  const result = new Date(0);
  result.setUTCFullYear(year, month, day);
  return result;
}

function fromParts<Part extends string, Value>(
  wire: unknown,
  parts: readonly Part[],
  make: (numbers: Record<Part, number>) => Value,
): Value | undefined {
  if (!isRecord(wire) || !parts.every((part) => Number.isInteger(wire[part]))) return undefined;
  return make(wire as Record<Part, number>);
}
