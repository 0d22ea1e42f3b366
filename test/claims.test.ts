import { JSDOM } from "jsdom";
import { afterEach, describe, expect, test } from "vitest";
import {
  type Card,
  type Claim,
  cardMimeType,
  check,
  definePaper,
  evaluateClaim,
  type MeasurableClaim,
  showCard,
} from "../src/claims.js";
import { type Displayable, displaySymbol, type Host, hostSymbol, type MimeBundle } from "../src/display.js";
import { ValueError } from "../src/errors.js";

const holds: MeasurableClaim = {
  id: "two-is-even",
  statement: "2 is even.",
  source: "Elements VII",
  scale: "exact",
  expected: "holds",
  measure: () => ({ holds: true, measured: "2 mod 2 = 0" }),
};

const content = (shown: Displayable): MimeBundle => shown[displaySymbol]() as MimeBundle;

describe("evaluateClaim", () => {
  test("gives the card of the contract, as JSON and nothing more", () => {
    expect(JSON.parse(JSON.stringify(evaluateClaim(holds, "euclid-300bc-numbers")))).toEqual({
      kind: "claim",
      id: "two-is-even",
      statement: "2 is even.",
      verdict: "holds",
      expected: "holds",
      ok: true,
      scale: "exact",
      source: "Elements VII",
      measured: "2 mod 2 = 0",
      paper: "euclid-300bc-numbers",
    });
  });

  test.each([
    [true, "holds", "holds", true],
    [false, "does-not-hold", "does-not-hold", true],
    [true, "does-not-hold", "holds", false],
    [false, "holds", "does-not-hold", false],
  ] as const)("measured %s, expected %s: verdict %s, ok %s", (result, expected, verdict, ok) => {
    const card = evaluateClaim({ ...holds, expected, measure: () => ({ holds: result, measured: "" }) });
    expect([card.verdict, card.ok]).toEqual([verdict, ok]);
  });

  test("never measures what is out of reach", () => {
    const claim: Claim = {
      id: "fast",
      statement: "It is fast.",
      source: "p. 1",
      scale: "out-of-reach",
      reason: "no GPU",
    };
    expect(evaluateClaim(claim)).toMatchObject({ verdict: "out-of-reach", expected: null, ok: true, reason: "no GPU" });
  });
});

describe("the card", () => {
  const card: Card = {
    kind: "claim",
    id: "x",
    statement: '<img src=x onerror="alert(1)"> & more',
    verdict: "does-not-hold",
    expected: "does-not-hold",
    ok: true,
    measured: "<b>144</b> printed, 90 exact",
    source: "'p. 5'",
  };

  test("escapes everything and says its verdict in words", () => {
    const html = content(showCard(card))["text/html"] as string;
    const { document } = new JSDOM(html).window;
    expect(document.querySelectorAll("img, b b, script")).toHaveLength(0);
    expect(document.body.textContent).toContain('<img src=x onerror="alert(1)"> & more');
    expect(document.body.textContent).toContain("<b>144</b> printed, 90 exact");
    expect(document.querySelector("section")?.getAttribute("aria-label")).toBe("claim x: Does not hold, as expected");
  });

  test("comes as JSON, HTML and text", () => {
    const shown = content(showCard(card));
    expect(Object.keys(shown).sort()).toEqual([cardMimeType, "text/html", "text/plain"].sort());
    expect(shown[cardMimeType]).toEqual(card);
    expect(shown["text/plain"]).toBe(
      [
        `Does not hold, as expected: ${card.statement}`,
        "  measured: <b>144</b> printed, 90 exact",
        "  source: 'p. 5'",
      ].join("\n"),
    );
  });

  test("names a surprise", () => {
    const shown = content(showCard({ ...card, ok: false, expected: "holds" }));
    expect(shown["text/plain"]).toMatch(/^Does not hold, but expected: holds: /);
  });
});

describe("check", () => {
  const slot = globalThis as { [hostSymbol]?: Host };
  afterEach(() => {
    delete slot[hostSymbol];
  });

  /** What one call shows through the kernel's host. */
  function shown(...args: Parameters<typeof check>): Card {
    const values: unknown[] = [];
    slot[hostSymbol] = { display: (value: unknown) => values.push(value) } as unknown as Host;
    expect(check(...args)).toBeUndefined();
    expect(values).toHaveLength(1);
    return content(values[0] as Displayable)[cardMimeType] as unknown as Card;
  }

  test("shows a passed check at once, without the counter-example", () => {
    expect(shown("Both directions are 2:4", true, [1, 2])).toEqual({
      kind: "check",
      id: "both-directions-are-2-4",
      statement: "Both directions are 2:4",
      verdict: "holds",
      expected: "holds",
      ok: true,
    });
  });

  test.each([
    ["text", "text"],
    [{ mask: new Uint8Array([1, 0]), n: 90n, at: Number.NaN }, '{"mask":[1,0],"n":"90n","at":"NaN"}'],
    [null, "null"],
    [new Float32Array(5000), `[${"0,".repeat(999)}0...`],
  ])("shows a failed check with its counter-example (%#)", (value, text) => {
    expect(shown("x", false, value)).toMatchObject({ verdict: "does-not-hold", ok: false, counterExample: text });
  });

  test("survives a counter-example that contains itself", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(shown("x", false, circle).counterExample).toBe("[object Object]");
  });

  test("refuses what is not a boolean, and is silent without a kernel", () => {
    expect(() => check("x", undefined as unknown as boolean)).toThrow(
      'check: undefined for "x", expected true or false',
    );
    expect(() => check("x", false)).not.toThrow();
  });
});

describe("definePaper", () => {
  const text = {
    slug: "euclid-300bc-numbers",
    title: "Elements <VII>",
    authors: ["Euclid"],
    venue: "Alexandria",
    year: -300,
    arxiv: "0000.00000",
    claims: [holds],
  };

  test("gives claims that show themselves with the paper's slug", () => {
    const shown = content(definePaper(text).claim("two-is-even"))[cardMimeType];
    expect(shown).toMatchObject({ verdict: "holds", paper: "euclid-300bc-numbers" });
  });

  test("measures when shown, not before", () => {
    let measured = 0;
    const measure = (): { holds: boolean; measured: string } => ({ holds: true, measured: String(++measured) });
    const paper = definePaper({ ...text, claims: [{ ...holds, measure }] });
    expect(measured).toBe(0);
    content(paper.claim("two-is-even"));
    expect(measured).toBe(1);
  });

  test("shows its citation, escaped", () => {
    const shown = content(definePaper(text));
    expect(shown["text/plain"]).toBe("Euclid. Elements <VII>. Alexandria -300. arXiv:0000.00000");
    expect(shown["text/html"]).toContain("Elements &lt;VII&gt;");
  });

  test("refuses two claims of one name and an unknown name", () => {
    expect(() => definePaper({ ...text, claims: [holds, holds] })).toThrow(ValueError);
    expect(() => definePaper(text).claim("three")).toThrow('paper.claim: "three", expected one of two-is-even');
  });
});
