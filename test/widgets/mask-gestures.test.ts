/** What drags and keys mean for a weight. */
import { describe, expect, test } from "vitest";
import { from } from "../../src/tensor/index.js";
import { keyAction, startDrag, stepOf } from "../../widgets/mask/view-gestures.js";

const place = { at: [1, 2], shape: [3, 5], weight: 0.5, step: 0.01 } as const;
const press = (key: string, shiftKey = false): unknown => keyAction({ key, shiftKey }, place);

test.each([
  [[[3, -1]], 0.01],
  [[[0.05, -0.2]], 0.001],
  [[[0, 0]], 0.01],
  [[[1, -10]], 0.1],
  [[[12345]], 100],
])("the step of %j is %f", (rows, step) => {
  expect(stepOf(from(rows as number[][]))).toBeCloseTo(step as number, 12);
});

describe("keys", () => {
  test.each([
    ["ArrowUp", [0, 2]],
    ["ArrowDown", [2, 2]],
    ["ArrowLeft", [1, 1]],
    ["ArrowRight", [1, 3]],
    ["Home", [1, 0]],
    ["End", [1, 4]],
    ["PageUp", [0, 2]],
    ["PageDown", [2, 2]],
  ])("%s moves to %j", (key, moveTo) => {
    expect(press(key)).toEqual({ moveTo });
  });

  test("a move stops at the edge", () => {
    expect(keyAction({ key: "ArrowUp", shiftKey: false }, { ...place, at: [0, 0] })).toEqual({ moveTo: [0, 0] });
    expect(keyAction({ key: "ArrowRight", shiftKey: false }, { ...place, at: [0, 4] })).toEqual({ moveTo: [0, 4] });
  });

  test("plus, minus and Shift with arrows change the weight by ten steps, exactly", () => {
    for (const [key, shift] of [
      ["+", true],
      ["=", false],
      ["ArrowUp", true],
    ] as const)
      expect(press(key, shift)).toEqual({ value: 0.6 });
    for (const [key, shift] of [
      ["-", false],
      ["_", true],
      ["ArrowDown", true],
    ] as const)
      expect(press(key, shift)).toEqual({ value: 0.4 });
    expect(keyAction({ key: "-", shiftKey: false }, { ...place, weight: 0.1 })).toEqual({ value: 0 });
    expect(keyAction({ key: "+", shiftKey: false }, { ...place, weight: 300, step: 100 })).toEqual({ value: 1300 });
  });

  test("Delete and 0 make it 0, Enter asks for a field, other keys mean nothing", () => {
    expect([press("Delete"), press("0"), press("Enter"), press("x"), press("constructor")]).toEqual([
      { value: 0 },
      { value: 0 },
      { enter: true },
      undefined,
      undefined,
    ]);
  });
});

test("a drag up makes the weight larger, two steps a pixel, finer with Shift, and is rounded to steps", () => {
  const drag = startDrag(100, 0.5, 0.01);
  expect(drag.valueAt(90, false)).toBe(0.7);
  expect(drag.valueAt(120, false)).toBe(0.1);
  expect(drag.valueAt(110, true)).toBe(0.12);
  expect(Object.is(startDrag(0, 0.004, 0.01).valueAt(0, false), 0)).toBe(true);
  expect(drag.start).toBe(0.5);
});
