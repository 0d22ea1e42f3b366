// `lowbit/io/node` and what it returns, as a notebook sees them: without the types of Node.
import type { Tensor } from "lowbit";
import { openSafetensors, tensorTable } from "lowbit/io";
import { load, openSafetensorsFile, openSafetensorsIndex, save } from "lowbit/io/node";

const weights: Tensor = load("weights.npy", { format: undefined });
const arrays = load("arrays.npz");
const one: Tensor | undefined = arrays.one;
const row: Tensor = load("model.safetensors").part("wte.weight", 0, 768);
const shard: string | undefined = load("model.safetensors.index.json").tensors.get("wte.weight")?.shard;
const external: boolean | undefined = load("model.onnx").tensors.get("conv1.weight")?.external;
const largest: number | undefined = tensorTable(openSafetensorsFile("a.safetensors")).rows[0]?.values?.max;
save("layer.safetensors", { weights, row }, { metadata: { epoch: "3" } });
save("arrays.npz", arrays, { compressed: true });
openSafetensorsIndex("model.safetensors.index.json", { links: true }).tensor("wte.weight");
openSafetensors(new Uint8Array(8)).codes("low");

// @ts-expect-error a tensor, not a record
load("weights.npy").one.one;
// @ts-expect-error a file of tensors is not a tensor
const wrong: Tensor = load("model.safetensors");
// @ts-expect-error what it is depends on the file
const unknown: Tensor = load("weights");

export { external, largest, one, shard, unknown, weights, wrong };
