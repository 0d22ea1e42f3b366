/** The worker's script: answers with what the widgets' tasks return. */
import { answer, type WorkerRequest } from "../dom/background.js";
import { defineMaskTasks } from "../mask/view-tasks.js";

defineMaskTasks();
addEventListener("message", ({ data }: MessageEvent<WorkerRequest>) => {
  (globalThis as unknown as Worker).postMessage(answer(data));
});
