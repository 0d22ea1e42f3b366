import { describe, expect, test } from "vitest";
import { ddr3_1066, dramEnergy } from "../../src/coding/index.js";
import { ValueError } from "../../src/errors.js";

describe("dramEnergy", () => {
  /** Ideal entropies of the 17 rectified maps of ResNet-18, from FPGA/power/cnn_power.py of the paper's repository. */
  const withPca = [
    2.93, 3.269, 4.716, 4.68, 4.991, 4.67, 5.069, 5.406, 5.141, 4.361, 4.968, 4.332, 4.205, 3.505, 4.255, 3.413, 4.108,
  ];
  const without = [
    5.297, 5.765, 5.825, 5.998, 6.035, 6.63, 6.001, 6.425, 5.896, 6.385, 6.252, 6.388, 5.649, 6.561, 6.283, 6.432,
    5.796,
  ];
  const sizes = [112 * 112 * 64, 56 * 56 * 64, 28 * 28 * 128, 14 * 14 * 256, 7 * 7 * 512].flatMap((size, i) =>
    new Array<number>(i === 0 ? 1 : 4).fill(size),
  );
  const values = sizes.reduce((a, b) => a + b);
  const bitsOf = (entropies: number[]): number => entropies.reduce((sum, h, i) => sum + h * (sizes[i] as number), 0);

  test("77.4 pJ per bit read, 63.3 pJ per bit written", () => {
    expect(ddr3_1066.read * 1e12).toBeCloseTo(77.4, 1);
    expect(ddr3_1066.write * 1e12).toBeCloseTo(63.3, 1);
    expect(dramEnergy({ bits: 1, writes: 0 })).toEqual({ read: ddr3_1066.read, write: 0, total: ddr3_1066.read });
  });

  test("ResNet-18: 3.991 and 5.790 bits per value; 2.598, 1.881 and 1.296 mJ", () => {
    expect([sizes.length, values]).toEqual([17, 2_308_096]);
    expect(bitsOf(withPca) / values).toBeCloseTo(3.991, 3);
    expect(bitsOf(without) / values).toBeCloseTo(5.79, 3);
    expect(1 - bitsOf(withPca) / bitsOf(without)).toBeCloseTo(0.311, 3);
    expect(1 - bitsOf(withPca) / values / 8).toBeCloseTo(0.501, 3);
    const millijoules = (bits: number): number => 1e3 * dramEnergy({ bits }).total;
    expect(millijoules(8 * values)).toBeCloseTo(2.598, 3);
    expect(millijoules(bitsOf(without))).toBeCloseTo(1.881, 3);
    expect(millijoules(bitsOf(withPca))).toBeCloseTo(1.296, 3);
  });

  test("another device, other times; and what is refused", () => {
    const device = { read: 2, write: 5 };
    expect(dramEnergy({ bits: 3, reads: 4, writes: 2, device })).toEqual({ read: 24, write: 30, total: 54 });
    expect(dramEnergy({ bits: 0 }).total).toBe(0);
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => dramEnergy({ bits: bad })).toThrow(ValueError);
      expect(() => dramEnergy({ bits: 1, reads: bad })).toThrow("reads =");
      expect(() => dramEnergy({ bits: 1, device: { read: 1, write: bad } })).toThrow("device.write =");
    }
  });
});
