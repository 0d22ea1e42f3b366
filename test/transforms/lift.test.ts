import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { integers, key } from "../../src/random/index.js";
import { from, type Tensor, transpose, zeros } from "../../src/tensor/index.js";
import { type LiftingScheme, lift, unlift } from "../../src/transforms/index.js";

const schemes = ["haar", "5/3"] as const;
const signal = (values: readonly number[]): Tensor<"int32"> => from(values, { dtype: "int32" });

/** Both halves, from the definition: exact integers, the line mirrored by its index. */
function bruteForce(values: readonly number[], scheme: LiftingScheme): [number[], number[]] {
  const n = values.length;
  const period = Math.max(1, 2 * (n - 1));
  const x = (i: number): bigint => {
    const place = ((i % period) + period) % period;
    return BigInt(values[place < n ? place : period - place] as number);
  };
  const floor = (value: bigint, by: bigint): bigint => (value - (((value % by) + by) % by)) / by;
  const halves = Array.from({ length: Math.ceil(n / 2) }, (_, k): [bigint, bigint | undefined] => {
    const odd = 2 * k + 1 < n;
    if (scheme === "haar") {
      return odd ? [floor(x(2 * k) + x(2 * k + 1), 2n), x(2 * k) - x(2 * k + 1)] : [x(2 * k), undefined];
    }
    const detail = (i: number): bigint => x(i) - floor(x(i - 1) + x(i + 1), 2n);
    if (n === 1) return [x(0), undefined];
    return [x(2 * k) + floor(detail(2 * k - 1) + detail(2 * k + 1) + 2n, 4n), odd ? detail(2 * k + 1) : undefined];
  });
  return [halves.map(([s]) => Number(s)), halves.flatMap(([, d]) => (d === undefined ? [] : [Number(d)]))];
}

describe.each(schemes)("%s", (scheme) => {
  test("every signal of up to 5 values of -2..2 comes back, and is split as defined", () => {
    for (let length = 1; length <= 5; length++) {
      for (let code = 0; code < 5 ** length; code++) {
        const values = Array.from({ length }, (_, i) => (Math.floor(code / 5 ** i) % 5) - 2);
        const bands = lift(signal(values), { scheme });
        const [low, high] = bruteForce(values, scheme);
        expect([[...bands.approximation.data], [...bands.detail.data]]).toEqual([low, high]);
        expect([...unlift(bands, { scheme }).data]).toEqual(values);
      }
    }
  });

  test("the largest magnitudes fit, in every pattern of signs", () => {
    const largest = 2 ** 30 - 1;
    for (let code = 0; code < 3 ** 7; code++) {
      const values = Array.from({ length: 7 }, (_, i) => ((Math.floor(code / 3 ** i) % 3) - 1) * largest);
      const bands = lift(signal(values), { scheme });
      const [low, high] = bruteForce(values, scheme);
      expect([[...bands.approximation.data], [...bands.detail.data]]).toEqual([low, high]);
      expect([...unlift(bands, { scheme }).data]).toEqual(values);
    }
  });

  test("any signal comes back along any axis", () => {
    const sides = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sides, fc.nat(2), fc.nat(1000), (shape, at, seed) => {
        const axis = at % shape.length;
        const x = integers(key(seed), shape, { low: -100_000, high: 100_000 });
        expect(unlift(lift(x, { scheme, axis }), { scheme, axis })).toEqual(x);
      }),
      { seed: 2021, numRuns: 100 },
    );
  });

  test("an axis is split as the last one is, whatever the integer dtype", () => {
    const x = integers(key(3), [5, 4], { low: 0, high: 2 });
    const there = lift(transpose(x), { scheme });
    const here = lift(x, { scheme, axis: 0 });
    expect(here).toEqual({ approximation: transpose(there.approximation), detail: transpose(there.detail) });
    for (const dtype of ["bool", "uint8", "uint32", "int8", "uint16"] as const) {
      expect(lift(from(x.data, { dtype, shape: [5, 4] }), { scheme, axis: 0 })).toEqual(here);
    }
  });

  test("a constant has no details, and its approximation is itself", () => {
    const { approximation, detail } = lift(signal([7, 7, 7, 7, 7]), { scheme });
    expect([[...approximation.data], [...detail.data]]).toEqual([
      [7, 7, 7],
      [0, 0],
    ]);
  });
});

test("a ramp has no details under 5/3 but at the end", () => {
  expect([...lift(signal([0, 2, 4, 6, 8, 10]), { scheme: "5/3" }).detail.data]).toEqual([0, 0, 2]);
});

test("what does not fit is refused", () => {
  expect(() => lift(zeros([4]) as unknown as Tensor<"int32">)).toThrow(DtypeError);
  expect(() => lift(signal([0, -(2 ** 30)]))).toThrow(
    new ValueError("lift: value -1073741824 at position 1, expected magnitudes below 2^30"),
  );
  expect(() => lift(signal([1]), { scheme: "9/7" as LiftingScheme })).toThrow(
    'lift: scheme "9/7", expected "haar" or "5/3"',
  );
  expect(() => lift(signal([]))).toThrow(ShapeError);
  expect(() => unlift({ approximation: signal([1]), detail: signal([1, 2]) })).toThrow(
    new ShapeError("unlift: shapes [1] and [2], expected two halves along axis 0"),
  );
  expect(() => unlift({ approximation: signal([1, 2, 3]), detail: signal([1]) })).toThrow(ShapeError);
  expect(() => unlift({ approximation: signal([2 ** 31 - 1]), detail: signal([2 ** 31 - 1]) })).toThrow(
    new ValueError("unlift: value 3221225471 of the signal, expected int32"),
  );
});
