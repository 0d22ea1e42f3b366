/**
 * Writes `tiny-block.safetensors` beside itself: `node notebooks/data/make-tiny-block.mjs`. What it draws, and why, is in
 * README.md here. The same bytes on every machine.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dtypes, io, math, random } from "lowbit";

const seed = 2026;
/** Spreads, as standard deviations of the logarithm: of single weights, of a row's scale, of a column's scale. */
const spread = { weight: 0.35, row: 0.3, column: 0.2 };
/** One column in 64 is larger by this factor. */
const outlier = { every: 64, factor: 4 };

/** name: [rows, columns]; a layer computes x W^T, so that rows are outputs and columns inputs. */
const layers = {
  "attention.qkv.weight": [192, 256],
  "attention.out.weight": [256, 64],
  "mlp.up.weight": [128, 256],
  "mlp.down.weight": [256, 128],
};

/** Draws a layer: normal weights times lognormal factors, as wide as 1 / sqrt(columns) before the factors. */
function drawLayer(key, [rows, columns]) {
  const keys = random.split(key, 4);
  const draw = (i, shape) => random.normal(keys[i], shape, { dtype: "float64" }).data;
  const [z, tail, row, column] = [
    draw(0, [rows, columns]),
    draw(1, [rows, columns]),
    draw(2, [rows]),
    draw(3, [columns]),
  ];
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < data.length; i++) {
    const [r, c] = [Math.floor(i / columns), i % columns];
    const factor = spread.weight * tail[i] + spread.row * row[r] + spread.column * column[c];
    const size = c % outlier.every === outlier.every - 1 ? outlier.factor : 1;
    data[i] = (size * z[i] * math.exp(factor)) / Math.sqrt(columns);
  }
  return { data, shape: [rows, columns], dtype: "float32" };
}

/** Returns the bytes of the file. */
export function tinyBlock() {
  const shapes = Object.entries(layers);
  const keys = random.split(random.key(seed), shapes.length + 2);
  const tensors = Object.fromEntries(
    shapes.map(([name, shape], i) => [
      name,
      { dtype: "BF16", codes: dtypes.encode(dtypes.bfloat16, drawLayer(keys[i], shape)) },
    ]),
  );
  const norm = random.normal(keys[shapes.length], [256]);
  tensors["norm.weight"] = { ...norm, data: norm.data.map((z) => 1 + 0.1 * z) };
  tensors["head.weight"] = drawLayer(keys[shapes.length + 1], [10, 256]);
  const metadata = {
    made_by: "notebooks/data/make-tiny-block.mjs",
    seed: String(seed),
    trained: "no, drawn at random",
  };
  return io.writeSafetensors(tensors, { metadata });
}

const here = fileURLToPath(import.meta.url);
if (process.argv[1] === here) {
  writeFileSync(fileURLToPath(new URL("tiny-block.safetensors", import.meta.url)), tinyBlock());
}
