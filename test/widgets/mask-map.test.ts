/** Large masks: the pyramid of averages, masks a strip at a time, what is seen, what drags and keys mean. */
import { describe, expect, test } from "vitest";
import { key, normal } from "../../src/random/index.js";
import { from, type Tensor } from "../../src/tensor/index.js";
import { type Edit, type MaskKind, maskKinds, maskOf, withEdits } from "../../widgets/mask/compute.js";
import { paintPixels } from "../../widgets/mask/view-map-canvas.js";
import { colourOf, type Palette } from "../../widgets/mask/view-map-colours.js";
import {
  average,
  cellAt,
  createMap,
  finish,
  isKept,
  planLevels,
  putBits,
  putStrengths,
} from "../../widgets/mask/view-map-data.js";
import { mapKey, wheelFactor } from "../../widgets/mask/view-map-gestures.js";
import { solveMap, solveRegion } from "../../widgets/mask/view-map-solve.js";
import * as viewport from "../../widgets/mask/view-map-viewport.js";

const palette: Palette = {
  kept: { weak: [200, 220, 240], strong: [10, 40, 100] },
  pruned: { weak: [255, 255, 255], strong: [200, 200, 210] },
  ground: [7, 8, 9],
};

/** A map of a matrix that is no power of two, with bits that follow no pattern. */
function sampleMap(rows: number, columns: number) {
  const weights = normal(key(4), [rows, columns]);
  const mask = Uint8Array.from(weights.data, (w) => (w > 0.3 ? 1 : 0));
  const map = createMap(rows, columns);
  putStrengths(map, 0, weights.data, 2.5);
  putBits(map, mask, { row: 0, column: 0, height: rows, width: columns });
  finish(average(map, { row: 0, column: 0, height: rows, width: columns }));
  return { weights, mask, map };
}

describe("the map", () => {
  test("has a bit and a strength per weight, in any number of columns", () => {
    for (const columns of [1, 31, 32, 33, 70]) {
      const { weights, mask, map } = sampleMap(9, columns);
      const at = (i: number): [number, number] => [Math.floor(i / columns), i % columns];
      expect([...mask.keys()].map((i) => (isKept(map, ...at(i)) ? 1 : 0))).toEqual([...mask]);
      expect([...map.strengths]).toEqual([...weights.data].map((w) => Math.min(255, Math.round(Math.abs(w) * 102))));
    }
  });

  test("has levels that halve down to one cell and do not overlap", () => {
    const levels = planLevels(37, 70);
    expect(levels.map(({ width, height }) => [width, height])).toEqual([
      [35, 19],
      [18, 10],
      [9, 5],
      [5, 3],
      [3, 2],
      [2, 1],
      [1, 1],
    ]);
    const taken = new Set<string>();
    for (const { x, y, width, height } of levels) {
      for (let i = 0; i < width * height; i++) taken.add(`${x + (i % width)} ${y + Math.floor(i / width)}`);
    }
    expect(taken.size).toBe(levels.reduce((sum, { width, height }) => sum + width * height, 0));
  });

  test("shows a cell in the mean colour of its weights, at every level: nothing aliases", () => {
    const [rows, columns] = [37, 70];
    const { map } = sampleMap(rows, columns);
    for (const n of map.levels.keys()) {
      const level = n + 1;
      const side = 2 ** level;
      for (let row = 0; row < rows; row += side) {
        for (let column = 0; column < columns; column += side) {
          const sum = [0, 0, 0];
          let size = 0;
          for (let y = row; y < Math.min(rows, row + side); y++) {
            for (let x = column; x < Math.min(columns, column + side); x++, size++) {
              const strength = map.strengths[y * columns + x] as number;
              const { weak, strong } = isKept(map, y, x) ? palette.kept : palette.pruned;
              for (const c of [0, 1, 2] as const)
                sum[c] = (sum[c] as number) + weak[c] + ((strong[c] - weak[c]) * strength) / 255;
            }
          }
          const colour = colourOf(palette, ...cellAt(map, level, row, column));
          for (const c of [0, 1, 2] as const) {
            const mean = (sum[c] as number) / size;
            expect([level, row, column, Math.abs(colour[c] - mean) < 2.5]).toEqual([level, row, column, true]);
          }
        }
      }
    }
  });

  test("averages a changed region as it would the whole", () => {
    const { map } = sampleMap(37, 70);
    const region = { row: 8, column: 16, height: 12, width: 20 };
    putBits(map, new Uint8Array(240).fill(1), region);
    finish(average(map, region));
    const patched = map.atlas.slice();
    finish(average(map, { row: 0, column: 0, height: 37, width: 70 }));
    expect(patched).toEqual(map.atlas);
  });

  test.each([false, true])("is painted weight by weight and level by level, transposed: %s", (transposed) => {
    const { map } = sampleMap(37, 70);
    for (const level of [0, 2]) {
      const [width, height] = [23, 17];
      const pixels = new Uint32Array(width * height);
      paintPixels(pixels, width, height, map, { x: -3, y: 30, step: 2 ** level, level, transposed, palette });
      const [across, down] = transposed ? [37, 70] : [70, 37];
      pixels.forEach((pixel, i) => {
        const x = Math.floor(-3 + ((i % width) + 0.5) * 2 ** level);
        const y = Math.floor(30 + (Math.floor(i / width) + 0.5) * 2 ** level);
        const beside = x < 0 || x >= across || y >= down;
        const [row, column] = transposed ? [x, y] : [y, x];
        const wanted = beside ? palette.ground : colourOf(palette, ...cellAt(map, level, row, column));
        expect([pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255, pixel >>> 24]).toEqual([...wanted, 255]);
      });
    }
  });
});

describe("masks a strip at a time", () => {
  const weights = normal(key(8), [72, 264]);
  const pattern = { keep: 3, group: 6 };
  const edits: readonly Edit[] = [
    [70, 5, 9],
    [0, 263, -8.5],
  ];
  const wanted = (kind: MaskKind): number[] => [...maskOf(kind, withEdits(weights as Tensor, edits), pattern).data];

  test.each(maskKinds)("%s is that of the whole", (kind) => {
    const map = finish(solveMap(weights, { kind, pattern, edits }));
    const bits = wanted(kind);
    expect(bits.map((_, i) => (isKept(map, Math.floor(i / 264), i % 264) ? 1 : 0))).toEqual(bits);
    const magnitudes = [...withEdits(weights as Tensor, edits).data].map(Math.abs);
    expect(map.total).toBeCloseTo(
      magnitudes.reduce((a, b) => a + b, 0),
      6,
    );
    expect(map.kept).toBeCloseTo(
      magnitudes.reduce((sum, w, i) => sum + (bits[i] as number) * w, 0),
      6,
    );
  });

  test("the optimum of a region is that part of the optimum of the whole", () => {
    const region = { row: 12, column: 30, height: 60, width: 120 };
    const solved = finish(solveRegion(weights, region, { pattern, edits }));
    const whole = wanted("transposable");
    const part = [...Array(60 * 120).keys()].map((i) => whole[(12 + Math.floor(i / 120)) * 264 + 30 + (i % 120)]);
    expect([...solved.mask]).toEqual(part);
  });

  test("says how far it is, in steps that grow", () => {
    const seen = [...solveMap(weights, { kind: "row", pattern, edits: [] })];
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.every((share) => share >= 0 && share < 1)).toBe(true);
  });

  test("one outlier does not make the rest pale", () => {
    const { scale } = finish(
      solveMap(
        from([
          [1, 1],
          [1, 97],
        ]),
        { kind: "row", pattern: { keep: 1, group: 2 }, edits: [] },
      ),
    );
    expect(scale).toBe(97);
    const many = new Float32Array(400).fill(1);
    many[7] = 1000;
    const large = finish(
      solveMap(
        { data: many, shape: [20, 20], dtype: "float32" },
        { kind: "row", pattern: { keep: 1, group: 2 }, edits: [] },
      ),
    );
    expect(large.scale).toBeCloseTo((5 * 1399) / 400, 9);
  });
});

describe("what is seen", () => {
  const view = [600, 400] as const;
  const shown = [4096, 2048] as const;

  test("at first is everything, in the middle", () => {
    const all = viewport.viewAll(view, shown);
    expect(all.scale).toBeCloseTo(600 / 4096, 12);
    expect([all.x, all.y]).toEqual([0, (2048 - 400 / all.scale) / 2]);
    expect(viewport.seenPart(all, view, shown)).toEqual([0, 0, 4096, 2048]);
  });

  test("of a matrix whose values can be read has room for the numbers of rows and columns", () => {
    const all = viewport.viewAll([1060, 460], [24, 12]);
    expect(all.scale).toBeCloseTo((460 - 18) / 12, 9);
    expect(-all.y * all.scale).toBeCloseTo(18, 9);
    expect(-all.x * all.scale).toBeGreaterThanOrEqual(36);
    // Too small for both: all is shown, without values.
    expect(viewport.viewAll([980, 460], [32, 12])).toMatchObject({ x: (32 - 980 / 30) / 2, scale: 30 });
  });

  test("zooming keeps what is under the pointer there, and moving back undoes moving", () => {
    const point = [100, 250] as const;
    const near = viewport.zoomAt(viewport.viewAll(view, shown), 40, point, view, shown);
    const nearer = viewport.zoomAt(near, 1.7, point, view, shown);
    expect(viewport.cellUnder(nearer, point, shown)).toEqual(viewport.cellUnder(near, point, shown));
    const there = viewport.moveBy(nearer, [-31, 17], view, shown);
    const back = viewport.moveBy(there, [31, -17], view, shown);
    expect([back.x, back.y]).toEqual([expect.closeTo(nearer.x, 9), expect.closeTo(nearer.y, 9)]);
  });

  test("never leaves the matrix, and is never nearer or farther than it may be", () => {
    let at = viewport.zoomAt(viewport.viewAll(view, shown), 1e9, [0, 0], view, shown);
    expect(at.scale).toBe(viewport.largestScale);
    at = viewport.moveBy(at, [1e9, 1e9], view, shown);
    // The first row and column come out from under the numbers.
    expect([at.x * at.scale, at.y * at.scale]).toEqual([-36, -18]);
    at = viewport.moveBy(at, [-1e9, -1e9], view, shown);
    expect([at.x + 600 / at.scale, at.y + 400 / at.scale]).toEqual([4096, 2048]);
    expect(viewport.isFit(viewport.zoomAt(at, 1e-9, [5, 5], view, shown), view, shown)).toBe(true);
  });

  test("is moved as little as needed to reveal a part", () => {
    const at = { x: 100, y: 100, scale: 10 };
    expect(viewport.reveal(at, [110, 105, 16, 16], view, shown)).toEqual(at);
    expect(viewport.reveal(at, [200, 20, 16, 16], view, shown)).toEqual({ x: 156, y: 20, scale: 10 });
    const near = { x: 100, y: 100, scale: 36 };
    expect(viewport.reveal(near, [64, 64, 8, 8], view, shown)).toEqual({ x: 63, y: 63.5, scale: 36 });
  });

  test("uses the level whose cells are as wide as a pixel of the screen, or the next wider", () => {
    expect([64, 1, 0.5, 0.49, 0.1, 0.001].map((scale) => viewport.levelFor(scale, 1, 12))).toEqual([0, 0, 1, 2, 4, 10]);
    expect(viewport.levelFor(0.5, 0.5, 12)).toBe(0);
    expect(viewport.levelFor(1e-9, 1, 7)).toBe(7);
  });
});

test("keys and wheel", () => {
  const press = (name: string, shiftKey = false, altKey = false) => mapKey({ key: name, shiftKey, altKey });
  expect(press("ArrowRight")).toEqual({ move: [-0.125, -0] });
  expect(press("ArrowUp", true)).toEqual({ tile: [0, -1], fine: false });
  expect(press("ArrowUp", true, true)).toEqual({ tile: [0, -1], fine: true });
  expect([press("+"), press("-"), press("Home"), press("Enter"), press("x"), press("constructor")]).toEqual([
    { zoom: 1.5 },
    { zoom: 1 / 1.5 },
    { fit: true },
    { choose: true },
    undefined,
    undefined,
  ]);
  const wheel = (deltaY: number, deltaMode = 0) => wheelFactor({ deltaY, deltaMode, ctrlKey: false });
  expect([wheel(-300), wheel(300), wheel(0), wheel(-1e9)]).toEqual([2, 0.5, 1, 2 ** (400 / 300)]);
  expect(wheel(3, 1)).toBe(wheel(48));
});
