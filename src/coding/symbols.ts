import { DtypeError, ShapeError, ValueError } from "../errors.js";
import { dtypeOf, integerRanges } from "../tensor/data.js";
import { sizeOf } from "../tensor/shape.js";
import type { DataByDtype, Tensor, TensorData } from "../tensor/types.js";

/** The dtypes whose values can be coded, in the order of their numbers in a stream. */
export type SymbolDtype = "bool" | "int8" | "uint8" | "int16" | "uint16" | "int32";

/** Integers to be coded: a tensor, or a typed array of one axis; dtype bool, int8, uint8, int16, uint16 or int32. */
export type Symbols = Tensor | TensorData;

/** A tensor of symbols. */
export interface SymbolTensor {
  readonly data: DataByDtype[SymbolDtype];
  readonly shape: readonly number[];
  readonly dtype: SymbolDtype;
}

/** Smallest and largest value of each dtype, in the order of their numbers in a stream. */
export const symbolRanges: Readonly<Record<SymbolDtype, readonly [number, number]>> = {
  bool: integerRanges.bool,
  int8: integerRanges.int8,
  uint8: integerRanges.uint8,
  int16: integerRanges.int16,
  uint16: integerRanges.uint16,
  int32: integerRanges.int32,
};

/** The most axes that a stream holds. */
export const maxRank = 32;

/** Returns symbols as a tensor. @throws DtypeError, ShapeError or ValueError when they are none that can be coded */
export function symbolsOf(caller: string, symbols: Symbols): SymbolTensor {
  const plain = dtypeOf(symbols);
  const { data, shape, dtype } =
    plain === undefined
      ? (symbols as Tensor)
      : { data: symbols as TensorData, shape: [(symbols as TensorData).length], dtype: plain };
  if (!Object.hasOwn(symbolRanges, String(dtype))) {
    const names = Object.keys(symbolRanges).join(", ");
    throw new DtypeError(`${caller}: symbols of dtype ${JSON.stringify(dtype)}, expected one of ${names}`);
  }
  const held = dtypeOf(data);
  if (held !== (dtype === "bool" ? "uint8" : dtype)) {
    throw new DtypeError(`${caller}: data of ${held ?? "no typed array"}, expected those of a tensor of ${dtype}`);
  }
  if (shape.length > maxRank) throw new ShapeError(`${caller}: ${shape.length} axes, expected at most ${maxRank}`);
  if (sizeOf(shape, caller) !== data.length) {
    throw new ShapeError(
      `${caller}: ${data.length} symbols, expected ${sizeOf(shape)} for shape [${shape.join(", ")}]`,
    );
  }
  if (dtype === "bool") checkBooleans(caller, data);
  return { data, shape, dtype } as SymbolTensor;
}

function checkBooleans(caller: string, data: TensorData): void {
  for (let i = 0; i < data.length; i++) {
    if ((data[i] as number) > 1) {
      throw new ValueError(`${caller}: value ${data[i]} at position ${i}, expected 0 or 1 for bool`);
    }
  }
}
