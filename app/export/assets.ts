/** What the build has made for exported pages: dist/export. */
import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { ExportError } from "./notebook.js";

const folder = new URL(import.meta.url.endsWith(".ts") ? "../../dist/export/" : "../../export/", import.meta.url);

/** A script of the page: its text, which the page's policy names, and how the page holds it. */
export interface Script {
  readonly text: string;
  /** Gzipped, in base64: small, and nothing in it can end the element that holds it. */
  readonly packed: string;
}

/** Returns a script that is made during an export. */
export function scriptOf(text: string): Script {
  return { text, packed: gzipSync(text, { level: 9 }).toString("base64") };
}

/** Returns a built script. @throws ExportError when the build is not complete */
export function builtScript(name: string): Script {
  const bytes = read(`${name}.js.gz`);
  return { text: gunzipSync(bytes).toString("utf8"), packed: bytes.toString("base64") };
}

/** Returns the text of a built file. @throws ExportError when the build is not complete */
export function asset(name: string): string {
  return read(name).toString("utf8");
}

function read(name: string): Buffer {
  try {
    return readFileSync(new URL(name, folder));
  } catch (error) {
    throw new ExportError(`export: ${(error as Error).message}; expected what \`npm run build\` makes`);
  }
}

interface Icon {
  readonly width: number;
  readonly height: number;
  readonly path: string;
}

/** Icons that core widgets show without being asked by name. */
const always =
  "caret-down caret-right check times play pause stop redo step-forward step-backward retweet upload exclamation-triangle".split(
    " ",
  );

/** Returns the style rules of the Font Awesome icons with these names, drawn as masks; unknown names are left out. */
export function iconStyles(names: Iterable<string>): string {
  const icons = JSON.parse(asset("icons.json")) as Record<string, Icon>;
  const rules: string[] = [];
  for (const name of new Set([...always, ...names])) {
    const icon = Object.hasOwn(icons, name) ? icons[name] : undefined;
    if (icon === undefined) continue;
    const { width, height, path } = icon;
    const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${width} ${height}'><path d='${path}'/></svg>`;
    const uri = `url("data:image/svg+xml,${encodeURIComponent(svg).replace(/%20/g, " ")}")`;
    const mask = `mask:${uri} no-repeat center/contain`;
    rules.push(`.fa-${name}{background:currentColor;-webkit-${mask};${mask};width:${(width / height).toFixed(3)}em}`);
  }
  return rules.join("\n");
}

/** Returns the names of the icons that saved widgets ask for. */
export function iconNames(state: unknown): string[] {
  const found = JSON.stringify(state ?? {}).matchAll(/"(?:icon|icons|font_awesome)":("[^"\\]*"|\[[^\]]*\])/g);
  return [...found]
    .flatMap(([, value]) => (value ?? "").match(/[a-z][a-z\d-]*/g) ?? [])
    .map((name) => name.replace(/^fa-/, ""));
}
