/** The kernels of the uniform grids: bit for bit what plain TypeScript gives. */
import fc from "fast-check";
import { expect, test } from "vitest";
import * as q from "../../src/quantization/index.js";
import { key, normal } from "../../src/random/index.js";
import * as tensor from "../../src/tensor/index.js";
import { describeBackends, plainly } from "../support/backends.js";

type Values = tensor.Tensor<"float32">;

const words = ({ data }: tensor.Tensor): number[] =>
  data instanceof Float32Array ? [...new Uint32Array(Float32Array.from(data).buffer)] : [...data];

const conventions: readonly q.QuantConvention[] = [
  q.intSymmetric(8),
  q.intSymmetric(4),
  q.intAffine(8),
  q.intAffine(3),
  q.kure(8),
  q.kure(16),
  q.lapqWeights(2),
  q.lapqActivations(16),
  q.aciqBins(4),
  q.catActivations(5),
  q.transformCoding(8),
];

/** Values that are hard: ties of grids with powers of two, zeros of either sign, denormals, the largest. */
const hard = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -600, max: 600 }).map((x) => x / 4),
  fc.integer({ min: -40000, max: 40000 }).map((x) => Math.fround(x / 254)),
  fc.constantFrom(0, -0, 1e-45, -1e-45, 2 ** -126, 3.4028234663852886e38, -3.4028234663852886e38, 0.5, -0.5),
);

/** Shapes with what divides them. */
const layouts = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 37 }))
    .map(([rows, columns]): [number[], q.Granularity] => [[rows, columns], { per: "tensor" }]),
  fc
    .tuple(fc.array(fc.integer({ min: 1, max: 19 }), { minLength: 1, maxLength: 4 }), fc.nat())
    .map(([shape, axis]): [number[], q.Granularity] => [shape, { per: "axis", axis: axis % shape.length }]),
  fc
    .record({
      before: fc.integer({ min: 1, max: 3 }),
      count: fc.integer({ min: 1, max: 3 }),
      group: fc.integer({ min: 1, max: 35 }),
      after: fc.integer({ min: 1, max: 9 }),
    })
    .map(({ before, count, group, after }): [number[], q.Granularity] => [
      [before, count * group, after],
      { per: "group", group, axis: 1 },
    ]),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3 }))
    .map(([high, wide, times]): [number[], q.Granularity] => [
      [high * times, wide * times],
      { per: "block", block: [high, wide] },
    ]),
);

const cases = layouts.chain(([shape, granularity]) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return fc.record({
    shape: fc.constant(shape),
    granularity: fc.constant(granularity),
    convention: fc.constantFrom(...conventions),
    data: fc.array(hard, { minLength: size, maxLength: size }),
    // Of many magnitudes, so that the float32 of a scale is none.
    unit: fc.constantFrom(1, 1, 2 ** -60, 3e-39, 1e-30, 2 ** 20),
  });
});

/** Everything that kernels compute of one case. */
function all(values: Values, convention: q.QuantConvention, granularity: q.Granularity): unknown[] {
  const qparams = q.chooseQparams(values, { convention, granularity });
  const codes = q.quantize(values, qparams);
  // Scales of powers of two, where ties are exact.
  const round = { ...qparams, scales: tensor.map(qparams.scales, (x) => 2 ** Math.floor(Math.log2(x))) };
  return [
    [...qparams.scales.data],
    [...qparams.zeroPoints.data],
    codes.dtype,
    words(codes),
    words(q.fakeQuantize(values, qparams)),
    words(q.dequantize(codes, qparams)),
    words(q.quantize(values, round)),
    words(q.fakeQuantize(values, round)),
    words(q.fakeQuantize(values, q.chooseQparams(values, { convention, granularity, clip: 1.5 }))),
    ...[0, 1, 2 ** 32 - 13, 2 ** 33 - 14, 2 ** 33 - 13, 2 ** 50 + 1].flatMap((offset) => {
      const options = { rounding: "stochastic", key: key(99), offset } as const;
      return [words(q.quantize(values, qparams, options)), words(q.fakeQuantize(values, qparams, options))];
    }),
    ...[1, 0.25, 0.3, 1e-30].map((step) => words(q.stochasticRound(key(3), values, { step }))),
  ];
}

describeBackends("quantization", () => {
  test("every granularity, convention and hard values: what plain code gives", () => {
    fc.assert(
      fc.property(cases, ({ shape, granularity, convention, data, unit }) => {
        const values = tensor.from(
          data.map((x) => Math.fround(x * unit)).map((x) => (Number.isFinite(x) ? x : 1)),
          { shape },
        );
        expect(all(values, convention, granularity)).toEqual(plainly(() => all(values, convention, granularity)));
      }),
      { seed: 77, numRuns: 250 },
    );
  });

  test.each([
    ["tensor", { per: "tensor" }],
    ["rows", { per: "axis", axis: 0 }],
    ["columns", { per: "axis", axis: 1 }],
    ["groups of 32", { per: "group", group: 32 }],
    ["groups of 4 rows", { per: "group", group: 4, axis: 0 }],
    ["blocks", { per: "block", block: [2, 16] }],
  ] as const)("large tensors per %s, in any memory", (_, granularity) => {
    const values = normal(key(8), [996, 1056]);
    const convention = q.intAffine(8);
    const expected = plainly(() => {
      const qparams = q.chooseQparams(values, { convention, granularity });
      return [qparams, q.quantize(values, qparams), q.fakeQuantize(values, qparams)] as const;
    });
    const inside = tensor.empty(values.shape, "float32", { memory: "wasm" });
    const codes = tensor.empty(values.shape, "uint8", { memory: "wasm" });
    inside.data.set(values.data);
    for (const each of [values, inside]) {
      const qparams = q.chooseQparams(each, { convention, granularity });
      expect(qparams).toEqual(expected[0]);
      expect(tensor.equal(q.quantize(each, qparams, { out: codes }), expected[1])).toBe(true);
      expect(tensor.equal(q.quantize(each, qparams), expected[1])).toBe(true);
      expect(tensor.equal(q.dequantize(codes, qparams), expected[2])).toBe(true);
      expect(tensor.equal(q.fakeQuantize(each, qparams), expected[2])).toBe(true);
    }
    expect(q.fakeQuantize(inside, expected[0], { out: inside })).toBe(inside);
    expect(tensor.equal(inside, expected[2])).toBe(true);
    tensor.free(inside);
    tensor.free(codes);
  });

  test("random rounding of large tensors: the counter is the place, whatever the pieces", () => {
    const values = normal(key(8), [996, 1056]);
    for (const granularity of [{ per: "tensor" }, { per: "axis", axis: 0 }, { per: "group", group: 11 }] as const) {
      const qparams = q.chooseQparams(values, { convention: q.intSymmetric(4), granularity });
      const options = { rounding: "stochastic", key: key(7) } as const;
      const expected = plainly(() => q.quantize(values, qparams, options));
      expect(tensor.equal(q.quantize(values, qparams, options), expected)).toBe(true);
    }
    const expected = plainly(() => q.stochasticRound(key(7), values, { step: 0.1 }));
    expect(tensor.equal(q.stochasticRound(key(7), values, { step: 0.1 }), expected)).toBe(true);
    expect(q.stochasticRound(key(7), values, { step: 0.1, out: values })).toBe(values);
    expect(tensor.equal(values, expected)).toBe(true);
  });

  test("out: what is written where, and what is refused", () => {
    const values = normal(key(1), [3, 10]);
    const qparams = q.chooseQparams(values, { convention: q.intSymmetric(8) });
    const out = tensor.zeros([3, 10]);
    expect(q.fakeQuantize(values, qparams, { out })).toBe(out);
    expect(out).toEqual(q.fakeQuantize(values, qparams));
    const codes = tensor.zeros([3, 10], "int8");
    expect(q.quantize(values, qparams, { out: codes })).toBe(codes);
    expect(q.dequantize(codes, qparams, { out })).toBe(out);
    expect(() => q.quantize(values, qparams, { out: tensor.zeros([3, 10], "uint8") })).toThrow(
      "quantize: out of dtype",
    );
    expect(() => q.dequantize(codes, qparams, { out: tensor.zeros([30]) })).toThrow("dequantize: out of shape [30]");
    expect(() => q.fakeQuantize(values, qparams, { out: tensor.zeros([30]) })).toThrow("fakeQuantize: out of shape");
    const whole = new Float32Array(40);
    const part = (start: number): Values => ({
      data: whole.subarray(start, start + 30),
      shape: [3, 10],
      dtype: "float32",
    });
    expect(() => q.fakeQuantize(part(0), qparams, { out: part(1) })).toThrow("fakeQuantize: out shares a part");
    expect(q.fakeQuantize(part(0), qparams, { out: part(0), rounding: "stochastic", key: key(1) }).data[0]).toBe(0);
  });

  test("a value that is not finite is named, and what it stands among is left as it was", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const at of [0, 13, 29]) {
        const values = normal(key(1), [3, 10]);
        const options = { convention: q.intSymmetric(8), granularity: { per: "axis", axis: 0 } } as const;
        const qparams = q.chooseQparams(values, options);
        values.data[at] = bad;
        const before = [...values.data];
        const message = `value ${bad} at position ${at}, expected finite values`;
        expect(() => q.quantize(values, qparams)).toThrow(`quantize: ${message}`);
        expect(() => q.fakeQuantize(values, qparams, { out: values })).toThrow(`quantize: ${message}`);
        expect(() => q.chooseQparams(values, options)).toThrow(`chooseQparams: ${message}`);
        expect([...values.data]).toEqual(before);
      }
    }
  });

  test("empty tensors", () => {
    const qparams = q.chooseQparams(normal(key(1), [3]), { convention: q.intSymmetric(8) });
    expect(q.fakeQuantize(tensor.zeros([0, 3]), qparams)).toEqual(tensor.zeros([0, 3]));
  });
});
