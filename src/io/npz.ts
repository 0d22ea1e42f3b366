import { zipSync } from "fflate";
import { type Displayable, displaySymbol, type MimeBundle } from "../display.js";
import { DtypeError, FileFormatError, ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import { type ReadNpyOptions, readNpy, writeNpy } from "./npy.js";
import { tensorTable } from "./tensor-table.js";
import { readZipDirectory, unzip } from "./zip.js";

/** Options of {@link readNpz}. */
export interface ReadNpzOptions {
  /** What the values of single arrays are codes of, by name: see `readNpy`. */
  readonly formats?: Readonly<Record<string, NonNullable<ReadNpyOptions["format"]>>>;
  /** The most that compressed arrays may be together, in bytes; default 2^30. They can be 1,000 times the file. */
  readonly maxBytes?: number;
}

/**
 * Returns the arrays of an `.npz` file by name, as `readNpy` returns each; `np.savez` and `np.savez_compressed` write
 * such files. Checksums are compared. Errors within an array count its own bytes. Shows itself as a table.
 * @throws FileFormatError for an archive or an array that lies; ValueError for a file of more than `maxBytes`
 * @see NumPy, `numpy.savez`
 * @example readNpz(bytes).get("weights")
 */
export function readNpz(
  bytes: Uint8Array,
  { formats = {}, maxBytes = 2 ** 30 }: ReadNpzOptions = {},
): Map<string, Tensor> & Displayable {
  const caller = "readNpz";
  if (!(bytes instanceof Uint8Array)) throw new DtypeError(`${caller}: ${typeof bytes}, expected a Uint8Array`);
  const entries = readZipDirectory(caller, bytes);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytes)
    throw new ValueError(`${caller}: ${total} bytes of arrays, expected at most maxBytes = ${maxBytes}`);
  const arrays = new Map<string, Tensor>();
  for (const entry of entries) {
    if (!entry.name.endsWith(".npy")) {
      throw new FileFormatError(`${caller}: the file ${JSON.stringify(entry.name)}, expected arrays in .npy`, entry.at);
    }
    const name = entry.name.slice(0, -4);
    const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
    arrays.set(name, readNpy(unzip(caller, bytes, entry), format && { format }));
  }
  const show = (): MimeBundle | Promise<MimeBundle> => tensorTable(arrays)[displaySymbol]();
  // Not enumerable: the map stays equal to one of the same arrays.
  return Object.defineProperty(arrays, displaySymbol, { value: show }) as Map<string, Tensor> & Displayable;
}

/** Options of {@link writeNpz}. */
export interface WriteNpzOptions {
  /** Deflate the arrays, as `np.savez_compressed`; default false. */
  readonly compressed?: boolean;
}

/**
 * Returns an `.npz` file of tensors by name, which `np.load` opens. The same tensors give the same bytes: no date is in it.
 * @throws DtypeError for what is no tensor
 * @example writeNpz({ weights: W, mask })
 */
export function writeNpz(
  tensors: Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>,
  { compressed = false }: WriteNpzOptions = {},
): Uint8Array {
  const given = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  const files = Object.fromEntries(given.map(([name, tensor]) => [`${name}.npy`, writeNpy(tensor)]));
  // The first date that zip knows, in local time, which is what zipSync writes.
  return zipSync(files, { level: compressed ? 6 : 0, mtime: new Date(1980, 0, 1) });
}
