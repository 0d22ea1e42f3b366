/** What a paper says against what we measure: claims, checks, and the cards that show them. */
import { type Card, showCard } from "./claim-card.js";
import { bundle, type Displayable, display, displaySymbol, escapeHtml, type MimeBundle } from "./display.js";
import { ValueError } from "./errors.js";

export { type Card, cardMimeType, type Scale, showCard, type Verdict } from "./claim-card.js";

/** What measuring a claim gave. */
export interface Measurement {
  readonly holds: boolean;
  /** The numbers, with units, and which is which. */
  readonly measured: string;
}

/** What every claim says about itself. */
export interface ClaimText {
  /** Short, unique within the paper, words joined by hyphens. */
  readonly id: string;
  /** What is claimed, as one sentence that is true or false. */
  readonly statement: string;
  /** Where it is said, and how we know. */
  readonly source: string;
  /** What a reader should know about the verdict; for a claim out of reach, why it is. */
  readonly reason?: string;
}

/** A claim that we can check, at least on small examples. */
export interface MeasurableClaim extends ClaimText {
  readonly scale: "exact" | "toy";
  /** The verdict we expect: a paper's error is expected not to hold, and shown as such. */
  readonly expected: "holds" | "does-not-hold";
  /** Measures it, always with the same result. */
  measure(): Measurement;
}

/** A claim that needs data or hardware that we do not have. */
export interface OutOfReachClaim extends ClaimText {
  readonly scale: "out-of-reach";
  readonly reason: string;
}

/** Something that a paper says. */
export type Claim = MeasurableClaim | OutOfReachClaim;

/**
 * Measures a claim and returns its card. A claim out of reach is not measured, and never counts as failed.
 * @param paper the slug of the paper, for the card
 * @example evaluateClaim(paper.claim("two-approximation")).measured
 */
export function evaluateClaim(claim: Claim, paper?: string): Card {
  const { id, statement, source, scale, reason } = claim;
  const text = { kind: "claim", id, statement, source, scale, ...optional({ paper, reason }) } as const;
  if (claim.scale === "out-of-reach") return { ...text, verdict: "out-of-reach", expected: null, ok: true };
  const { holds, measured } = claim.measure();
  const verdict = holds ? "holds" : "does-not-hold";
  return { ...text, verdict, expected: claim.expected, ok: verdict === claim.expected, measured };
}

/**
 * Shows at once whether something is as it should be. A failed check does not throw: the rest of the notebook still
 * runs, and `lowbit run --check` fails at the end.
 * @param name what should be true, as a sentence
 * @param counterExample what shows that it is not; used only when the check fails
 * @throws ValueError when `ok` is not a boolean
 * @example check("both directions are 2:4", isNm(mask) && isNm(transpose(mask)))
 */
export function check(name: string, ok: boolean, counterExample?: unknown): void {
  if (typeof ok !== "boolean") throw new ValueError(`check: ${describe(ok)} for "${name}", expected true or false`);
  const card: Card = {
    kind: "check",
    id: slugOf(name),
    statement: name,
    verdict: ok ? "holds" : "does-not-hold",
    expected: "holds",
    ok,
    ...(ok || counterExample === undefined ? {} : { counterExample: describe(counterExample) }),
  };
  display(showCard(card));
}

/** What is known of a paper, before its claims can show themselves. */
export interface PaperText {
  /** Names the paper's files: first author, year, two or three words. */
  readonly slug: string;
  readonly title: string;
  readonly authors: readonly string[];
  /** Where and when it was published. */
  readonly venue: string;
  readonly year: number;
  /** The arXiv identifier, without prefix. */
  readonly arxiv: string;
  readonly claims: readonly Claim[];
}

/** A paper whose citation and claims show themselves in a notebook. */
export interface Paper extends PaperText, Displayable {
  readonly claims: readonly (Claim & Displayable)[];
  /** Returns the claim with this id. @throws ValueError when there is none */
  claim(id: string): Claim & Displayable;
}

/**
 * Returns the paper with claims that show themselves as cards: a claim is measured when it is shown.
 * @throws ValueError when two claims have the same id
 * @example export const paper: Paper = definePaper({ slug: "hubara2021-transposable-mask", … });
 */
export function definePaper(text: PaperText): Paper {
  const ids = text.claims.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new ValueError(`definePaper: two claims "${twice}", expected different ids`);
  const claims = text.claims.map((claim) => ({
    ...claim,
    [displaySymbol]: (): MimeBundle | Promise<MimeBundle> => showCard(evaluateClaim(claim, text.slug))[displaySymbol](),
  }));
  const claim = (id: string): Claim & Displayable => {
    const found = claims.find((candidate) => candidate.id === id);
    if (found === undefined) throw new ValueError(`paper.claim: "${id}", expected one of ${ids.join(", ")}`);
    return found;
  };
  return { ...text, claims, claim, [displaySymbol]: () => citation(text)[displaySymbol]() };
}

function citation(paper: PaperText): Displayable {
  const link = `https://arxiv.org/abs/${paper.arxiv}`;
  const authors = paper.authors.join(", ");
  const plain = `${authors}. ${paper.title}. ${paper.venue} ${paper.year}. arXiv:${paper.arxiv}`;
  const html = `<p>${escapeHtml(authors)}. <cite>${escapeHtml(paper.title)}</cite>. ${escapeHtml(paper.venue)} ${paper.year}. <a href="${escapeHtml(link)}">arXiv:${escapeHtml(paper.arxiv)}</a></p>`;
  return bundle({ "text/html": html, "text/plain": plain });
}

/** Returns the entries that are not undefined: JSON has no undefined. */
function optional(entries: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** A counter-example as text: short, and never a reason to throw. */
function describe(value: unknown): string {
  if (typeof value === "string") return value;
  const plain = (_: string, part: unknown): unknown => {
    if (typeof part === "bigint") return `${part}n`;
    if (typeof part === "number" && !Number.isFinite(part)) return String(part);
    return ArrayBuffer.isView(part) && !(part instanceof DataView) ? Array.from(part as Uint8Array) : part;
  };
  try {
    const text = JSON.stringify(value, plain) ?? String(value);
    return text.length > 2000 ? `${text.slice(0, 2000)}...` : text;
  } catch {
    return String(value);
  }
}
