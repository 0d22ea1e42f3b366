/** The file and the modules of `your-own-weights.ipynb`: sizes by hand, decoders of their own, files that come back. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dtypes, io, random, tensor } from "lowbit";
import { Dropdown, Figure, FileUpload, HTML, MaskViewer } from "lowbit/widgets";
import { describe, expect, test } from "vitest";
import { packFile, recipesKey, sameTensors, unpackFile } from "../../notebooks/your-own-weights/files";
import {
  compare,
  inputs,
  type Layer,
  layersOf,
  methodNamed,
  methods,
  readLayer,
  relativeError,
} from "../../notebooks/your-own-weights/methods";
import { mostCompared, offerLayers, showComparison, showMask } from "../../notebooks/your-own-weights/views";
import { root } from "../support/kernel.js";

const bytes = new Uint8Array(readFileSync(join(root, "notebooks", "data", "tiny-block.safetensors")));
const block = io.openSafetensors(bytes);
const drawn = (rows: number, columns: number, dtype: Layer["dtype"] = "F32"): Layer => {
  const weights = random.normal(random.key(rows), [rows, columns]);
  return { name: "drawn", rows, dtype, weights: dtype === "F32" ? weights : dtypes.round(dtypes.bfloat16, weights) };
};
const opened = (tensors: Parameters<typeof io.writeSafetensors>[0], metadata = {}): io.SafetensorsFile =>
  io.openSafetensors(io.writeSafetensors(tensors, { metadata }));

test("the script draws the file that is here, byte for byte", async () => {
  const script = join(root, "notebooks", "data", "make-tiny-block.mjs");
  const { tinyBlock } = (await import(script)) as { tinyBlock(): Uint8Array };
  expect(Buffer.compare(bytes, tinyBlock())).toBe(0);
  expect(bytes.length).toBeLessThan(400_000);
  expect(block.metadata.get("trained")).toBe("no, drawn at random");
});

describe.each(methods.map((method) => [method.name, method] as const))("%s", (name, method) => {
  const layer = drawn(16, 256, "BF16");
  const made = io.writeSafetensors(method.pack(layer.weights, layer.dtype));
  const file = io.openSafetensors(made);
  const back = method.unpack(file, "", [16, 256]);

  test("is as large as codes, scales and masks are", () => {
    const by: Record<string, number> = {
      int4: 4 + 16 / 4096,
      "int4-channel": 4 + 16 / 256,
      "int4-g128": 4 + 16 / 128,
      "int4-g32": 4 + 16 / 32,
      mxfp4: 4 + 8 / 32,
      nvfp4: 4 + 8 / 16 + 32 / 4096,
      "2:4": 8 + 1,
      "4:8-transposable": 8 + 1,
      "2:4-int4-g32": 2 + 1 + 16 / 64,
    };
    expect(compare(layer, method, inputs(random.key(1), 8, 256)).bits).toBe(by[name]);
  });

  test("comes back as what a decoder by hand makes of the bytes", () => {
    expect(Array.from(back.data)).toEqual(decodeByHand(name, made, 256));
  });

  test("stores what it gave once more without any loss", () => {
    // Codes of 4 bits have grids of their own largest value; of masks nothing is rounded.
    if (!/^(2:4|4:8-transposable|mxfp4)$/.test(name)) return;
    expect(method.unpack(opened(method.pack(back, "BF16")), "", [16, 256]).data).toEqual(back.data);
  });

  test("measures the error of weights and of outputs", () => {
    const x = inputs(random.key(2), 5, 256);
    const { error, sqnr, outputError } = compare(layer, method, x);
    const difference = layer.weights.data.map((w, i) => w - (back.data[i] as number));
    expect(error).toBeCloseTo(Math.hypot(...difference) / Math.hypot(...layer.weights.data), 6);
    expect(sqnr).toBeCloseTo(-20 * Math.log10(error), 6);
    const outputs = (w: ArrayLike<number>): number[] =>
      Array.from({ length: 80 }, (_, i) => {
        let sum = 0;
        for (let k = 0; k < 256; k++) sum += x.data[Math.floor(i / 16) * 256 + k]! * (w[(i % 16) * 256 + k] as number);
        return sum;
      });
    expect(outputError).toBeCloseTo(Math.hypot(...outputs(difference)) / Math.hypot(...outputs(layer.weights.data)), 4);
  });
});

/** Reads bits, nibbles and scales one by one, with the tables of the formats written out. */
function decodeByHand(name: string, made: Uint8Array, columns: number): number[] {
  const file = io.openSafetensors(made);
  const part = (key: string): Uint8Array => {
    const { begin, end } = file.tensors.get(key)!;
    return made.slice(begin, end);
  };
  const nibble = (i: number): number => (part_codes[i >> 1]! >> (4 * (i % 2))) & 15;
  const part_codes = file.tensors.has("codes") ? part("codes") : new Uint8Array(0);
  const int4 = (i: number): number => (nibble(i) > 7 ? nibble(i) - 16 : nibble(i));
  const e2m1 = (i: number): number => [0, 0.5, 1, 1.5, 2, 3, 4, 6][nibble(i) & 7]! * (nibble(i) > 7 ? -1 : 1);
  const bf16 = (at: Uint8Array, i: number): number =>
    new DataView(Uint8Array.of(0, 0, at[2 * i]!, at[2 * i + 1]!).buffer).getFloat32(0, true);
  const e4m3 = (code: number): number =>
    code >> 3 === 0 ? (code & 7) * 2 ** -9 : (1 + (code & 7) / 8) * 2 ** ((code >> 3) - 7);
  const scales = file.tensors.has("scales") ? part("scales") : new Uint8Array(0);
  const all = Array.from({ length: 16 * columns }, (_, i) => i);
  const perScale: Record<string, number> = {
    int4: 16 * columns,
    "int4-channel": columns,
    "int4-g128": 128,
    "int4-g32": 32,
  };
  if (name in perScale) return all.map((i) => Math.fround(bf16(scales, Math.floor(i / perScale[name]!)) * int4(i)));
  if (name === "mxfp4") return all.map((i) => 2 ** (scales[Math.floor(i / 32)]! - 127) * e2m1(i));
  if (name === "nvfp4") {
    const whole = new DataView(part("tensor_scale").buffer).getFloat32(0, true);
    return all.map((i) => Math.fround(whole * e4m3(scales[Math.floor(i / 16)]!) * e2m1(i)));
  }
  const mask = part("mask");
  let next = 0;
  const kept = name === "2:4-int4-g32" ? undefined : part("kept");
  return all.map((i) => {
    if (((mask[i >> 3]! >> (i % 8)) & 1) === 0) return 0;
    const k = next++;
    return kept ? bf16(kept, k) : Math.fround(bf16(scales, Math.floor(k / 32)) * int4(k));
  });
}

describe("layers", () => {
  test("are matrices of three dtypes, the largest first", () => {
    const file = opened({
      vector: tensor.zeros([8]),
      wide: tensor.zeros([4, 4], "float64"),
      codes: { dtype: "F8_E4M3", codes: tensor.zeros([4, 4], "uint8") },
      none: tensor.zeros([0, 4]),
      small: tensor.zeros([2, 3]),
      large: { dtype: "F16", codes: tensor.zeros([3, 3], "uint16") },
    });
    expect(layersOf(file)).toEqual(["large", "small"]);
  });

  test("are read in part, in eights of rows, and at least eight", () => {
    const file = opened({ w: tensor.arange(33 * 10, { shape: [33, 10] }) });
    expect(readLayer(file, "w").weights.shape).toEqual([33, 10]);
    expect(readLayer(file, "w", 250).weights.shape).toEqual([24, 10]);
    expect(readLayer(file, "w", 5).weights).toEqual(tensor.arange(80, { shape: [8, 10] }));
    expect(readLayer(opened({ w: tensor.zeros([3, 10]) }), "w", 5).weights.shape).toEqual([3, 10]);
  });

  test("get one large input channel in 64", () => {
    const x = inputs(random.key(3), 200, 128);
    const power = Array.from(
      { length: 128 },
      (_, c) => Math.hypot(...x.data.filter((_, i) => i % 128 === c)) / Math.sqrt(200),
    );
    expect(power.filter((size) => size > 10)).toHaveLength(2);
    expect(power.filter((size) => size < 2)).toHaveLength(126);
  });

  test("of zeros have no error", () => {
    const zeros = tensor.zeros([8, 64]);
    expect(relativeError(zeros, zeros)).toBe(0);
    for (const method of methods.filter(({ name }) => name !== "int4-g128")) {
      expect(method.unpack(opened(method.pack(zeros, "F32")), "", [8, 64]).data, method.name).toEqual(zeros.data);
    }
  });
});

describe("files", () => {
  test.each(methods.map(({ name }) => name))("packed by %s and read again are the plain ones", (name) => {
    const packed = packFile(block, methodNamed(name));
    const once = opened(packed.tensors, packed.metadata);
    const plain = unpackFile(once);
    const again = opened(unpackFile(opened(packed.tensors, packed.metadata)).tensors);
    expect(sameTensors(opened(plain.tensors), again)).toBe(true);
    expect(
      [...opened(plain.tensors).tensors].map(([key, { dtype, shape }]) => `${key} ${dtype} ${shape}`).sort(),
    ).toEqual([...block.tensors].map(([key, { dtype, shape }]) => `${key} ${dtype} ${shape}`).sort());
    expect(again.tensor("norm.weight")).toEqual(block.tensor("norm.weight"));
    expect(plain.metadata).toEqual(Object.fromEntries(block.metadata));
  });

  test("keep what the method does not fit, and name clashes", () => {
    const source = opened({ w: tensor.full([7, 5], 2), "v.codes": tensor.zeros([3]), v: tensor.zeros([8, 64]) });
    const packed = packFile(source, methodNamed("2:4"));
    expect(JSON.parse(packed.metadata[recipesKey]!)).toEqual({ v: { method: "2:4", shape: [8, 64], dtype: "F32" } });
    expect(Object.keys(packed.tensors).sort()).toEqual(["v.codes", "v.kept", "v.mask", "w"]);
    expect(JSON.parse(packFile(source, methodNamed("mxfp4")).metadata[recipesKey]!)).toEqual({});
  });

  test("say which tensors are of dtypes that are not written", () => {
    const header = JSON.stringify({ n: { dtype: "I64", shape: [1], data_offsets: [0, 8] } }).padEnd(72);
    const made = new Uint8Array(8 + header.length + 8);
    made[0] = header.length;
    made.set(new TextEncoder().encode(header), 8);
    expect(packFile(io.openSafetensors(made), methodNamed("nvfp4"))).toMatchObject({ tensors: {}, leftOut: ["n"] });
  });

  test("differ when one bit does", () => {
    const w = tensor.from([[1, 2]]);
    expect(sameTensors(opened({ w }), opened({ w }))).toBe(true);
    expect(sameTensors(opened({ w }), opened({ w: tensor.from([[1, 2.0000002]]) }))).toBe(false);
    expect(sameTensors(opened({ z: tensor.from([0]) }), opened({ z: tensor.from([-0]) }))).toBe(false);
    expect(sameTensors(opened({ w }), opened({ v: w }))).toBe(false);
  });
});

describe("what follows the choice", () => {
  const file = (name: string, content: Uint8Array) => ({
    name,
    type: "",
    size: content.length,
    last_modified: new Date(0),
    content,
  });
  const made = () => ({
    upload: new FileUpload(),
    layer: new Dropdown(),
    note: new HTML(),
    table: new HTML(),
    chart: new Figure(),
  });

  test("offers the layers of a file, and says what is wrong with another", () => {
    const { upload, layer, note } = made();
    offerLayers({ upload, layer, note });
    expect(note.value).toContain("Drop a file");
    upload.value = [file("a.safetensors", bytes)];
    offerLayers({ upload, layer, note });
    expect([note.value, layer.value]).toEqual(["", "attention.qkv.weight"]);
    layer.value = "mlp.up.weight";
    offerLayers({ upload, layer, note });
    expect(layer.value).toBe("mlp.up.weight");
    upload.value = [file("<b>.safetensors", new TextEncoder().encode("no such file"))];
    offerLayers({ upload, layer, note });
    expect(note.value).toMatch(/^<span[^>]*><b>&#60;b&#62;\.safetensors<\/b> readSafetensorsHeader: /);
    expect(layer.value).toBe("mlp.up.weight");
  });

  test("shows every method in the table, and those that fit in the picture; names are escaped", () => {
    const { upload, layer, note, table, chart } = made();
    const name = "<img src=x>";
    upload.value = [file("b.safetensors", io.writeSafetensors({ [name]: random.normal(random.key(1), [10, 256]) }))];
    offerLayers({ upload, layer, note });
    showComparison({ upload, layer, table, chart });
    expect(table.value).toContain("&#60;img src=x&#62;: 10 x 256, F32");
    expect(table.value).not.toContain("<img");
    expect(table.value.match(/<tr>/g)).toHaveLength(10);
    expect(table.value).toContain("expected both sides to be multiples of group = 8");
    expect(chart.data).toHaveLength(8);
    expect(chart.plotLayout).toMatchObject({ title: { text: "Error against size: &#60;img src=x&#62;" } });
  });

  test("compares the first rows of a large layer, and the whole groups of an odd one", () => {
    const { upload, layer, note, table, chart } = made();
    upload.value = [file("c.safetensors", io.writeSafetensors({ w: tensor.full([2 ** 13, 36], 0.5) }))];
    offerLayers({ upload, layer, note });
    showComparison({ upload, layer, table, chart });
    expect(mostCompared).toBe(2 ** 18);
    expect(table.value).toContain("its first 7280 rows");
    const viewer = new MaskViewer({ keep: 4, group: 8 });
    showMask({ upload, layer, viewer });
    expect(viewer.weights.shape).toEqual([3640, 32]);
  });
});
