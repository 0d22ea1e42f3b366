/** Fields, cameras and still pictures of the landscape widget, without a browser. */
import fc from "fast-check";
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { arange, from, map, type Tensor } from "../../src/tensor/index.js";
import {
  cameraOf,
  coordinateAt,
  eyeOf,
  heightAt,
  inRange,
  landscapeOf,
  levelsOf,
  lossOf,
  placeIn,
  sampleLandscape,
} from "../../widgets/loss-landscape/compute.js";
import { describe as inWords, landscapeOfState, snapshotSvg } from "../../widgets/loss-landscape/snapshot.js";
import { type LossLandscapeState, lossLandscapeSpec } from "../../widgets/loss-landscape/state.js";
import { turned } from "../../widgets/loss-landscape/view-surface.js";

const line = (values: readonly number[]): Tensor => from(values, { dtype: "float64" });
const input = {
  z: from(
    [
      [1, 10, 100],
      [0, Number.NaN, 1000],
    ],
    { dtype: "float64" },
  ),
  other: null,
  x: line([-1, 0, 4]),
  y: line([2, 3]),
  trajectory: from(
    [
      [-0.5, 2],
      [4, 3],
      [9, 9],
    ],
    { dtype: "float64" },
  ),
  log: false,
};

test("heights are losses, or their decimal logarithms; what has none is a gap", () => {
  const plain = landscapeOf(input);
  expect([plain.low, plain.high, plain.fields[0]?.gaps]).toEqual([0, 1000, 1]);
  const logarithmic = landscapeOf({ ...input, log: true });
  expect([logarithmic.low, logarithmic.high, logarithmic.fields[0]?.gaps]).toEqual([0, expect.closeTo(3, 12), 2]);
  expect(Array.from(logarithmic.fields[0]?.grid.heights ?? []).map((h) => Math.round(h * 1e9) / 1e9)).toEqual([
    0,
    1,
    2,
    Number.NaN,
    Number.NaN,
    3,
  ]);
  expect(lossOf(2, true)).toBeCloseTo(100, 10);
  const none = landscapeOf({
    ...input,
    z: from([
      [-1, -2],
      [0, -3],
    ]),
    x: null,
    y: null,
    log: true,
    trajectory: null,
  });
  expect([none.low, none.high]).toEqual([0, 0]);
});

test("points without a loss lie on the grid", () => {
  const path = landscapeOf(input).fields[0]?.path ?? [];
  expect(path.map(([, , z]) => z)).toEqual([5.5, 1000, Number.NaN]);
});

test("two grids share one range", () => {
  const both = landscapeOf({
    ...input,
    other: from(
      [
        [-7, 1, 1],
        [1, 1, 2],
      ],
      { dtype: "float64" },
    ),
  });
  expect([both.fields.length, both.low, both.high]).toEqual([2, -7, 1000]);
});

test("a place on an axis and its coordinate undo each other", () => {
  const axis = fc
    .uniqueArray(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 2, maxLength: 12 })
    .map((values) => values.sort((a, b) => a - b));
  fc.assert(
    fc.property(axis, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      const place = share * (values.length - 1);
      const coordinate = coordinateAt(values, place);
      expect(coordinateAt(values, placeIn(values, coordinate))).toBeCloseTo(coordinate, 9);
    }),
    { seed: 1, numRuns: 200 },
  );
  expect([placeIn([0, 1, 3], -0.1), placeIn([0, 1, 3], 3.1), placeIn([0, 1, 3], 2)]).toEqual([
    Number.NaN,
    Number.NaN,
    1.5,
  ]);
});

test("between nodes the height is the bilinear one", () => {
  const field = landscapeOf({
    ...input,
    z: from(
      [
        [0, 2, 4],
        [10, 12, 14],
      ],
      { dtype: "float64" },
    ),
  }).fields[0];
  if (field === undefined) throw new Error("no field");
  expect([heightAt(field, -0.5, 2.5), heightAt(field, 4, 3), heightAt(field, 5, 2)]).toEqual([6, 14, Number.NaN]);
});

test("levels are round, inside the range, about as many as asked for", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
      fc.integer({ min: 3, max: 40 }),
      (low, width, count) => {
        const levels = levelsOf({ low, high: low + width }, count);
        expect(levels.length).toBeGreaterThan(count / 2.6);
        expect(levels.length).toBeLessThan(count * 2.6);
        for (const [n, level] of levels.entries()) {
          expect(level).toBeGreaterThan(low - 1e-9);
          expect(level).toBeLessThan(low + width);
          if (n > 0) expect(level).toBeGreaterThan(levels[n - 1] as number);
        }
      },
    ),
    { seed: 4, numRuns: 300 },
  );
  expect(levelsOf({ low: 0, high: 1 }, 9)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
  expect(levelsOf({ low: 2, high: 2 }, 9)).toEqual([]);
});

test("a camera and its eye undo each other, and stay in range", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -179, max: 179, noNaN: true }),
      fc.double({ min: -88, max: 88, noNaN: true }),
      fc.double({ min: 0.7, max: 5.9, noNaN: true }),
      (azimuth, elevation, distance) => {
        const [a, e, d] = cameraOf(eyeOf([azimuth, elevation, distance]));
        expect([a, e, d]).toEqual([
          expect.closeTo(azimuth, 2),
          expect.closeTo(elevation, 2),
          expect.closeTo(distance, 2),
        ]);
      },
    ),
    { seed: 2, numRuns: 100 },
  );
  expect(inRange([190, 120, 100])).toEqual([-170, 89, 6]);
  expect(turned([178, 0, 2], { key: "ArrowRight", shiftKey: false })).toEqual([-177, 0, 2]);
  expect(turned([0, 88, 2], { key: "ArrowUp", shiftKey: true })).toEqual([0, 89, 2]);
  expect(turned([0, 0, 2], { key: "a", shiftKey: false })).toBeUndefined();
});

test("the sample is 64 x 48 with a path that goes down", () => {
  const { z, x, y, trajectory } = sampleLandscape();
  expect([z?.shape, x?.shape, y?.shape]).toEqual([[64, 48], [48], [64]]);
  const losses = [...(trajectory?.data ?? [])].filter((_, n) => n % 3 === 2);
  expect(losses[losses.length - 1]).toBeLessThan((losses[0] as number) / 5);
});

function stateWith(changes: Partial<LossLandscapeState>): LossLandscapeState {
  const entries = Object.entries(lossLandscapeSpec.traits).map(([name, trait]) => [name, trait.initial()]);
  return { ...Object.fromEntries(entries), ...changes } as LossLandscapeState;
}

describe("the still picture", () => {
  const parse = (state: LossLandscapeState): Document =>
    new new JSDOM().window.DOMParser().parseFromString(snapshotSvg(state), "image/svg+xml");

  test("has bands, lines, the path, axes with names, and words", () => {
    const state = stateWith({ x_label: "alpha <1>", log: true });
    const picture = parse(state);
    const landscape = landscapeOfState(state);
    const levels = levelsOf(landscape, state.levels).length;
    expect(picture.querySelectorAll("parsererror").length).toBe(0);
    expect(picture.querySelectorAll(".band").length).toBe(levels + 1);
    expect(picture.querySelectorAll(".line").length).toBe(levels);
    expect(picture.querySelectorAll(".path circle").length).toBe(2);
    expect([...picture.querySelectorAll(".axis text")].map((text) => text.textContent)).toContain("alpha <1>");
    expect(picture.querySelector("desc")?.textContent).toBe(inWords(state, landscape));
    for (const element of picture.querySelectorAll("*")) {
      for (const { value } of element.attributes) expect(value).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  test("of the largest grids stays small, and shows both", () => {
    const z = map(
      arange(201 * 201, { dtype: "float64", shape: [201, 201] }),
      (n) => Math.sin(Math.floor(n / 201) / 20) + Math.cos((n % 201) / 9),
    );
    const state = stateWith({ z, other: map(z, (value) => -value), other_title: "turned over" });
    expect(snapshotSvg(state).length).toBeLessThan(2 ** 20);
    expect(parse(state).querySelectorAll(".contour").length).toBe(2);
    expect(inWords(state, landscapeOfState(state))).toMatch(
      /^First grid: 201 x 201 values, loss .*\nturned over: 201 x 201/,
    );
  });

  test("of one constant height, or of gaps alone on the scale, is still a picture", () => {
    for (const z of [
      from([
        [2, 2, 2],
        [2, 2, 2],
      ]),
      from([
        [-2, -2],
        [-1, -1],
      ]),
    ]) {
      const picture = parse(stateWith({ z, log: true }));
      expect(picture.querySelectorAll("parsererror").length).toBe(0);
      for (const band of picture.querySelectorAll("[fill]")) expect(band.getAttribute("fill")).not.toContain("NaN");
    }
  });
});
