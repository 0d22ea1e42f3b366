import { createRequire } from "node:module";
import { beforeAll, describe, expect, test } from "vitest";
import { ShapeError, ValueError } from "../../src/errors.js";
import { integers, key, normal } from "../../src/random/index.js";
import { solveTransposableMask, transposableMask } from "../../src/sparsity/index.js";
import * as tensor from "../../src/tensor/index.js";
import { block, kept, lineSums } from "./oracles.js";

interface Certificate {
  /** Largest violation of complementary slackness, relative to the largest magnitude. */
  readonly slackness: number;
  /** Dual minus primal value, relative to the primal. */
  readonly gap: number;
  readonly feasible: boolean;
}

/** The optimality conditions of the linear program of one block, evaluated from their definition. */
function certify(w: tensor.Tensor, group: number, keep: number, row: number, column: number): Certificate {
  const { mask, rowPotentials, columnPotentials } = solveTransposableMask(w, { keep, group });
  const columns = w.shape[1] as number;
  const values = block(w.data, columns, group, row, column).map(Math.abs);
  const bits = block(mask.data, columns, group, row, column);
  const u = Array.from({ length: group }, (_, i) => tensor.at(rowPotentials, row * group + i, column));
  const v = Array.from({ length: group }, (_, j) => tensor.at(columnPotentials, row, column * group + j));
  let slackness = 0;
  let primal = 0;
  let dual = keep * [...u, ...v].reduce((sum, price) => sum + price, 0);
  values.forEach((value, at) => {
    const reduced = value - (u[Math.floor(at / group)] as number) - (v[at % group] as number);
    slackness = Math.max(slackness, bits[at] === 1 ? -reduced : reduced);
    primal += value * (bits[at] as number);
    dual += Math.max(0, reduced);
  });
  const lines = lineSums(bits, group);
  return {
    slackness: slackness / Math.max(...values, 1e-300),
    gap: Math.abs(dual - primal) / Math.max(primal, 1e-300),
    feasible: [...lines.rows, ...lines.columns].every((sum) => sum === keep),
  };
}

describe("the dual certificate proves every block optimal", () => {
  const sizes = [1, 2, 3, 4, 5, 7, 8, 12, 16, 24, 31, 32, 48, 63, 64];
  test.each(sizes)("group %i, every kind of keep, normal weights", (group) => {
    const keeps = [...new Set([0, 1, Math.floor(group / 3), group >> 1, group - 1, group])];
    for (const keep of keeps) {
      const w = normal(key(group * 100 + keep), [2 * group, 3 * group], { dtype: "float64" });
      for (const [row, column] of [
        [0, 0],
        [0, 2],
        [1, 1],
      ] as const) {
        const { slackness, gap, feasible } = certify(w, group, keep, row, column);
        expect(feasible).toBe(true);
        expect(slackness).toBeLessThan(1e-13);
        if (keep > 0) expect(gap).toBeLessThan(1e-12);
      }
    }
  });

  test.each([4, 8, 16, 64])("group %i, small integers: full of ties, and the certificate is exact", (group) => {
    const w = integers(key(group), [group, 2 * group], { low: -3, high: 4 });
    for (const keep of [1, group >> 1]) {
      expect(certify(w, group, keep, 0, 1)).toEqual({ slackness: 0, gap: 0, feasible: true });
    }
  });

  test("heavy tails: magnitudes over 60 orders", () => {
    const w = tensor.map(normal(key(60), [16, 32], { dtype: "float64" }), (x) => 10 ** (30 * Math.tanh(x)));
    const { slackness, gap, feasible } = certify(w, 16, 8, 0, 1);
    expect(feasible).toBe(true);
    expect(slackness).toBeLessThan(1e-13);
    expect(gap).toBeLessThan(1e-12);
  });
});

describe("against solvers that share no code", () => {
  const require = createRequire(import.meta.url);
  let highs: import("highs").LegacyHighs;
  beforeAll(async () => {
    highs = await (require("highs") as () => Promise<import("highs").LegacyHighs>)();
  });

  /** The linear program over 0 <= x <= 1, as HiGHS solves it: optimum and values. */
  function linearProgram(values: readonly number[], group: number, keep: number): { best: number; x: number[] } {
    const name = (at: number): string => `x${at}`;
    const range = Array.from({ length: group }, (_, i) => i);
    const sum = (places: number[]): string => places.map(name).join(" + ");
    const lines = range.flatMap((i) => [
      ` r${i}: ${sum(range.map((j) => i * group + j))} = ${keep}`,
      ` c${i}: ${sum(range.map((j) => j * group + i))} = ${keep}`,
    ]);
    const objective = values.map((value, at) => `${value.toFixed(12)} ${name(at)}`).join(" + ");
    const bounds = values.map((_, at) => ` 0 <= ${name(at)} <= 1`);
    const model = ["Maximize", ` obj: ${objective}`, "Subject To", ...lines, "Bounds", ...bounds, "End"].join("\n");
    const solution = highs.solve(model, { output_flag: false });
    expect(solution.Status).toBe("Optimal");
    const columns = solution.Columns as Record<string, { Primal: number }>;
    return { best: solution.ObjectiveValue, x: values.map((_, at) => columns[name(at)]?.Primal as number) };
  }

  test.each([
    [4, 2],
    [8, 4],
    [8, 3],
    [16, 8],
    [24, 5],
  ])("group %i, keep %i: the linear program of HiGHS has the same optimum, and it is integral", (group, keep) => {
    const w = normal(key(group + keep), [group, 3 * group], { dtype: "float64" });
    const { mask } = solveTransposableMask(w, { keep, group });
    for (let column = 0; column < 3; column++) {
      const values = block(w.data, 3 * group, group, 0, column).map(Math.abs);
      const { best, x } = linearProgram(values, group, keep);
      expect(kept(values, block(mask.data, 3 * group, group, 0, column))).toBeCloseTo(best, 8);
      expect(Math.max(...x.map((value) => Math.abs(value - Math.round(value))))).toBeLessThan(1e-9);
    }
  });

  test("min-cost-flow finds the same optimum on the graph of the paper (4:8, integer costs)", () => {
    type Edge = { from: string; to: string; capacity: number; cost: number };
    const { minCostFlow } = require("min-cost-flow") as {
      minCostFlow: (graph: Edge[], options: { desiredFlow: number }) => Required<Edge & { flow: number }>[];
    };
    const w = integers(key(48), [8, 24], { low: -1000, high: 1000 });
    const { mask } = solveTransposableMask(w, { keep: 4, group: 8 });
    for (let column = 0; column < 3; column++) {
      const values = block(w.data, 24, 8, 0, column).map(Math.abs);
      const graph: Edge[] = values.map((value, at) => ({
        from: `row${at >> 3}`,
        to: `column${at % 8}`,
        capacity: 1,
        cost: -value,
      }));
      for (let i = 0; i < 8; i++) {
        graph.push({ from: "SOURCE", to: `row${i}`, capacity: 4, cost: 0 });
        graph.push({ from: `column${i}`, to: "SINK", capacity: 4, cost: 0 });
      }
      const flows = minCostFlow(graph, { desiredFlow: 32 });
      const best = -flows.reduce((sum, { flow, cost }) => sum + flow * cost, 0);
      expect(kept(values, block(mask.data, 24, 8, 0, column))).toBe(best);
    }
  });
});

test("gives the mask of transposableMask, what it keeps, and prices of the documented shapes", () => {
  const w = normal(key(1), [16, 24]);
  const { mask, kept: total, rowPotentials, columnPotentials } = solveTransposableMask(w, { keep: 4, group: 8 });
  expect(mask).toEqual(transposableMask(w, { keep: 4, group: 8 }));
  expect(total).toBeCloseTo(kept(w.data, mask.data), 9);
  expect([rowPotentials.shape, columnPotentials.shape]).toEqual([
    [16, 3],
    [2, 24],
  ]);
});

test("refuses infinite weights, which have no finite prices, and everything transposableMask refuses", () => {
  const infinite = tensor.from([
    [1, 2],
    [3, Number.NEGATIVE_INFINITY],
  ]);
  expect(() => solveTransposableMask(infinite, { keep: 1, group: 2 })).toThrow(
    new ValueError("solveTransposableMask: -Infinity at position 3, expected magnitudes up to 2^1000"),
  );
  expect(() => solveTransposableMask(tensor.zeros([4, 6]))).toThrow(ShapeError);
  expect(() => solveTransposableMask(tensor.zeros([4]))).toThrow(ShapeError);
  expect(() => solveTransposableMask(tensor.full([4, 4], Number.NaN))).toThrow(
    "solveTransposableMask: NaN at row 0, column 0, expected numbers",
  );
});
