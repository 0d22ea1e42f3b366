import { ShapeError, ValueError } from "../errors.js";
import type { Qparams } from "./choose-qparams.js";
import { checkConvention } from "./convention.js";
import { type Blocks, blocksOf } from "./granularity.js";

/** What codes are stored as. */
export type QuantizedDtype = "int8" | "uint8" | "int16" | "uint16" | "int32";

const dtypes = [
  ["int8", -128, 127],
  ["uint8", 0, 255],
  ["int16", -32768, 32767],
  ["uint16", 0, 65535],
] as const;

/** Returns the smallest dtype for the codes. @throws ValueError for what are no qparams */
export function codeDtype(caller: string, qparams: Qparams): QuantizedDtype {
  if (qparams?.kind !== "qparams") {
    throw new ValueError(`${caller}: qparams ${JSON.stringify(qparams)}, expected what chooseQparams returns`);
  }
  const { low, high } = checkConvention(caller, qparams.convention);
  return dtypes.find(([, least, most]) => least <= low && high <= most)?.[0] ?? "int32";
}

/**
 * Returns the blocks of a shape, checked against the scales and zero points.
 * @throws ShapeError unless there is one of each per block; ValueError for a scale or a zero point that cannot be
 */
export function checkedBlocks(caller: string, shape: readonly number[], qparams: Qparams): Blocks {
  const { scales, zeroPoints, granularity } = qparams;
  const blocks = blocksOf(caller, shape, granularity);
  for (const [name, { shape: found }] of [["scales", scales] as const, ["zero points", zeroPoints] as const]) {
    if (found.length === blocks.scaleShape.length && found.every((side, i) => side === blocks.scaleShape[i])) continue;
    throw new ShapeError(
      `${caller}: ${name} of shape [${found.join(", ")}], expected [${blocks.scaleShape.join(", ")}], one per block`,
    );
  }
  for (let i = 0; i < blocks.count; i++) {
    const [scale, zeroPoint] = [scales.data[i] as number, zeroPoints.data[i] as number];
    if (scale > 0 && Number.isFinite(scale) && Number.isFinite(zeroPoint)) continue;
    throw new ValueError(
      `${caller}: scale ${scale} and zero point ${zeroPoint} of block ${i}, expected finite numbers, scale > 0`,
    );
  }
  return blocks;
}

/** Calls `visit` for runs of neighbours that share scale and zero point. */
export function forEachBlock(
  blocks: Blocks,
  { scales, zeroPoints }: Qparams,
  visit: (first: number, length: number, scale: number, zeroPoint: number) => void,
): void {
  blocks.forEachRun((first, length, block) => {
    visit(first, length, scales.data[block] as number, zeroPoints.data[block] as number);
  });
}
