/** What the page may do. */
import { createHash } from "node:crypto";

/** Returns the source expression that allows exactly this inline text. */
export function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/**
 * Returns the page's Content-Security-Policy: nothing is fetched, and only the scripts with these texts run.
 * @param scripts the exact texts of the scripts; none makes a page without any
 * @param styles the exact texts of the style sheets
 */
export function contentPolicy(scripts: readonly string[], styles: readonly string[]): string {
  const run = scripts.length === 0 ? "'none'" : [...scripts.map(hashOf), "'wasm-unsafe-eval'"].join(" ");
  return [
    "default-src 'none'",
    `script-src ${run}`,
    // Empty sheets are filled rule by rule: by Plotly, and by views whose rules the page already has.
    `style-src-elem ${[...styles, ""].map(hashOf).join(" ")}`,
    // Outputs and views place things with style attributes; those cannot fetch, because nothing can.
    "style-src-attr 'unsafe-inline'",
    "img-src data: blob:",
    "font-src data:",
    "media-src data: blob:",
    ...(scripts.length === 0 ? [] : ["worker-src blob:"]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
