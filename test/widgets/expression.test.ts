/** Formulas that a person types: read safely, evaluated, differentiated, and told about in words. */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { LowbitError } from "../../src/errors.js";
import { key, uniform } from "../../src/random/index.js";
import { evaluate, functions, mathOf, variablesOf } from "../../widgets/expression/compute.js";
import { FormulaError, parseFormula, textOf } from "../../widgets/expression/compute-parse.js";
import { closeAll, Expression } from "../../widgets/index.js";
import { chromium, need } from "../support/peers.js";
import { close, open } from "./playground.js";

afterAll(async () => {
  closeAll();
  await close();
});

/** Formulas, the same as plain JavaScript, and where they are smooth. */
const samples: readonly (readonly [string, (x: number, y: number) => number])[] = [
  ["x^3 - 2 x + 1", (x) => x ** 3 - 2 * x + 1],
  ["(x^2 - 1)^2 + y^2 + 0.3 x", (x, y) => (x * x - 1) ** 2 + y * y + 0.3 * x],
  ["-x^2", (x) => -(x ** 2)],
  ["2^-x", (x) => 2 ** -x],
  ["x / (1 + y) / 2", (x, y) => x / (1 + y) / 2],
  ["exp(-x^2 / 2) / sqrt(2 pi)", (x) => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI)],
  ["log(x) + log(y, 10) + log2(x) + log10(y)", (x, y) => Math.log(x) + Math.log10(y) + Math.log2(x) + Math.log10(y)],
  ["sin(x) cos(y) + tan(x)", (x, y) => Math.sin(x) * Math.cos(y) + Math.tan(x)],
  ["asin(x / 9) + acos(y / 9) + atan(x)", (x, y) => Math.asin(x / 9) + Math.acos(y / 9) + Math.atan(x)],
  ["sinh(x) + cosh(y) + tanh(x y)", (x, y) => Math.sinh(x) + Math.cosh(y) + Math.tanh(x * y)],
  ["sec(x) + csc(x) + cot(x) + sech(x)", (x) => 1 / Math.cos(x) + 1 / Math.sin(x) + 1 / Math.tan(x) + 1 / Math.cosh(x)],
  ["abs(x - 5) + cbrt(x) + sqrt(y)", (x, y) => Math.abs(x - 5) + Math.cbrt(x) + Math.sqrt(y)],
  ["clip(3 x - 4, y)", (x, y) => Math.min(Math.max(3 * x - 4, -y), y)],
  ["min(x, y^2) + max(2 x, y) * x", (x, y) => Math.min(x, y * y) + Math.max(2 * x, y) * x],
  ["relu(x - y) + sigmoid(2 x)", (x, y) => Math.max(x - y, 0) + 1 / (1 + Math.exp(-2 * x))],
  ["x < y ? x^2 : y x", (x, y) => (x < y ? x * x : y * x)],
  ["(x >= 1) + (y <= 2) + (x > y) x", (x, y) => Number(x >= 1) + Number(y <= 2) + Number(x > y) * x],
  [
    "sign(x - 1) * x + floor(x) + ceil(y) + round(x)",
    (x, y) => Math.sign(x - 1) * x + Math.floor(x) + Math.ceil(y) + Math.round(x),
  ],
  ["pow(x, y)", (x, y) => x ** y],
  ["tau e + pi", () => 2 * Math.PI * Math.E + Math.PI],
];

/** Places without a kink of the samples nearby; positive, because some take logarithms. */
const xs = uniform(key(5), [40], { low: 0.3, high: 1.4, dtype: "float64" }).data;
const ys = uniform(key(6), [40], { low: 0.3, high: 1.4, dtype: "float64" }).data;

describe("a formula", () => {
  test.each(samples)("%s has the values of plain JavaScript, and comes back from its text", async (text, plain) => {
    const { formula } = await parseFormula(text);
    const found = evaluate(formula, { x: xs, y: ys });
    const again = evaluate((await parseFormula(textOf(formula))).formula, { x: xs, y: ys });
    // A formula without variables has its one value everywhere.
    for (let i = 0; i < xs.length; i++) {
      expect(found[i]).toBeCloseTo(plain(xs[i] as number, ys[i] as number), 11);
      expect(again[i]).toBe(found[i]);
    }
  });

  test.each(samples)("%s has the derivatives that central differences give", async (text, plain) => {
    const parsed = await parseFormula(text);
    for (const name of variablesOf(parsed.formula)) {
      const slope = evaluate(parsed.derivative(name), { x: xs, y: ys });
      let compared = 0;
      for (let i = 0; i < xs.length; i++) {
        const [x, y] = [xs[i] as number, ys[i] as number];
        const at = (step: number): number => (name === "x" ? plain(x + step, y) : plain(x, y + step));
        const [h, wide] = [1e-5, 1e-3];
        const difference = (at(h) - at(-h)) / (2 * h);
        // Next to a kink or a step the wide difference is another one.
        const sides = [(at(wide) - at(0)) / wide, (at(0) - at(-wide)) / wide] as const;
        if (Math.abs(sides[0] - sides[1]) > 0.1 * Math.max(1, Math.abs(difference))) continue;
        expect(Math.abs((slope[i] as number) - difference)).toBeLessThan(1e-6 * Math.max(1, Math.abs(difference)));
        compared++;
      }
      expect(compared).toBeGreaterThan(30);
    }
  });

  test("has a second derivative: that of x^4 is 12 x^2", async () => {
    const f = await new Expression({ formula: "x^4" }).compile();
    const second = f.derivative("x").derivative("x");
    expect([...second.evaluate({ x: [0, 1, -2] }).data]).toEqual([0, 12, 48]);
  });

  test.each<[string, number, string]>([
    ["", 1, "nothing is typed"],
    ["2 + * x", 5, "value expected"],
    ["(x + 1", 7, "parenthesis ) expected"],
    ["x + foo(2)", 5, "no function foo"],
    ["x = 3", 3, "an assignment"],
    ["f(x) = x", 6, "a function of your own"],
    ["x.constructor", 2, "a property"],
    ["x[1]", 2, "a property or an index"],
    ["[1, 2]", 1, "a list"],
    ["x; 2", 2, "several formulas"],
    ['"text"', 2, "expected a number"],
    ["1e400 x", 1, "a number above 1.8e308"],
    ["3!", 2, "the operator !"],
    ["1:5", 2, "a range"],
    ["0 < x < 1", 3, "several comparisons"],
    ["clip(x)", 1, "clip of 1"],
    ["2 + sin", 5, "sin without its brackets"],
    ['import("fs")', 1, "no function import"],
    ['eval("1")', 1, "no function eval"],
    ["constructor(1)", 1, "no function constructor"],
    ["toString(1)", 1, "no function toString"],
    ["{a: 1}", 1, "an object"],
    ["x'", 2, "the operator '"],
    ["__proto__", 1, "the name __proto__"],
  ])("%s is refused at column %i: %s", async (text, column, words) => {
    const error = await parseFormula(text).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FormulaError);
    expect((error as FormulaError).message.toLowerCase()).toContain(words.toLowerCase());
    expect((error as FormulaError).column).toBe(column);
  });

  test("of any text is read or refused with a typed error, and what is read can be evaluated", async () => {
    const pieces = [
      ..."xya().,+-*/^<>=!?:;[]{}'\"\\ 019e",
      "sin(",
      "clip(x, ",
      "1e999",
      "0x1f",
      "2 cm",
      "not ",
      " and ",
      " to ",
      "ans",
      "i",
      "NaN",
      "Infinity",
      "null",
      "x.y",
      "(((((",
      "--",
      "^^",
      "?1:",
      "é",
      "constructor",
      "__proto__",
    ];
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(text, async (typed) => {
        try {
          const { formula, derivative } = await parseFormula(typed);
          const inputs = Object.fromEntries(variablesOf(formula).map((name) => [name, 0.5]));
          expect(evaluate(formula, inputs)).toHaveLength(1);
          mathOf(formula);
          mathOf(derivative("x"));
        } catch (error) {
          if (!(error instanceof LowbitError)) throw new Error(`${JSON.stringify(typed)}: ${String(error)}`);
        }
      }),
      { seed: 11, numRuns: 3000 },
    );
  });

  test.each([
    ["1".repeat(501), "501 characters"],
    [`${"(".repeat(200)}x${")".repeat(200)}`, "200 brackets"],
    [Array(200).fill("x").join("+"), "399 parts"],
    ["-".repeat(300) + 1, "300 brackets"],
  ])("that is too long or too deep is refused before it can take time (%#)", async (text, words) => {
    await expect(parseFormula(text)).rejects.toThrow(words);
  });

  test("every function that is listed can be called", async () => {
    for (const [name, { inputs }] of Object.entries(functions)) {
      if (!/^[a-z]/.test(name) || name === "negative") continue;
      for (const count of inputs) {
        const { formula } = await parseFormula(`${name}(${Array(count).fill("x").join(", ")})`);
        expect(evaluate(formula, { x: 0.5 })[0]).toEqual(expect.any(Number));
      }
    }
  });
});

describe("the kernel half", () => {
  test("evaluates tensors in their shape, with the parameters of now", async () => {
    const expression = new Expression({ formula: "a x^2", parameters: { a: 3 } });
    const x = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3], dtype: "float32" } as const;
    expect(await expression.evaluate(x)).toEqual({
      data: Float64Array.of(3, 12, 27, 48, 75, 108),
      shape: [2, 3],
      dtype: "float64",
    });
    expression.parameters = { a: -1 };
    expect((await expression.evaluate({ x: 2 })).data[0]).toBe(-4);
    expect((await expression.evaluate({ x: 2, a: 5 })).data[0]).toBe(20);
    expect((await expression.derivative("x")).evaluate({ x: 2 }).data[0]).toBe(-4);
    await expect(expression.evaluate({ a: 1 })).rejects.toThrow("Expression.evaluate: nothing for x");
    await expect(expression.evaluate({ x: [1, 2], a: [1] })).rejects.toThrow("expected");
  });

  test("checks what does not need the parser at once", () => {
    expect(() => new Expression({ formula: "x".repeat(501) })).toThrow("at most 500");
    expect(() => new Expression({ domain: [[1, 1]] })).toThrow("a low end below the high one");
    expect(() => new Expression({ variables: ["x", "y", "z"] })).toThrow("one or two names");
    expect(new Expression({ variables: ["x", "y"], domain: [[0, 2]] }).domain).toEqual([
      [0, 2],
      [-1, 1],
    ]);
    expect(new Expression({ formula: "a x", parameters: { a: 2 } }).mimeBundle()["text/plain"]).toBe(
      "f(x) = a x, a = 2",
    );
  });
});

describe("the view", () => {
  test("shows what is typed as mathematics with its derivatives and a curve, and says what is wrong and where", {
    timeout: 60_000,
  }, async (context) => {
    const { page, complaints } = await open(need(context, chromium()), "expression-2");
    const rows = page.locator(".lowbit-expression-math math");
    await expect.poll(() => rows.allTextContents()).toHaveLength(3);
    expect((await rows.first().textContent())?.replaceAll(/\s/g, "")).toBe("f(x)=clip(x,a)");
    const field = page.getByLabel("Formula");
    await field.fill("a x^2");
    await expect.poll(async () => (await rows.allTextContents())[2]).toContain("2");
    expect(await rows.nth(0).locator("msup").count()).toBe(1);
    const curve = (): Promise<number[]> =>
      page.locator(".lowbit-plot").evaluate((el) => {
        const { x, y } = (el as unknown as { data?: { x: Float64Array; y: Float64Array }[] }).data?.[0] ?? {
          x: [],
          y: [],
        };
        return [y.length, x[0] as number, y[0] as number, y[200] as number];
      });
    await expect.poll(curve).toEqual([401, -3, 9, 0]);
    await page.getByLabel("a", { exact: true }).fill("2");
    await page.keyboard.press("Tab");
    await expect.poll(curve).toEqual([401, -3, 18, 0]);
    await field.fill("a x^^2");
    await expect.poll(() => page.getByRole("alert").textContent()).toBe("value expected (column 5)");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await page.locator(".lowbit-expression-caret").textContent()).toBe("a x^^2\n    ↑");
    await field.fill("a + height");
    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toBe("no variable height, expected one of x, a (column 5)");
    await field.fill("sqrt(-9) x");
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("no finite value in this range");
    await page.getByLabel("begin with").selectOption({ label: "Loss surface f(x, y)" });
    await expect
      .poll(() => page.locator(".lowbit-plot .contourlayer, .lowbit-plot .heatmaplayer image").count())
      .toBeGreaterThan(0);
    await expect.poll(() => page.getByRole("alert").count()).toBe(0);
    expect(complaints.filter((text) => !text.startsWith("Canvas2D"))).toEqual([]);
    await page.close();
  });
});
