import type { Format } from "./format.js";
import { checkFormat, layoutOf } from "./layout.js";

const tables = new WeakMap<Format, Float32Array>();

/** Returns the values of all codes of a format; it is built once and belongs to this room: do not write to it. */
export function tableOf(caller: string, format: Format): Float32Array {
  let table = tables.get(format);
  if (table === undefined) {
    checkFormat(caller, format);
    table = build(caller, format);
    tables.set(format, table);
  }
  return table;
}

function build(caller: string, format: Format): Float32Array {
  const table = new Float32Array(2 ** format.bits);
  if (format.kind === "int") {
    const negative = format.signed ? table.length / 2 : table.length;
    for (let code = 0; code < table.length; code++) table[code] = code < negative ? code : code - table.length;
    return table;
  }
  const { sign, max, infinity, magnitudes } = layoutOf(caller, format);
  table.fill(Number.NaN);
  for (let code = 0; code <= max; code++) {
    table[code] = magnitudes[code] as number;
    if (sign > 0) table[code + sign] = -(magnitudes[code] as number);
  }
  if (infinity >= 0 && sign > 0) table[infinity + sign] = Number.NEGATIVE_INFINITY;
  if (infinity >= 0) table[infinity] = Number.POSITIVE_INFINITY;
  if (format.nan === "negative-zero") table[sign] = Number.NaN;
  return table;
}
