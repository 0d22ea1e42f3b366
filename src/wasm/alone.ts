/** Runs kernels whose operands do not come in pieces and are too large for the scratch memory. */
import type { TensorData } from "../tensor/types.js";
import { webAssembly } from "./engine.js";
import { compiledModule, createMachine, type Kernel, scratchStart } from "./machine.js";
import { wasmEnabled } from "./settings.js";
import type { Sweep } from "./sweep.js";

const alignment = 64;
const mostBytes = 2 ** 31;

/**
 * Runs a sweep without sums on the caller's thread in a memory of its own, made for it and given back, and returns whether
 * that was done: false where there are no kernels, or not so much memory, or the kernel gave up.
 */
export function sweepAlone(task: Sweep): boolean {
  if (!wasmEnabled()) return false;
  const { inputs, outputs, tables = [], work = 0, params = [], units } = task;
  const arrays = [...inputs, ...outputs].map(({ data }) => data).concat(tables);
  let end = scratchStart;
  const places = arrays.map(({ byteLength }) => {
    const start = end;
    end += Math.ceil(byteLength / alignment) * alignment;
    return start;
  });
  if (end + work > mostBytes) return false;
  const machine = createMachine(2, end + work);
  const kernel = machine && instantiate(task, machine.memory);
  if (machine === undefined || kernel === undefined) return false;
  const view = (array: TensorData, start: number): Uint8Array =>
    new Uint8Array(machine.buffer, start, array.byteLength);
  const written = inputs.length + outputs.length;
  for (const [i, array] of arrays.entries()) {
    if (i < inputs.length || i >= written) view(array, places[i] as number).set(bytesOf(array));
  }
  if (kernel(units, 0, ...places, ...(work > 0 ? [end] : []), ...params) !== 0) return false;
  for (let i = inputs.length; i < written; i++) {
    const array = arrays[i] as TensorData;
    bytesOf(array).set(view(array, places[i] as number));
  }
  return true;
}

function instantiate(
  { module, kernel }: Sweep,
  memory: NonNullable<ReturnType<typeof createMachine>>["memory"],
): Kernel | undefined {
  const engine = webAssembly();
  if (engine === undefined) return undefined;
  try {
    const { exports } = new engine.Instance(compiledModule(module), { env: { memory } });
    return (exports as Readonly<Record<string, Kernel>>)[kernel];
  } catch {
    return undefined;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: TensorData): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
