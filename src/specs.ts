/** Charts as specifications: the front end draws them. */
import { bundle, type Displayable, type Json } from "./display.js";
import { ValueError } from "./errors.js";

/** A Plotly figure: traces, and how they are laid out. */
export interface PlotlyFigure {
  readonly data: readonly object[];
  readonly layout?: object;
  readonly config?: object;
  readonly frames?: readonly object[];
}

/** Deeper ones are mistakes, and no front end reads them. */
const maxDepth = 500;

const schema = /^https?:\/\/vega\.github\.io\/schema\/(vega|vega-lite)\/v(\d+)(?:\.[\d.]+)?\.json$/;

/**
 * Shows a Plotly figure. Typed arrays and tensors in it become lists of numbers; NaN and infinities become gaps.
 * @throws ValueError when there is no list of traces, or for what JSON cannot hold (a function, a cycle, 500 levels)
 * @example plotly({ data: [{ type: "heatmap", z: random.normal(random.key(1), [8, 12]) }] })
 */
export function plotly(figure: PlotlyFigure): Displayable {
  if (!Array.isArray(figure?.data)) throw new ValueError("plotly: no data, expected { data: [traces], layout? }");
  const odd = figure.data.findIndex((trace: unknown) => typeof trace !== "object" || trace === null);
  if (odd >= 0) throw new ValueError(`plotly: ${String(figure.data[odd])} as trace ${odd}, expected an object`);
  const spec = plain({ layout: {}, ...figure }, "plotly", []);
  const kinds = figure.data.map((trace) => String((trace as { type?: unknown }).type ?? "scatter"));
  return bundle({
    "application/vnd.plotly.v1+json": spec,
    "text/plain": `Plotly figure: ${kinds.length === 0 ? "empty" : kinds.join(", ")}`,
  });
}

/**
 * Shows a Vega-Lite chart, with the data in the specification; typed arrays become lists of numbers.
 * @param spec with or without `$schema`; default: Vega-Lite 5
 * @throws ValueError when `$schema` names something else, or for what JSON cannot hold (a function, a cycle, 500 levels)
 * @example vegaLite({ data: { values: [{ a: 1 }, { a: 4 }] }, mark: "point", encoding: { x: { field: "a", type: "quantitative" } } })
 */
export function vegaLite(spec: object): Displayable {
  return vegaBundle("vegaLite", "vega-lite", 5, spec);
}

/**
 * Shows a Vega chart.
 * @param spec with or without `$schema`; default: Vega 5
 * @throws ValueError when `$schema` names something else, or for what JSON cannot hold (a function, a cycle, 500 levels)
 * @example vega({ width: 100, height: 100, marks: [{ type: "rect", encode: { enter: { width: { value: 50 }, height: { value: 80 } } } }] })
 */
export function vega(spec: object): Displayable {
  return vegaBundle("vega", "vega", 5, spec);
}

/** Returns the chart of a value whose `$schema` is Vega's or Vega-Lite's; undefined for any other value. */
export function chartOf(value: object): Displayable | undefined {
  const { $schema } = value as { readonly $schema?: unknown };
  const kind = typeof $schema === "string" ? schema.exec($schema)?.[1] : undefined;
  if (kind === undefined) return undefined;
  return kind === "vega" ? vega(value) : vegaLite(value);
}

function vegaBundle(name: string, kind: "vega" | "vega-lite", version: number, spec: object): Displayable {
  if (typeof spec !== "object" || spec === null || Array.isArray(spec)) {
    throw new ValueError(
      `${name}: ${Array.isArray(spec) ? "an array" : String(spec)}, expected a specification (an object)`,
    );
  }
  const { $schema = `https://vega.github.io/schema/${kind}/v${version}.json` } = spec as { readonly $schema?: unknown };
  const found = schema.exec(String($schema));
  if (found?.[1] !== kind) {
    throw new ValueError(`${name}: $schema "${String($schema)}", expected one of vega.github.io/schema/${kind}`);
  }
  const type = `application/vnd.${kind.replace("-", "")}.v${found[2]}+json`;
  const chart = kind === "vega" ? "Vega chart" : "Vega-Lite chart";
  return bundle({ [type]: plain({ ...spec, $schema }, name, []), "text/plain": `${chart}${titleOf(spec)}` });
}

function titleOf(spec: object): string {
  const { title } = spec as { readonly title?: unknown };
  const text = typeof title === "object" && title !== null ? (title as { text?: unknown }).text : title;
  return typeof text === "string" ? `: ${text}` : "";
}

/** JSON of a value: typed arrays and tensors as (nested) lists, dates as text, numbers that are not finite as null. */
function plain(value: unknown, name: string, path: readonly unknown[]): Json | undefined {
  if (value === null || typeof value === "boolean" || typeof value === "string" || value === undefined) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object") throw new ValueError(`${name}: a ${typeof value} in the specification, expected JSON`);
  if (path.includes(value)) throw new ValueError(`${name}: the specification contains itself, expected JSON`);
  if (path.length > maxDepth) throw new ValueError(`${name}: more than ${maxDepth} levels, expected fewer`);
  if (value instanceof Date) return value.toISOString();
  const inside = [...path, value];
  if (ArrayBuffer.isView(value)) return list(value as unknown as ArrayLike<number>);
  if (Array.isArray(value)) return value.map((item) => plain(item, name, inside) ?? null);
  const { data, shape } = value as { readonly data?: unknown; readonly shape?: unknown };
  if (ArrayBuffer.isView(data) && Array.isArray(shape))
    return nested(list(data as unknown as ArrayLike<number>), shape);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, name, inside)]));
}

function list(data: ArrayLike<number | bigint>): Json[] {
  return Array.from(data, (value) => (Number.isFinite(Number(value)) ? Number(value) : null));
}

function nested(values: Json[], shape: readonly number[]): Json {
  if (shape.length === 0) return values[0] ?? null;
  return shape
    .slice(1)
    .reverse()
    .reduce<Json[]>((flat, size) => {
      return Array.from({ length: flat.length / size }, (_, i) => flat.slice(i * size, (i + 1) * size));
    }, values);
}
