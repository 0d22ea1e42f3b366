/** Wavelets of feature maps. */
import * as random from "../../src/random/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { type Dwt2Bands, dwt, dwt2, idwt2, type WaveletName } from "../../src/transforms/index.js";
import type { CoreGroup, CoreKernel } from "../lib/core.js";

const shape = [1024, 56, 56];
const size = "1024×56×56";
const bytes = 8 * 1024 * 56 * 56;
const bands = ["approximation", "horizontal", "vertical", "diagonal"] as const;

export const wavelets: CoreGroup = {
  name: "wavelets",
  inputs: () => ({ maps: random.normal(random.key(12), shape) }),
  kernels: ({ maps }) => {
    const given = maps as Tensor<"float32">;
    const sliced = ["pywt", "numpy", "torch", "numba"];
    return [
      split("haar", given, sliced),
      join("haar", given, sliced),
      split("db2", given, ["pywt"]),
      join("db2", given, ["pywt"]),
      split("db4", given, ["pywt"]),
      join("db4", given, ["pywt"]),
      {
        ...{ name: "db2 dwt", size, bytes, peers: ["pywt"], tolerance: 1e-5, threads: [2] },
        prepare: ({ put, room }) => {
          const input = put(given);
          const sides = dwt(given, "db2").detail.shape;
          const out = { approximation: room(sides, "float32"), detail: room(sides, "float32") };
          return {
            run: () => dwt(input, "db2", { out }),
            values: () => [out.approximation, out.detail].flatMap(sample),
          };
        },
      },
    ];
  },
};

function split(name: WaveletName, given: Tensor<"float32">, peers: readonly string[]): CoreKernel {
  return {
    ...{ name: `${name} dwt2`, size, bytes, peers, tolerance: 1e-5, threads: [2] },
    prepare: ({ put, room }) => {
      const input = put(given);
      const sides = dwt2(given, name).diagonal.shape;
      const out = Object.fromEntries(
        bands.map((band) => [band, room(sides, "float32")]),
      ) as unknown as Dwt2Bands<"float32">;
      return { run: () => dwt2(input, name, { out }), values: () => bands.flatMap((band) => sample(out[band])) };
    },
  };
}

function join(name: WaveletName, given: Tensor<"float32">, peers: readonly string[]): CoreKernel {
  return {
    ...{ name: `${name} idwt2`, size, bytes, peers, tolerance: 1e-5, threads: [2] },
    prepare: ({ put, room }) => {
      const quarters = dwt2(given, name);
      const input = Object.fromEntries(
        bands.map((band) => [band, put(quarters[band])]),
      ) as unknown as Dwt2Bands<"float32">;
      const out = room(shape, "float32");
      return { run: () => idwt2(input, name, { out }), values: () => sample(out) };
    },
  };
}

/** Some elements, and the mean magnitude. */
function sample({ data }: Tensor): readonly number[] {
  const places = Array.from({ length: 40 }, (_, i) => Math.floor((i / 40) * data.length) + i);
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += Math.abs(data[i] as number);
  return [...places.map((place) => data[place] as number), sum / data.length];
}
