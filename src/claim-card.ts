import { bundle, type Displayable, escapeHtml, type JsonObject } from "./display.js";

/** What measuring a claim can show. */
export type Verdict = "holds" | "does-not-hold" | "out-of-reach";

/**
 * How far a claim can be checked here: `exact` (by proof, enumeration or a closed form), `toy` (on small seeded
 * examples), `out-of-reach` (needs data or hardware that we do not have).
 */
export type Scale = "exact" | "toy" | "out-of-reach";

/** The outcome of a claim or a check, as plain data: the JSON of `application/vnd.lowbit.check+json`. */
export interface Card {
  readonly kind: "claim" | "check";
  readonly id: string;
  readonly statement: string;
  readonly verdict: Verdict;
  /** The verdict that we expect; null when the claim is out of reach. */
  readonly expected: "holds" | "does-not-hold" | null;
  /** Whether the verdict is the expected one. */
  readonly ok: boolean;
  readonly scale?: Scale;
  /** Where the claim is made. */
  readonly source?: string;
  /** What was measured, with numbers and units. */
  readonly measured?: string;
  /** The slug of the paper. */
  readonly paper?: string;
  /** Why the claim is out of reach, or what to know about the verdict. */
  readonly reason?: string;
  /** What shows that a check failed. */
  readonly counterExample?: string;
}

/** The MIME type of a {@link Card}. */
export const cardMimeType: string = "application/vnd.lowbit.check+json";

const names: Readonly<Record<Verdict, string>> = {
  holds: "Holds",
  "does-not-hold": "Does not hold",
  "out-of-reach": "Out of reach",
};

const scales: Readonly<Record<Scale, string>> = {
  exact: "checked exactly",
  toy: "checked on small examples",
  "out-of-reach": "not checked here",
};

/** White text on any of these has a contrast above 4.5 : 1. */
const colours = { holds: "#1a7f37", "does-not-hold": "#8a5a00", "out-of-reach": "#57606a", failed: "#cf222e" } as const;

/**
 * Returns a value that shows itself as the card: HTML that reads in light and dark themes and without its styles,
 * plain text, and the card's own JSON for `lowbit run --check`.
 * @example display(showCard(evaluateClaim(claim)))
 */
export function showCard(card: Card): Displayable {
  const json: JsonObject = { ...card };
  return bundle({ [cardMimeType]: json, "text/html": cardHtml(card), "text/plain": cardText(card) });
}

function heading(card: Card): string {
  if (card.kind === "check") return card.ok ? "Check passed" : "Check failed";
  if (card.expected === null) return names[card.verdict];
  if (card.ok) return card.verdict === "holds" ? names.holds : `${names[card.verdict]}, as expected`;
  return `${names[card.verdict]}, but expected: ${names[card.expected].toLowerCase()}`;
}

function details(card: Card): [string, string][] {
  const rows: [string, string | undefined][] = [
    ["Measured", card.measured],
    ["Counter-example", card.counterExample],
    [card.verdict === "out-of-reach" ? "Why" : "Note", card.reason],
    ["Source", card.source],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

function cardHtml(card: Card): string {
  const colour = card.ok ? colours[card.verdict] : colours.failed;
  const label = escapeHtml(`${card.kind} ${card.id}: ${heading(card)}`);
  const scale = card.scale === undefined ? "" : ` <small style="opacity:.8">${scales[card.scale]}</small>`;
  const rows = details(card).map(
    ([name, text]) =>
      `<div style="margin-top:4px"><b>${name}:</b> <span style="white-space:pre-wrap">${escapeHtml(text)}</span></div>`,
  );
  return [
    `<section role="group" aria-label="${label}" style="margin:8px 0;padding:8px 12px;max-width:50em;border:1px solid #8c959f66;border-left:5px solid ${colour};border-radius:6px;font:inherit;color:inherit;line-height:1.45">`,
    `<div><strong style="display:inline-block;padding:1px 8px;border-radius:10px;background:${colour};color:#fff">${escapeHtml(heading(card))}</strong>${scale}</div>`,
    `<div style="margin-top:6px">${escapeHtml(card.statement)}</div>`,
    ...rows,
    "</section>",
  ].join("\n");
}

function cardText(card: Card): string {
  const rows = details(card).map(([name, text]) => `  ${name.toLowerCase()}: ${text}`);
  return [`${heading(card)}: ${card.statement}`, ...rows].join("\n");
}
