/** How many masks each pattern allows, on a logarithmic scale; the paper's expression beside the exact count. */
import { runInBackground } from "../dom/background.js";
import { element, setText } from "../dom/elements.js";
import { type DiversityRow, formatCount } from "./compute.js";
import type { Part, Scene } from "./view-scene.js";

/** The counter: counts in the background, because wide groups take seconds. */
export class DiversityCounter implements Part {
  readonly element: HTMLElement;
  readonly #heading: HTMLElement = element("h4");
  readonly #rows: HTMLElement = element("div", { class: "lowbit-mask-counts", role: "list" });
  readonly #verdict: HTMLElement = element("p", { class: "lowbit-mask-verdict" });
  #key = "";
  #running: AbortController | undefined;

  constructor() {
    this.element = element("section", { class: "lowbit-mask-diversity" }, this.#heading, this.#rows, this.#verdict);
  }

  draw({ pattern, tileShape }: Scene): void {
    const [rows, cols] = tileShape;
    const key = [pattern.keep, pattern.group, rows, cols].join();
    if (key === this.#key) return;
    this.#key = key;
    this.dispose();
    setText(this.#heading, `Mask diversity: how many masks ${rows} x ${cols} weights allow (logarithmic scale)`);
    setText(this.#verdict, "counting ...");
    this.#rows.replaceChildren();
    const running = new AbortController();
    this.#running = running;
    runInBackground<DiversityRow[]>("mask.diversity", { pattern, rows, cols }, running.signal).then(
      (counts) => this.#show(counts),
      (error: unknown) => setText(this.#verdict, error instanceof Error ? error.message : String(error)),
    );
  }

  dispose(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  #show(counts: readonly DiversityRow[]): void {
    const longest = Math.max(1, ...counts.map(({ log10 }) => log10));
    this.#rows.replaceChildren(...counts.map((count) => createRow(count, longest)));
    setText(this.#verdict, verdict(counts));
  }
}

function createRow({ label, count, log10, source }: DiversityRow, longest: number): HTMLElement {
  const origin = source === "printed" ? "the paper's expression" : "exact count";
  const bar = element("div", { class: "lowbit-mask-bar", style: `width: ${((100 * log10) / longest).toFixed(2)}%` });
  const name = element("div", {}, label, " ", element("small", {}, origin));
  const number = element("span", { class: "lowbit-mask-number", title: count.toString() }, formatCount(count));
  const track = element("div", { class: "lowbit-mask-track", "aria-hidden": "true" }, bar);
  return element("div", { role: "listitem", "data-source": source }, name, element("div", {}, track, number));
}

/** What the counts say about the paper's claim, in one sentence. */
function verdict(counts: readonly DiversityRow[]): string {
  const exact = counts.find(({ label, source }) => label.startsWith("Transposable") && source === "exact");
  const printed = counts.find(({ source }) => source === "printed");
  const rows = counts.filter(({ label }) => label.startsWith("Row-wise"));
  const half = rows.length === 2 ? rows[1] : undefined;
  if (exact === undefined || printed === undefined) return "";
  const over =
    exact.count === printed.count
      ? "The paper's expression is exact here."
      : `The paper's expression over-counts: ${formatCount(printed.count)} for ${formatCount(exact.count)}.`;
  if (half === undefined) return over;
  const less = exact.count < half.count;
  const reversed = less && printed.count >= half.count ? ", although the printed expression says more" : "";
  return `${over} Exactly counted, transposable masks are ${less ? "fewer" : "not fewer"} than ${half.label.toLowerCase()} ones${reversed}.`;
}
