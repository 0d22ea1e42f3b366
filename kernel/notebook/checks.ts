/** Reads the verdicts that a notebook's claims and checks left in its outputs. */
import type { Notebook } from "./document.js";

/** The MIME type of the card of a claim or a check. */
export const checkType = "application/vnd.lowbit.check+json";

/** What a card says. */
export interface Verdict {
  readonly id: string;
  readonly statement: string;
  readonly verdict: string;
  readonly expected: string | null;
  readonly ok: boolean;
}

/** Returns the verdicts of all cards, in the order of the notebook. */
export function verdictsOf(notebook: Notebook): Verdict[] {
  return notebook.cells.flatMap((cell) =>
    (cell.outputs ?? []).flatMap((output) => {
      const card = "data" in output ? output.data[checkType] : undefined;
      return typeof card === "object" && card !== null ? [toVerdict(card as Record<string, unknown>)] : [];
    }),
  );
}

function toVerdict(card: Record<string, unknown>): Verdict {
  return {
    id: String(card.id ?? "?"),
    statement: String(card.statement ?? ""),
    verdict: String(card.verdict ?? "?"),
    expected: typeof card.expected === "string" ? card.expected : null,
    // Anything but a clear yes is a no.
    ok: card.ok === true,
  };
}

/** Returns why `--check` fails, a line each; none when it passes. */
export function checkFailures(verdicts: readonly Verdict[]): string[] {
  if (verdicts.length === 0) return ["the notebook has no claim and no check"];
  return verdicts
    .filter((one) => !one.ok)
    .map(({ id, verdict, expected, statement }) => {
      const wanted = expected === null ? "" : `, expected ${expected}`;
      return `${id}: ${verdict}${wanted}${statement === "" || statement === id ? "" : ` (${statement})`}`;
    });
}
