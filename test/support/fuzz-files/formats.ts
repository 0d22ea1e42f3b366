/** The formats under test, by name. */
import * as dtypes from "../../../src/dtypes/index.js";
import type { FuzzedFormat } from "./campaign.js";
import { npy } from "./npy.js";
import { npz } from "./npz.js";
import { onnx } from "./onnx.js";
import { safetensors } from "./safetensors.js";

export const formats: Readonly<Record<string, FuzzedFormat>> = { npy, npz, safetensors, onnx };

// The tables of the number formats are made at their first use, and are not the files'.
for (const format of Object.values(dtypes)) {
  if (typeof format === "object" && "bits" in format && !("part" in format)) dtypes.decode(format as dtypes.Format, 0);
}
