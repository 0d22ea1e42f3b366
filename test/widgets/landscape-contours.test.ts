import { describe, expect, test } from "vitest";
import { integers, key, normal } from "../../src/random/index.js";
import { arange, map } from "../../src/tensor/index.js";
import {
  type ContourLine,
  contourLines,
  contourRegions,
  type Grid,
} from "../../widgets/loss-landscape/compute-contours.js";

/** A grid of normal heights; with `gaps`, some are NaN. */
function randomGrid(seed: number, rows: number, columns: number, gaps = false): Grid {
  const heights = normal(key(seed), [rows * columns], { dtype: "float64" }).data;
  if (gaps) for (const n of integers(key(seed), [5], { high: heights.length }).data) heights[n] = Number.NaN;
  return { heights, rows, columns };
}

/** The height at a place on an edge of the grid, interpolated by hand. */
function onEdge({ heights, columns }: Grid, column: number, row: number): number {
  const [j, i] = [Math.floor(column), Math.floor(row)];
  const [s, t] = [column - j, row - i];
  // On an edge one of the two is whole.
  expect(Math.min(s, t)).toBe(0);
  const first = heights[i * columns + j] as number;
  if (s === 0 && t === 0) return first;
  const second = heights[s > 0 ? i * columns + j + 1 : (i + 1) * columns + j] as number;
  return first + (second - first) * (s + t);
}

const pairs = ({ places }: ContourLine): [number, number][] =>
  Array.from({ length: places.length / 2 }, (_, n) => [places[2 * n] as number, places[2 * n + 1] as number]);

describe("contour lines", () => {
  test("every point has exactly the level, and neighbours share a cell", () => {
    for (let seed = 0; seed < 20; seed++) {
      const grid = randomGrid(seed, 9, 13, seed % 2 === 1);
      for (const level of [-1, 0, 0.37]) {
        for (const line of contourLines(grid, level)) {
          const points = pairs(line);
          for (const [column, row] of points) expect(onEdge(grid, column, row)).toBeCloseTo(level, 10);
          const steps = line.closed ? points.length : points.length - 1;
          for (let n = 0; n < steps; n++) {
            const [a, b] = [points[n], points[(n + 1) % points.length]] as [[number, number], [number, number]];
            const [column, row] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])].map((v) => Math.floor(v + 1e-12));
            expect(Math.max(a[0], b[0])).toBeLessThanOrEqual((column as number) + 1);
            expect(Math.max(a[1], b[1])).toBeLessThanOrEqual((row as number) + 1);
          }
        }
      }
    }
  });

  test("a line is closed, or ends at the border or at a gap", () => {
    for (let seed = 0; seed < 20; seed++) {
      const grid = randomGrid(seed, 8, 11, seed % 2 === 1);
      const missing = (row: number, column: number): boolean => Number.isNaN(grid.heights[row * grid.columns + column]);
      for (const line of contourLines(grid, 0.1)) {
        if (line.closed) continue;
        const points = pairs(line);
        for (const [column, row] of [points[0], points[points.length - 1]] as [number, number][]) {
          const border = column === 0 || row === 0 || column === grid.columns - 1 || row === grid.rows - 1;
          const around = [Math.floor(row) - 1, Math.floor(row), Math.ceil(row), Math.ceil(row) + 1].some((i) =>
            [Math.floor(column) - 1, Math.floor(column), Math.ceil(column), Math.ceil(column) + 1].some(
              (j) => i >= 0 && j >= 0 && i < grid.rows && j < grid.columns && missing(i, j),
            ),
          );
          expect(border || around).toBe(true);
        }
      }
    }
  });

  test("an edge is crossed by a line exactly when its ends lie on both sides", () => {
    for (let seed = 0; seed < 10; seed++) {
      const grid = randomGrid(seed, 7, 9);
      const { heights, rows, columns } = grid;
      const crossed = new Set(contourLines(grid, 0).flatMap((line) => pairs(line).map((place) => place.join())));
      let expected = 0;
      const above = (i: number, j: number): boolean => (heights[i * columns + j] as number) >= 0;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          if (j + 1 < columns && above(i, j) !== above(i, j + 1)) expected++;
          if (i + 1 < rows && above(i, j) !== above(i + 1, j)) expected++;
        }
      }
      expect(crossed.size).toBe(expected);
    }
  });

  test("those of a cone are circles", () => {
    const z = map(arange(41 * 41, { dtype: "float64" }), (n) => Math.hypot((n % 41) - 20, Math.floor(n / 41) - 20));
    const [line, ...more] = contourLines({ heights: z.data, rows: 41, columns: 41 }, 12);
    expect([more.length, line?.closed]).toEqual([0, true]);
    for (const [column, row] of pairs(line as ContourLine))
      expect(Math.hypot(column - 20, row - 20)).toBeCloseTo(12, 1);
  });
});

/** Whether a place is inside by the even-odd rule: how many borders a ray to the right crosses. */
function isInside(lines: readonly ContourLine[], x: number, y: number): boolean {
  let crossings = 0;
  for (const line of lines) {
    const points = pairs(line);
    for (let n = 0; n < points.length; n++) {
      const [[x1, y1], [x2, y2]] = [points[n], points[(n + 1) % points.length]] as [[number, number], [number, number]];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) crossings++;
    }
  }
  return crossings % 2 === 1;
}

describe("regions", () => {
  test("are closed, and have the nodes at or above the level inside, up to the border", () => {
    for (let seed = 0; seed < 20; seed++) {
      const grid = randomGrid(seed, 8, 10, seed % 2 === 1);
      const lines = contourRegions(grid, 0.2);
      for (const line of lines) expect(line.closed).toBe(true);
      for (let row = 0; row < grid.rows; row++) {
        for (let column = 0; column < grid.columns; column++) {
          const height = grid.heights[row * grid.columns + column] as number;
          // A step towards the middle of the grid, because nodes themselves can lie on the border.
          const [x, y] = [column + 1e-4 * (4.5 - column), row + 1.3e-4 * (3.5 - row)];
          const neighbours = [-1, 0, 1].flatMap((i) =>
            [-1, 0, 1].map((j) => grid.heights[(row + i) * grid.columns + column + j]),
          );
          // Beside a gap the border runs through the node.
          if (neighbours.some((value) => value !== undefined && Number.isNaN(value)) || Math.abs(height - 0.2) < 0.01)
            continue;
          expect([row, column, isInside(lines, x, y)]).toEqual([row, column, height >= 0.2]);
        }
      }
    }
  });

  test("that of the lowest level is the whole grid, and a lower one holds a higher one", () => {
    const grid = randomGrid(3, 6, 7);
    const lowest = Math.min(...Array.from(grid.heights));
    const [whole, ...more] = contourRegions(grid, lowest);
    expect(more).toEqual([]);
    const corners = pairs(whole as ContourLine).filter(([x, y]) => (x === 0 || x === 6) && (y === 0 || y === 5));
    expect(new Set(corners.map((corner) => corner.join())).size).toBe(4);
    for (let n = 0; n < 200; n++) {
      const [x, y] = [0.03 + ((n * 0.618) % 1) * 5.9, 0.03 + ((n * 0.414) % 1) * 4.9];
      if (isInside(contourRegions(grid, 0.5), x, y)) expect(isInside(contourRegions(grid, -0.5), x, y)).toBe(true);
    }
  });
});
