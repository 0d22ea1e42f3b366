/** Code with its words marked by class, as `tok-keyword`; the page's style sheet gives them colours. */
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/javascript";
import { escapeHtml } from "./escape.js";

const dialects: Readonly<Record<string, string>> = {
  typescript: "ts",
  ts: "ts",
  tsx: "ts jsx",
  javascript: "",
  js: "",
  mjs: "",
  jsx: "jsx",
};

/**
 * Returns code as HTML; languages other than TypeScript and JavaScript stay plain.
 * @example highlight("let a = 1", "ts") // '<span class="tok-keyword">let</span> <span class="tok-variableName …'
 */
export function highlight(code: string, language: string): string {
  const dialect = dialects[language.toLowerCase()];
  if (dialect === undefined) return escapeHtml(code);
  const parts: string[] = [];
  highlightCode(
    code,
    parser.configure({ dialect }).parse(code),
    classHighlighter,
    (text, classes) => parts.push(classes ? `<span class="${classes}">${escapeHtml(text)}</span>` : escapeHtml(text)),
    () => parts.push("\n"),
  );
  return parts.join("");
}
