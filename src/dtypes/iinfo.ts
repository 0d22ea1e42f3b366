import { DtypeError } from "../errors.js";
import type { IntFormat } from "./format.js";
import { checkFormat } from "./layout.js";

/** The limits of an integer format. */
export interface IntInfo {
  readonly bits: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Returns the limits of an integer format.
 * @throws DtypeError for a float format or none; ValueError for a wrong record
 * @see `ml_dtypes.iinfo`
 * @example iinfo(int4) // { bits: 4, min: -8, max: 7 }
 */
export function iinfo(format: IntFormat): IntInfo {
  if (format?.kind !== "int") {
    throw new DtypeError(`iinfo: format ${format?.name ?? JSON.stringify(format)}, expected an integer format`);
  }
  checkFormat("iinfo", format);
  const count = 2 ** format.bits;
  const min = format.signed ? -count / 2 : 0;
  return { bits: format.bits, min, max: min + count - 1 };
}
