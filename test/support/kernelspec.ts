/** A kernelspec in a folder of its own, for clients that find kernels by name. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { built, emptyFolder } from "./kernel.js";

/** Returns the environment in which Jupyter's clients find the kernel `lowbit` of this checkout. */
export async function environmentWithKernelspec(): Promise<NodeJS.ProcessEnv> {
  const { kernelArgv } = await built<typeof import("../../kernel/io/launch.js")>("kernel/io/launch.js");
  const data = emptyFolder("lowbit-jupyter-");
  const folder = join(data, "kernels", "lowbit");
  mkdirSync(folder, { recursive: true });
  const spec = {
    argv: kernelArgv("{connection_file}"),
    display_name: "TypeScript (Lowbit)",
    language: "typescript",
    interrupt_mode: "message",
  };
  writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec));
  const runtime = join(data, "runtime");
  return {
    ...process.env,
    JUPYTER_PATH: data,
    JUPYTER_RUNTIME_DIR: runtime,
    JUPYTER_PLATFORM_DIRS: "1",
    LOWBIT_HISTORY: join(data, "history.jsonl"),
  };
}
