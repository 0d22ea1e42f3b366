/** Bars that run at the same time are shown together: one output, one line, whatever the number of loops. */
import { describeReading, type Meter, type ProgressReading } from "./meter.js";

/** Where the bars of a board are shown. */
export interface Outlet {
  /** Milliseconds between two drawings while bars move. */
  readonly interval: number;
  /** Shows the bars, outer ones first. `ended`: none of them moves any more, nothing will follow. */
  show(bars: readonly ProgressReading[], ended: boolean): void;
}

/** The bars of one cell, or of the process. */
export class Board {
  readonly #makeOutlet: () => Outlet;
  readonly #now: () => number;
  #outlet: Outlet | undefined;
  #meters: Meter[] = [];
  #running = 0;
  #nextDrawing = 0;

  /** `makeOutlet` is called for each first bar after a pause, so that every loop that is not nested has its own. */
  constructor(makeOutlet: () => Outlet, now: () => number) {
    this.#makeOutlet = makeOutlet;
    this.#now = now;
  }

  /** Adds a bar below those that are there. */
  add(meter: Meter): void {
    this.#outlet ??= this.#makeOutlet();
    // An inner loop that was left early gives its place to the next one.
    this.#meters = [...this.#meters.filter((one, i) => i === 0 || one.running), meter];
    this.#running++;
    if (this.#running === 1) this.#draw(false);
    else this.drawSometimes(this.#now());
  }

  /** Draws when the last drawing is long enough ago. */
  drawSometimes(now: number): void {
    if (now >= this.#nextDrawing) this.#draw(false);
  }

  /** Ends a bar. One that is done goes away while the outer one still moves; what was left before its end stays. */
  end(meter: Meter, state: "done" | "stopped"): void {
    if (!this.#meters.includes(meter) || !meter.running) return;
    meter.end(state, this.#now());
    this.#running--;
    if (state === "done" && this.#meters[0]?.running) this.#meters = this.#meters.filter((one) => one !== meter);
    if (this.#running > 0) this.drawSometimes(this.#now());
    else this.#close();
  }

  /** Ends all bars that move. */
  stop(): void {
    if (this.#running === 0) return;
    for (const meter of this.#meters) meter.end("stopped", this.#now());
    this.#running = 0;
    this.#close();
  }

  #close(): void {
    this.#draw(true);
    this.#meters = [];
    this.#outlet = undefined;
  }

  #draw(ended: boolean): void {
    const now = this.#now();
    this.#nextDrawing = now + (this.#outlet?.interval ?? 0);
    this.#outlet?.show(
      this.#meters.map((meter) => meter.read(now)),
      ended,
    );
  }
}

/** Returns a bar in characters. @example textBar({ count: 1, total: 4 } as ProgressReading, 8) // "[##------]" */
export function textBar({ count, total }: ProgressReading, width = 20): string {
  if (total === undefined || total === 0 || width === 0) return "";
  const full = Math.floor((width * count) / total);
  return `[${"#".repeat(full)}${"-".repeat(width - full)}]`;
}

/** Returns a bar as one line of text; with a width of 0 without the bar itself. */
export function lineOf(reading: ProgressReading, width = 20): string {
  const bar = textBar(reading, width);
  return bar === "" ? describeReading(reading) : `${bar} ${describeReading(reading)}`;
}
