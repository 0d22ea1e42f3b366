/** The chosen value: its bits as a float32 and in the format, its neighbours, and why it became which of them. */
import { element, setText } from "../dom/elements.js";
import { createSvg, patchSvg } from "../dom/svg.js";
import { type SvgNode, svgNode } from "../lib/svg-node.js";
import { targetIn } from "./compute-chunks.js";
import { type Bits, bitsOf, bitsOfSingle, type Inspection } from "./compute-inspect.js";
import { indicesOf, partOf, wholePlace } from "./saved.js";
import { exactText, numberText, powerText, reasonText, roundText } from "./snapshot-text.js";
import type { Result } from "./view-analysis.js";
import { screenColours } from "./view-colours.js";

/** What is shown of a value. */
export interface BitsShown {
  readonly result: Result;
  readonly found: Inspection;
}

/** The panel of one value. */
export function createBits(): { readonly element: HTMLElement; draw(shown: BitsShown): void } {
  const title = element("h4", { class: "lowbit-micro-title" });
  const [before, after] = [createWord("value"), createWord("code")];
  const steps = element("ol", { class: "lowbit-micro-steps" });
  const picture = createSvg(svgNode("svg"));
  const reason = element("p", { class: "lowbit-micro-reason", role: "status", "aria-live": "polite" });
  const body = element("div", { class: "lowbit-micro-why" }, picture, element("div", {}, reason, steps));
  return {
    element: element(
      "section",
      { class: "lowbit-micro-bits", "aria-label": "one value" },
      title,
      before.element,
      after.element,
      body,
    ),
    draw(shown) {
      const { result, found } = shown;
      const { settings, values } = result;
      const { format, name } = targetIn(settings);
      setText(title, titleOf(shown));
      const single = Math.fround(found.value);
      const rounded = values.dtype === "float64" && single !== found.value ? " nearest to the float64" : "";
      before.draw(`float32${rounded}`, bitsOfSingle(single), single, 127);
      const code = `0x${found.code.toString(16).padStart(Math.ceil(format.bits / 4), "0")}`;
      const element = name === format.name ? name : `${name}, element ${format.name}`;
      after.draw(`${element}: code ${code}`, bitsOf(format, found.code, found.element), found.element, found.code);
      patchSvg(picture, drawGap(found));
      setText(reason, reasonText(found, settings));
      patchSteps(steps, stepsOf(found));
    },
  };
}

function titleOf({ result, found }: BitsShown): string {
  const { values } = result;
  const place = wholePlace(values, found.place);
  const shape = partOf(values)?.shape ?? values.shape;
  const at = shape.length > 1 ? `[${indicesOf(shape, place).join(", ")}]` : String(place);
  return `Value ${at}: ${numberText(found.value)} becomes ${numberText(found.result)}`;
}

function patchSteps(list: HTMLElement, steps: readonly string[]): void {
  while (list.children.length > steps.length) list.lastElementChild?.remove();
  for (const [i, step] of steps.entries()) {
    if (i >= list.children.length) list.append(element("li"));
    setText(list.children[i] as Element, step);
  }
  list.hidden = steps.length === 0;
}

/** Where a scale comes in: division, rounding, multiplication; nothing without one. */
function stepsOf({ value, scale, scaled, element: rounded, result }: Inspection): string[] {
  if (scale === 1 || !(scale > 0)) return [];
  return [
    `${numberText(value)} ÷ scale ${numberText(scale)} = ${numberText(scaled)}`,
    `rounded: ${numberText(rounded)}`,
    `${numberText(rounded)} × ${numberText(scale)} = ${numberText(result)}, error ${roundText(result - value)}`,
  ];
}

interface Word {
  readonly element: HTMLElement;
  draw(name: string, bits: Bits, value: number, key: number): void;
}

/** A line of bits with their weights, and the formula. */
function createWord(kind: string): Word {
  const name = element("span", { class: "lowbit-micro-name" });
  const cells = element("span", { class: "lowbit-micro-cells", role: "img" });
  const formula = element("div", { class: "lowbit-micro-formula", "data-formula": kind });
  let drawn = "";
  return {
    element: element("div", { class: "lowbit-micro-word", "data-word": kind }, name, cells, formula),
    draw(text, bits, value) {
      setText(name, text);
      const wanted = JSON.stringify([bits, numberText(value)]);
      if (wanted === drawn) return;
      drawn = wanted;
      cells.replaceChildren(...cellsOf(bits));
      cells.classList.toggle("long", isLong(bits));
      cells.setAttribute("aria-label", labelOf(bits));
      formula.replaceChildren(...formulaOf(bits, value));
    },
  };
}

function labelOf({ kind, sign, exponent, mantissa }: Bits): string {
  if (kind === "integer") return `bits ${sign}${mantissa}`;
  return [sign && `sign ${sign}`, `exponent ${exponent}`, mantissa && `mantissa ${mantissa}`]
    .filter(Boolean)
    .join(", ");
}

/** Too many bits to write their weights below them. */
function isLong({ sign, exponent, mantissa }: Pick<Bits, "sign" | "exponent" | "mantissa">): boolean {
  return sign.length + exponent.length + mantissa.length > 16;
}

function cellsOf({ kind, sign, exponent, mantissa }: Bits): HTMLElement[] {
  const whole = mantissa.length;
  const parts: [string, string, (i: number) => string][] =
    kind === "integer"
      ? [
          ["sign", sign, () => `−${powerOr(whole)}`],
          ["mantissa", mantissa, (i) => powerOr(whole - 1 - i)],
        ]
      : [
          ["sign", sign, () => "±"],
          ["exponent", exponent, (i) => powerOr(exponent.length - 1 - i)],
          ["mantissa", mantissa, (i) => powerText(-1 - i)],
        ];
  const long = isLong({ sign, exponent, mantissa });
  return parts.flatMap(([field, bits, weight]) =>
    [...bits].map((bit, i) =>
      element(
        "span",
        { class: `lowbit-micro-bit ${field}${bit === "1" ? " one" : ""}`, "data-tip": `${field}: ${weight(i)}` },
        element("b", {}, bit),
        ...(long ? [] : [element("small", {}, weight(i))]),
      ),
    ),
  );
}

function powerOr(exponent: number): string {
  return exponent <= 10 ? String(2 ** exponent) : powerText(exponent);
}

/** (−1)^s × 2^(field − bias) × 1.m = value, with numbers. */
function formulaOf(bits: Bits, value: number): (Node | string)[] {
  const { kind, sign, field, bias, power, significand, mantissa } = bits;
  const result = ` = ${numberText(value)}`;
  if (kind === "integer") {
    const ones = [...`${sign}${mantissa}`].flatMap((bit, i) => {
      const weight = 2 ** (sign.length + mantissa.length - 1 - i);
      return bit === "0" ? [] : [i === 0 && sign === "1" ? `−${weight}` : String(weight)];
    });
    return [`${ones.join(" + ") || "0"}${result}`];
  }
  const signed = sign === "" ? [] : ["(−1)", element("sup", {}, sign), " × "];
  if (kind === "nan") return ["not a number: NaN"];
  if (kind === "infinity") return [...signed, `exponent all ones, mantissa 0${result}`];
  const exponent = kind === "normal" ? `${field} − ${bias}` : `1 − ${bias}`;
  const words = kind === "normal" ? "" : kind === "zero" ? " (zero)" : " (subnormal: no leading 1)";
  return [
    ...signed,
    "2",
    element("sup", {}, exponent),
    ` × ${exactText(significand)}`,
    ` = ${sign === "1" ? "−" : ""}${powerText(power)} × ${exactText(significand)}`,
    result,
    words,
  ];
}

const size = { width: 300, height: 74 };
const gap = { left: 40, right: size.width - 40, y: 40 };

/** The step between the neighbours, its middle, and where the value lies in it. */
function drawGap(found: Inspection): SvgNode {
  const { scaled, below, above } = found;
  const { left, right, y } = gap;
  const label = `${numberText(scaled)} between ${numberText(below ?? Number.NaN)} and ${numberText(above ?? Number.NaN)}`;
  const viewBox = `0 0 ${size.width} ${size.height}`;
  const attributes = { class: "lowbit-micro-gap", ...size, viewBox, role: "img", "aria-label": label };
  if (below !== null && below === above) {
    const middle = size.width / 2;
    return svgNode("svg", attributes, axisLine(), neighbour(middle, found, below), point(middle, scaled));
  }
  const middle = (left + right) / 2;
  const between = below !== null && above !== null;
  // Beyond the last value the point stands outside.
  const share = below === null ? -0.08 : above === null ? 1.08 : (scaled - below) / (above - below);
  return svgNode(
    "svg",
    attributes,
    axisLine(),
    below === null ? undefined : neighbour(left, found, below),
    above === null ? undefined : neighbour(right, found, above),
    between
      ? svgNode("path", { d: `M${middle} ${y - 5}v10`, stroke: screenColours.muted, "stroke-dasharray": "2 2" })
      : undefined,
    point(left + share * (right - left), scaled),
  );
}

/** One of the neighbours; the one that was taken stands out. */
function neighbour(x: number, { element: rounded }: Inspection, value: number): SvgNode {
  const chosen = value === rounded;
  const fill = chosen ? screenColours.chosen : screenColours.text;
  const text = numberText(value);
  // A long number is kept within the picture.
  const anchor = text.length < 10 || x === size.width / 2 ? "middle" : x < size.width / 2 ? "start" : "end";
  const at = anchor === "start" ? 2 : anchor === "end" ? size.width - 2 : x;
  const words = { x: at, y: gap.y + 25, "text-anchor": anchor, "font-size": 12, fill };
  return svgNode(
    "g",
    {},
    svgNode("path", { d: `M${x} ${gap.y - 9}v18`, stroke: fill, "stroke-width": chosen ? 4 : 2 }),
    svgNode("text", { ...words, "font-weight": chosen ? 700 : 400 }, text),
  );
}

function axisLine(): SvgNode {
  return svgNode("path", { d: `M${gap.left - 30} ${gap.y}H${gap.right + 30}`, stroke: screenColours.line });
}

/** The value itself, on the line. */
function point(x: number, value: number): SvgNode {
  const anchor = x < 90 ? "start" : x > size.width - 90 ? "end" : "middle";
  const at = x + (anchor === "start" ? -12 : anchor === "end" ? 12 : 0);
  const words = { x: at, y: gap.y - 16, "text-anchor": anchor, "font-size": 12, fill: screenColours.point };
  return svgNode(
    "g",
    {},
    svgNode("circle", { cx: x, cy: gap.y, r: 5, fill: screenColours.point }),
    svgNode("text", words, numberText(value)),
  );
}
