import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { integers, key } from "../../src/random/index.js";
import { from, map, slice, type Tensor, transpose, zeros } from "../../src/tensor/index.js";
import { lift2, unlift2 } from "../../src/transforms/index.js";

describe.each(["haar", "5/3"] as const)("%s", (scheme) => {
  test("images of every small size come back, in stacks, and have the quarters' sides", () => {
    for (let rows = 1; rows <= 6; rows++) {
      for (let columns = 1; columns <= 6; columns++) {
        const x = integers(key(rows * 10 + columns), [2, rows, columns], { low: -(2 ** 29) + 1, high: 2 ** 29 });
        const bands = lift2(x, { scheme });
        expect(bands.horizontal.shape).toEqual([2, Math.floor(rows / 2), Math.ceil(columns / 2)]);
        expect(bands.vertical.shape).toEqual([2, Math.ceil(rows / 2), Math.floor(columns / 2)]);
        expect(unlift2(bands, { scheme })).toEqual(x);
      }
    }
  });

  test("the largest magnitudes that always fit do, with every sign", () => {
    for (let code = 0; code < 3 ** 9; code += 7) {
      const values = Array.from({ length: 9 }, (_, i) => ((Math.floor(code / 3 ** i) % 3) - 1) * (2 ** 29 - 1));
      const x = from(values, { dtype: "int32", shape: [3, 3] });
      expect(unlift2(lift2(x, { scheme }), { scheme })).toEqual(x);
    }
  });

  test("bands are named by the edges they hold; a stack is images side by side", () => {
    const stripes = map(zeros([6, 6], "int32"), (_, i) => (i % 6 < 3 ? 0 : 8));
    const { horizontal, vertical, diagonal } = lift2(stripes, { scheme });
    expect([Math.max(...horizontal.data), Math.max(...diagonal.data)]).toEqual([0, 0]);
    expect(vertical.data.some((value) => value !== 0)).toBe(true);
    expect(lift2(transpose(stripes), { scheme }).horizontal).toEqual(transpose(vertical));
    const stack = integers(key(1), [3, 5, 4], { low: -50, high: 50 });
    expect(slice(lift2(stack, { scheme }).diagonal, 2)).toEqual(lift2(slice(stack, 2), { scheme }).diagonal);
  });
});

test("Haar of four pixels is the definition", () => {
  const image = from(
    [
      [1, 2],
      [4, 10],
    ],
    { dtype: "uint8" },
  ) as Tensor<"uint8">;
  // Columns: ⌊(1 + 4) / 2⌋ = 2, ⌊(2 + 10) / 2⌋ = 6; differences -3, -8.
  const { approximation, horizontal, vertical, diagonal } = lift2(image);
  expect([approximation.data[0], vertical.data[0], horizontal.data[0], diagonal.data[0]]).toEqual([4, -4, -6, 5]);
});

test("what does not fit is refused", () => {
  expect(() => lift2(zeros([2, 2]) as unknown as Tensor<"int32">)).toThrow(DtypeError);
  expect(() => lift2(zeros([4], "int32"))).toThrow(ShapeError);
  expect(() => lift2(from([[2 ** 30, 0]], { dtype: "int32" }) as Tensor<"int32">)).toThrow(ValueError);
  const quarter = zeros([2, 2], "int32");
  const bands = { approximation: quarter, horizontal: quarter, vertical: quarter, diagonal: zeros([2, 3], "int32") };
  expect(() => unlift2(bands)).toThrow(ShapeError);
});
