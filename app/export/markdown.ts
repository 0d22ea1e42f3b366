/** Markdown cells as HTML: formulas as MathML, code marked, headings with anchors. */
import { randomUUID } from "node:crypto";
import { Marked, type MarkedExtension, type Tokens } from "marked";
import { escapeHtml } from "./escape.js";
import { highlight } from "./highlight.js";
import { embedImage } from "./images.js";
import { type Formula, formulaAt, mathHtml, nextFormula } from "./math.js";
import type { ExportCell } from "./notebook.js";
import { idPrefix, sanitizeHtml } from "./sanitize.js";

/** A heading of the notebook, for its table of contents. */
export interface Heading {
  readonly level: number;
  /** The id of its element. */
  readonly id: string;
  /** Its content as HTML, safe. */
  readonly html: string;
}

/** Turns the Markdown of one notebook into HTML. */
export interface MarkdownRenderer {
  render(source: string, cell: ExportCell): string;
  /** The headings so far, in order. */
  readonly headings: readonly Heading[];
}

/** Returns a renderer. @param folder where the notebook is; its pictures are read from there */
export function createMarkdown(folder: string): MarkdownRenderer {
  const headings: Heading[] = [];
  const taken = new Map<string, number>();
  // Formulas wait behind names that nobody can guess, until the HTML around them has been made safe.
  const secret = randomUUID();
  const held = new RegExp(`${secret}-(\\d+)-`, "g");
  const render = (source: string, cell: ExportCell): string => {
    const formulas: string[] = [];
    const hold = ({ tex, display }: Formula): string => `${secret}-${formulas.push(mathHtml(tex, display)) - 1}-`;
    const fill = (html: string): string => html.replace(held, (_, i) => formulas[Number(i)] ?? "");
    const marked = new Marked({ gfm: true, async: false }, mathExtension(hold), rendering(cell, folder));
    const safe = sanitizeHtml(marked.parse(source) as string);
    const anchored = addAnchors(safe, held, taken, (heading) =>
      headings.push({ ...heading, html: fill(heading.html) }),
    );
    return fill(anchored);
  };
  return { render, headings };
}

function mathExtension(hold: (formula: Formula) => string): MarkedExtension {
  const token = (type: string, formula: Formula): Tokens.Generic => ({ type, raw: formula.raw, formula });
  return {
    extensions: [
      {
        name: "formulaBlock",
        level: "block",
        start: (text) => {
          const at = text.search(/^ {0,3}(?:\$\$|\\begin\{)/m);
          return at < 0 ? undefined : at;
        },
        tokenizer: (text) => {
          const indent = /^ {0,3}/.exec(text)?.[0] ?? "";
          const formula = formulaAt(text.slice(indent.length));
          if (!formula?.display) return undefined;
          const end = /^[ \t]*(?:\n|$)/.exec(text.slice(indent.length + formula.raw.length));
          return end ? token("formulaBlock", { ...formula, raw: indent + formula.raw + end[0] }) : undefined;
        },
        renderer: (found) => `<p>${hold(found.formula as Formula)}</p>\n`,
      },
      {
        name: "formula",
        level: "inline",
        start: nextFormula,
        tokenizer: (text) => {
          const formula = formulaAt(text);
          return formula && token("formula", formula);
        },
        renderer: (found) => hold(found.formula as Formula),
      },
    ],
  };
}

function rendering(cell: ExportCell, folder: string): MarkedExtension {
  return {
    renderer: {
      code: ({ text, lang }) => {
        const language = /^[\w+#-]*/.exec(lang ?? "")?.[0] ?? "";
        return `<pre class="lb-source"><code>${highlight(text, language)}</code></pre>\n`;
      },
      image: ({ href, text, title }) => {
        const source = embedImage(href, cell, folder) ?? href;
        const tooltip = title ? ` title="${escapeHtml(title)}"` : "";
        return `<img src="${escapeHtml(source)}" alt="${escapeHtml(text)}"${tooltip}>`;
      },
    },
  };
}

/** Gives each heading an id as JupyterLab does, spaces as dashes, so that links inside the notebook work. */
function addAnchors(html: string, held: RegExp, taken: Map<string, number>, found: (heading: Heading) => void): string {
  return html.replace(
    /<h([1-6])([^>]*)>([\s\S]*?)<\/h\1>/g,
    (_, level: string, attributes: string, content: string) => {
      const text = content
        .replace(/<[^>]*>/g, "")
        .replace(held, "")
        .trim();
      const name =
        idPrefix +
        text
          .replaceAll("&amp;", "&")
          .replace(/&#?\w+;/g, "")
          .replace(/\s+/g, "-");
      const count = taken.get(name) ?? 0;
      taken.set(name, count + 1);
      const id = escapeHtml(count === 0 ? name : `${name}-${count}`);
      found({ level: Number(level), id, html: content.replace(/<\/?a\b[^>]*>/g, "") });
      const rest = attributes.replace(/ id="[^"]*"/, "");
      return `<h${level}${rest} id="${id}">${content}<a class="lb-anchor" href="#${id}" aria-label="Link to this heading">¶</a></h${level}>`;
    },
  );
}
