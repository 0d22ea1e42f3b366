/**
 * How `../your-own-weights.ipynb` writes a model: packed, as codes, scales and masks with what is needed to decode them, and
 * plain, as ordinary weights.
 */
import { errors, type io, tensor } from "lowbit";
import { layersOf, type Method, methodNamed, readLayer, type Stored, type StoredDtype, stored } from "./methods";

/** Tensors of a file, and its metadata. */
export interface Content {
  readonly tensors: Readonly<Record<string, Stored>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Tensors of dtypes that are not written (integers of 64 bits, complex numbers), which are left out. */
  readonly leftOut: readonly string[];
}

/** How a layer is stored, in the metadata. */
interface Recipe {
  readonly method: string;
  readonly shape: readonly number[];
  readonly dtype: StoredDtype;
}

/** The metadata under which the recipes are kept, as JSON by the name of the layer. */
export const recipesKey = "lowbit.layers";

/** Packs every layer that the method fits; all else stays as it is. */
export function packFile(file: io.SafetensorsFile, method: Method): Content {
  const tensors: Record<string, Stored> = {};
  const recipes: Record<string, Recipe> = {};
  const leftOut: string[] = [];
  const layers = new Set(layersOf(file));
  for (const [name, { shape }] of file.tensors) {
    const packed = layers.has(name) ? tryToPack(file, name, method) : undefined;
    const copy = packed ? undefined : copyOf(file, name);
    for (const [part, values] of Object.entries(packed?.parts ?? {})) tensors[`${name}.${part}`] = values;
    if (packed) recipes[name] = { method: method.name, shape, dtype: packed.dtype };
    else if (copy) tensors[name] = copy;
    else leftOut.push(name);
  }
  const metadata = { ...Object.fromEntries(file.metadata), [recipesKey]: JSON.stringify(recipes) };
  return { tensors, metadata, leftOut };
}

function tryToPack(
  file: io.SafetensorsFile,
  name: string,
  method: Method,
): { readonly parts: Readonly<Record<string, Stored>>; readonly dtype: StoredDtype } | undefined {
  const { weights, dtype } = readLayer(file, name);
  try {
    const parts = method.pack(weights, dtype);
    // A tensor that is called as a part would be is not to be replaced.
    return Object.keys(parts).some((part) => file.tensors.has(`${name}.${part}`)) ? undefined : { parts, dtype };
  } catch (error) {
    if (error instanceof errors.ShapeError || error instanceof errors.ValueError) return undefined;
    throw error;
  }
}

/** Returns a tensor as the file has it; undefined for a dtype that is not written. */
function copyOf(file: io.SafetensorsFile, name: string): Stored | undefined {
  const dtype = file.tensors.get(name)?.dtype ?? "C64";
  if (/^(BOOL|[UI](8|16|32)|F(32|64))$/.test(dtype)) return file.tensor(name);
  if (/^(BF16|F16|F8_.*|F4)$/.test(dtype)) return { dtype, codes: file.codes(name) };
  return undefined;
}

/** Decodes a packed file: every layer under its own name, in the dtype it had. */
export function unpackFile(file: io.SafetensorsFile): Content {
  const recipes = JSON.parse(file.metadata.get(recipesKey) ?? "{}") as Record<string, Recipe>;
  const tensors: Record<string, Stored> = {};
  for (const [name, { method, shape, dtype }] of Object.entries(recipes)) {
    tensors[name] = stored(methodNamed(method).unpack(file, `${name}.`, shape), dtype);
  }
  for (const name of file.tensors.keys()) {
    const copy = isPart(name, recipes) ? undefined : copyOf(file, name);
    if (copy) tensors[name] = copy;
  }
  const metadata = Object.fromEntries([...file.metadata].filter(([key]) => key !== recipesKey));
  return { tensors, metadata, leftOut: [] };
}

/** Whether a tensor is a part of a packed layer: that layer's name, and one of the names that methods use. */
function isPart(name: string, recipes: Readonly<Record<string, Recipe>>): boolean {
  const [, layer] = /^(.*)\.(?:codes|scales|tensor_scale|mask|kept)$/s.exec(name) ?? [];
  return layer !== undefined && Object.hasOwn(recipes, layer);
}

/** Whether two files have the same tensors: names, dtypes, shapes, and every bit. */
export function sameTensors(a: io.SafetensorsFile, b: io.SafetensorsFile): boolean {
  const names = [...a.tensors.keys()];
  return (
    names.length === b.tensors.size &&
    names.every((name) => {
      const [one, other] = [a.tensors.get(name), b.tensors.get(name)];
      if (one?.dtype !== other?.dtype || one?.shape.join() !== other?.shape.join()) return false;
      const bits = bitsOf(b, name);
      return bitsOf(a, name).every((byte, i) => byte === bits[i]);
    })
  );
}

function bitsOf(file: io.SafetensorsFile, name: string): Uint8Array {
  const copy = copyOf(file, name) ?? file.tensor(name);
  const { data } = tensor.isTensor(copy) ? copy : copy.codes;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
