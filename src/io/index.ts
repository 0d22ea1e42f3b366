/**
 * Files of arrays: `.npy` and `.npz` as NumPy writes them, `.safetensors`, and the weights of `.onnx` models. Functions take and return bytes; nothing here touches the
 * file system. What a file says of its own size is checked against its size before anything is made.
 * @example import { io } from "lowbit"; io.openSafetensors(readFileSync("model.safetensors")).tensor("wte.weight")
 */
export { type ReadNpyOptions, readNpy, type WriteNpyOptions, writeNpy } from "./npy.js";
export { type ReadNpzOptions, readNpz, type WriteNpzOptions, writeNpz } from "./npz.js";
export { type OnnxEntry, type OnnxFile, openOnnx } from "./onnx.js";
export { openSafetensors, type SafetensorsFile } from "./safetensors.js";
export {
  readSafetensorsHeader,
  type SafetensorsDtype,
  type SafetensorsEntry,
  type SafetensorsHeader,
} from "./safetensors-header.js";
export {
  openShards,
  readSafetensorsIndex,
  type SafetensorsIndex,
  type ShardEntry,
  type ShardedSafetensors,
} from "./safetensors-index.js";
export type { TensorReader } from "./safetensors-tensors.js";
export { type SafetensorsCodes, type WriteSafetensorsOptions, writeSafetensors } from "./safetensors-write.js";
export {
  type TensorFile,
  type TensorPlace,
  type TensorSummary,
  type TensorTable,
  type TensorTableOptions,
  tensorTable,
  type ValueSummary,
} from "./tensor-table.js";
