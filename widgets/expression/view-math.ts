/** Formulas as mathematics on the page. */
import { type Formula, type MathNode, mathOf } from "./compute.js";

const namespace = "http://www.w3.org/1998/Math/MathML";

/** Returns `left = formula` as a `<math>` element; `left` is written as it is, a fraction for a derivative. */
export function mathElement(left: MathNode, formula: Formula): Element {
  const math = document.createElementNS(namespace, "math");
  math.setAttribute("displaystyle", "true");
  math.append(draw({ tag: "mrow", children: [left, { tag: "mo", text: "=" }, mathOf(formula)] }));
  return math;
}

/** `f(x, y)` */
export function functionOf(variables: readonly string[]): MathNode {
  const names = variables.flatMap((name, i): MathNode[] => [
    ...(i === 0 ? [] : [{ tag: "mo", text: "," } as const]),
    { tag: "mi", text: name },
  ]);
  return {
    tag: "mrow",
    children: [{ tag: "mi", text: "f" }, { tag: "mo", text: "(" }, ...names, { tag: "mo", text: ")" }],
  };
}

/** `∂f/∂x` */
export function partialBy(variable: string): MathNode {
  const over = (name: string): MathNode => ({
    tag: "mrow",
    children: [
      { tag: "mo", text: "∂" },
      { tag: "mi", text: name },
    ],
  });
  return { tag: "mfrac", children: [over("f"), over(variable)] };
}

function draw({ tag, text, children = [] }: MathNode): Element {
  const node = document.createElementNS(namespace, tag);
  if (text !== undefined) node.textContent = text;
  node.append(...children.map(draw));
  return node;
}
