/** Terminal colours (ECMA-48, "Select Graphic Rendition") as HTML. */
import { escapeHtml } from "./escape.js";

interface Look {
  readonly front?: string | undefined;
  readonly back?: string | undefined;
  readonly styles: ReadonlySet<string>;
}

const plain: Look = { styles: new Set() };

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

const styles: Readonly<Record<number, string>> = { 1: "bold", 2: "faint", 3: "italic", 4: "underline", 7: "inverse" };

/** What ends a style: 22 ends both weights. */
const ends: Readonly<Record<number, readonly string[]>> = {
  22: ["bold", "faint"],
  23: ["italic"],
  24: ["underline"],
  27: ["inverse"],
};

// An escape sequence; those that move the cursor or set a title are dropped.
const sequence = /\u001b\[([0-9;:]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-Z\\-_]/g;

/**
 * Returns text with terminal colours as HTML. What a carriage return or a backspace would overwrite is left out.
 * @example ansiHtml("\u001b[31mno\u001b[0m") // '<span class="ansi-red">no</span>'
 */
export function ansiHtml(text: string): string {
  const parts: string[] = [];
  let look = plain;
  let at = 0;
  const source = overwrite(text);
  for (const match of source.matchAll(sequence)) {
    parts.push(span(source.slice(at, match.index), look));
    at = match.index + match[0].length;
    if (match[2] === "m") look = next(look, match[1] ?? "");
  }
  parts.push(span(source.slice(at), look));
  return parts.join("");
}

/** Returns what a terminal would leave on each line. */
function overwrite(text: string): string {
  const lines = backspaces(text.replaceAll("\r\n", "\n"));
  return lines.replace(/^[^\n]*\r(?=[^\n])/gm, "").replaceAll("\r", "");
}

function backspaces(text: string): string {
  if (!text.includes("\u0008")) return text;
  const kept: string[] = [];
  for (const character of text) {
    if (character !== "\u0008") kept.push(character);
    else if (kept.at(-1) !== "\n") kept.pop();
  }
  return kept.join("");
}

function span(text: string, { front, back, styles: set }: Look): string {
  if (text === "") return "";
  const classes = [...set].map((name) => `ansi-${name}`);
  const declarations: string[] = [];
  for (const [property, prefix, colour] of [
    ["color", "ansi-", front],
    ["background-color", "ansi-back-", back],
  ] as const) {
    if (colour === undefined) continue;
    if (colour.startsWith("#")) declarations.push(`${property}:${colour}`);
    else classes.push(`${prefix}${colour}`);
  }
  if (classes.length === 0 && declarations.length === 0) return escapeHtml(text);
  const name = classes.length > 0 ? ` class="${classes.join(" ")}"` : "";
  const style = declarations.length > 0 ? ` style="${declarations.join(";")}"` : "";
  return `<span${name}${style}>${escapeHtml(text)}</span>`;
}

function next(look: Look, parameters: string): Look {
  const codes = parameters.split(/[;:]/).map(Number);
  let { front, back } = look;
  const set = new Set(look.styles);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 0) {
      front = undefined;
      back = undefined;
      set.clear();
    } else if (styles[code] !== undefined) set.add(styles[code]);
    else if (ends[code] !== undefined) for (const name of ends[code]) set.delete(name);
    else if (code === 38 || code === 48) {
      const { colour, used } = extended(codes.slice(i + 1));
      i += used;
      if (code === 38) front = colour;
      else back = colour;
    } else if (code === 39) front = undefined;
    else if (code === 49) back = undefined;
    else if (inRange(code, 30) || inRange(code, 90)) front = named(code);
    else if (inRange(code, 40) || inRange(code, 100)) back = named(code);
  }
  return { front, back, styles: set };
}

function inRange(code: number, start: number): boolean {
  return code >= start && code < start + 8;
}

function named(code: number): string {
  return `${code >= 90 ? "bright-" : ""}${names[code % 10]}`;
}

/** The colour after 38 or 48: `5;n` of the 256 colours, or `2;r;g;b`. */
function extended([kind, ...values]: readonly number[]): { colour: string | undefined; used: number } {
  if (kind === 2) return { colour: hex(values.slice(0, 3)), used: 4 };
  if (kind !== 5) return { colour: undefined, used: 1 };
  const code = values[0] ?? 0;
  if (code < 8) return { colour: names[code], used: 2 };
  if (code < 16) return { colour: `bright-${names[code - 8]}`, used: 2 };
  // 16 to 231: a cube of 6 x 6 x 6; 232 to 255: greys. Source: xterm's 256 colours.
  const cube = [36, 6, 1]
    .map((step) => Math.floor((code - 16) / step) % 6)
    .map((level) => (level ? 55 + 40 * level : 0));
  return { colour: hex(code >= 232 ? Array(3).fill(8 + 10 * (code - 232)) : cube), used: 2 };
}

function hex(values: readonly number[]): string {
  const bytes = [0, 1, 2].map((i) => Math.min(255, Math.max(0, Math.trunc(values[i] || 0))));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
