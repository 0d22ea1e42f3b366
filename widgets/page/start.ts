/** Starts the kernel half where there are Bindings. */
import type { KernelHalf, SavedModels } from "./manager.js";
import { hasPiece, loadPiece, pieces } from "./pieces.js";

/** Returns the kernel half of these models; undefined when no Binding is among them. */
export async function startKernelHalf(models: SavedModels): Promise<KernelHalf | undefined> {
  if (!Object.values(models).some(({ model_name }) => model_name === "BindingModel")) return undefined;
  if (hasPiece("kernel")) await loadPiece("kernel");
  const { kernel } = pieces() as { kernel: typeof import("./kernel.js") };
  return kernel.startKernel(models);
}
