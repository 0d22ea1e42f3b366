/** The mask widget as a still picture, for places that cannot run it. */
import { maskSvg } from "../../src/sparsity/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { analyze, maskNames, percent } from "./compute.js";

const gap = 16;

/**
 * Returns an SVG of the masks of a small matrix, side by side with what each keeps: row-wise, the transposable
 * optimum and both greedy methods.
 * @param weights at most 16 x 16, sides multiples of group
 * @example snapshotSvg(tile, { keep: 2, group: 4 })
 */
export function snapshotSvg(weights: Tensor, pattern: { readonly keep: number; readonly group: number }): string {
  const columns = weights.shape[1] as number;
  const cell = columns <= 8 ? 34 : columns <= 12 ? 30 : 20;
  // More numbers than this would run into each other.
  const labels = columns <= 12 ? { weights } : {};
  const pictures = analyze(weights, pattern)
    .masks.filter(({ kind }) => kind !== "unstructured")
    .map(({ kind, mask, share }) =>
      maskSvg(mask, { ...labels, group: pattern.group, cell, title: `${maskNames[kind]}: keeps ${percent(share)}` }),
    );
  const sizes = pictures.map((picture) => sizeOf(picture));
  const width = Math.max(...sizes.map(([w]) => w));
  const height = Math.max(...sizes.map(([, h]) => h));
  const placed = pictures.map((picture, i) => {
    const x = (i % 2) * (width + gap);
    const y = Math.floor(i / 2) * (height + gap);
    return picture.replace("<svg ", `<svg x="${x}" y="${y}" `);
  });
  const total = [2 * width + gap, 2 * height + gap];
  const size = `width="${total[0]}" height="${total[1]}" viewBox="0 0 ${total.join(" ")}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" ${size}>\n${placed.join("\n")}\n</svg>`;
}

function sizeOf(svg: string): [number, number] {
  const [, width, height] = / width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return [Number(width), Number(height)];
}
