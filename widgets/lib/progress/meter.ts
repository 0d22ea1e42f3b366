/** What a progress bar says: counts, rate, time left. Pure: the time is passed in. */

/** Whether a bar is still moving, came to the end of its items, or was left before. */
export type ProgressState = "running" | "done" | "stopped";

/** One bar at one moment. */
export interface ProgressReading {
  readonly label: string;
  /** Items that are done. */
  readonly count: number;
  /** Items in all; undefined when not known, or when there turned out to be more. */
  readonly total: number | undefined;
  readonly state: ProgressState;
  /** Since the first item was asked for. */
  readonly elapsedSeconds: number;
  /** Items per second: lately while running, on the whole at the end; undefined before the first item is done. */
  readonly rate: number | undefined;
}

/** How much the latest stretch counts in the rate. */
const smoothing = 0.3;

/** Counts items and knows how fast they come. All times are in milliseconds of one clock. */
export class Meter {
  readonly #label: string;
  readonly #total: number | undefined;
  readonly #started: number;
  #count = 0;
  #state: ProgressState = "running";
  #ended: number | undefined;
  /** When the last item was done. */
  #at: number;
  /** What the rate was last reckoned from. */
  #read: { readonly at: number; readonly count: number };
  #rate: number | undefined;

  constructor(label: string, total: number | undefined, now: number) {
    this.#label = label;
    this.#total = total;
    this.#started = now;
    this.#at = now;
    this.#read = { at: now, count: 0 };
  }

  /** One more item is done. */
  advance(now: number): void {
    this.#count++;
    this.#at = now;
  }

  /** Whether the bar has not ended. */
  get running(): boolean {
    return this.#state === "running";
  }

  /** Ends the bar; the first end counts. */
  end(state: "done" | "stopped", now: number): void {
    if (this.#state !== "running") return;
    this.#state = state;
    this.#ended = now;
  }

  /** Returns what the bar says now. */
  read(now: number): ProgressReading {
    const elapsed = (this.#ended ?? now) - this.#started;
    if (this.#state !== "running") this.#rate = elapsed > 0 ? (1000 * this.#count) / elapsed : undefined;
    else if (this.#at > this.#read.at && this.#count > this.#read.count) {
      const lately = (1000 * (this.#count - this.#read.count)) / (this.#at - this.#read.at);
      this.#rate = this.#rate === undefined ? lately : smoothing * lately + (1 - smoothing) * this.#rate;
      this.#read = { at: this.#at, count: this.#count };
    }
    const total = this.#total !== undefined && this.#count <= this.#total ? this.#total : undefined;
    const { label, count, state, rate } = {
      label: this.#label,
      count: this.#count,
      state: this.#state,
      rate: this.#rate,
    };
    return { label, count, total, state, elapsedSeconds: elapsed / 1000, rate };
  }
}

/**
 * Returns a reading in words.
 * @example describeReading(reading) // "epochs: 45/120 (37.5 %), 12.3/s, 6.1 s left"
 */
export function describeReading({ label, count, total, state, elapsedSeconds, rate }: ProgressReading): string {
  const share = total ? ` (${((100 * count) / total).toFixed(1)} %)` : "";
  const parts = [total === undefined ? String(count) : `${count}/${total}${state === "done" ? "" : share}`];
  if (state === "done") parts.push(`done in ${formatDuration(elapsedSeconds)}`);
  if (state === "stopped") parts.push(`stopped after ${formatDuration(elapsedSeconds)}`);
  if (rate !== undefined && rate > 0) parts.push(formatRate(rate));
  if (state === "running") {
    const left = total !== undefined && rate !== undefined && rate > 0 ? (total - count) / rate : undefined;
    parts.push(left === undefined ? formatDuration(elapsedSeconds) : `${formatDuration(left)} left`);
  }
  return `${label === "" ? "" : `${label}: `}${parts.join(", ")}`;
}

/** Returns a time in few characters. @example [0.42, 65, 3725].map(formatDuration) // ["0.4 s", "1:05", "1:02:05"] */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  const digits = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${digits(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${digits(minutes % 60)}:${digits(whole % 60)}`;
}

function formatRate(rate: number): string {
  if (rate < 1) return `${(1 / rate).toPrecision(3)} s each`;
  return rate < 1000 ? `${rate.toPrecision(3)}/s` : `${Math.round(rate)}/s`;
}
