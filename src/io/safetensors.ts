import { type Displayable, displaySymbol } from "../display.js";
import { DtypeError } from "../errors.js";
import { copyOf } from "./npy-values.js";
import { readSafetensorsHeader, type SafetensorsHeader } from "./safetensors-header.js";
import { type ReadBytes, type TensorReader, tensorReader } from "./safetensors-tensors.js";
import { tensorTable } from "./tensor-table.js";

/** An opened `.safetensors` file: nothing is read of a tensor until it is asked for. Shows itself as a `tensorTable`. */
export interface SafetensorsFile extends SafetensorsHeader, TensorReader, Displayable {}

/**
 * Opens a `.safetensors` file: the header is read and checked, tensors when they are asked for.
 * @throws FileFormatError for a header that is none, or does not fit the file; DtypeError without bytes
 * @see https://github.com/huggingface/safetensors, Format
 * @example openSafetensors(bytes).tensor("wte.weight")
 */
export function openSafetensors(bytes: Uint8Array): SafetensorsFile {
  const caller = "openSafetensors";
  if (!(bytes instanceof Uint8Array)) throw new DtypeError(`${caller}: ${typeof bytes}, expected a Uint8Array`);
  return safetensorsFile(caller, readSafetensorsHeader(bytes), (begin, end) => copyOf(bytes, begin, end));
}

/** Returns the file of a header whose tensors are read with `read`. */
export function safetensorsFile(caller: string, header: SafetensorsHeader, read: ReadBytes): SafetensorsFile {
  const file: SafetensorsFile = {
    ...header,
    ...tensorReader(caller, header.tensors, read),
    [displaySymbol]: () => tensorTable(file)[displaySymbol](),
  };
  return file;
}
