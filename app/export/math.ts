/** LaTeX as MathML, which browsers draw with the fonts they have. */
import katex from "katex";
import { escapeHtml } from "./escape.js";

/** Returns a formula as MathML; one that is wrong stays as typed, with the reason as its tooltip. */
export function mathHtml(tex: string, display: boolean): string {
  try {
    const options = { displayMode: display, output: "mathml", maxExpand: 1000, maxSize: 50, trust: false } as const;
    return katex.renderToString(tex, { ...options, strict: "ignore", throwOnError: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `<code class="lb-bad-math" title="${escapeHtml(reason)}">${escapeHtml(tex)}</code>`;
  }
}

/** One formula at the start of a text: all of it, what is inside, and whether it stands on its own. */
export interface Formula {
  readonly raw: string;
  readonly tex: string;
  readonly display: boolean;
}

const forms: readonly (readonly [RegExp, boolean])[] = [
  [/^\$\$([^$]+?|(?:[^$]|\$(?!\$))+?)\$\$/, true],
  [/^\\\\\[([\s\S]+?)\\\\\]/, true],
  [/^\\\\\(([\s\S]+?)\\\\\)/, false],
  [/^(\\begin\{([a-z]+\*?)\}[\s\S]+?\\end\{\2\})/, true],
  // Not around a space and not before a digit, so that two prices are no formula.
  [/^\$((?:[^$\\\s]|\\[\s\S])(?:(?:[^$\\]|\\[\s\S])*?(?:[^$\\\s]|\\[\s\S]))?)\$(?!\d)/, false],
];

/** Returns the formula that a text starts with. @example formulaAt("$x$ is") // { raw: "$x$", tex: "x", … } */
export function formulaAt(text: string): Formula | undefined {
  for (const [form, display] of forms) {
    const match = form.exec(text);
    if (match) return { raw: match[0], tex: match[1] ?? "", display };
  }
  return undefined;
}

/** Where the next formula may start; undefined when there is none. */
export function nextFormula(text: string): number | undefined {
  const at = text.search(/\$|\\\\[[(]|\\begin\{/);
  return at < 0 ? undefined : at;
}

/** Returns the HTML of `text/latex`: its formulas, and what is between them as text. */
export function latexHtml(source: string): string {
  const parts: string[] = [];
  let rest = source.trim();
  while (rest !== "") {
    const formula = formulaAt(rest);
    if (formula) {
      parts.push(mathHtml(formula.tex, formula.display));
      rest = rest.slice(formula.raw.length);
    } else {
      const at = nextFormula(rest.slice(1));
      const end = at === undefined ? rest.length : at + 1;
      parts.push(escapeHtml(rest.slice(0, end)));
      rest = rest.slice(end);
    }
  }
  return parts.join("");
}
