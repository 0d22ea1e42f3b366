/** The worker's script: runs the widgets' tasks and answers with what they return. */
import { defineRecipeTask } from "../dom/recipes.js";
import { createRunner, type Order } from "../dom/tasks.js";
import { defineExpressionTasks } from "../expression/view-tasks.js";
import { defineMicroscopeTasks } from "../format-microscope/view-tasks.js";
import { defineLognormalTasks } from "../lognormal-fit/view-tasks.js";
import { defineLandscapeTasks } from "../loss-landscape/view-tasks.js";
import { defineMaskTasks } from "../mask/view-tasks.js";

defineMaskTasks();
defineExpressionTasks();
defineRecipeTask();
defineLognormalTasks();
defineLandscapeTasks();
defineMicroscopeTasks();
const page = globalThis as unknown as Worker;
const runner = createRunner((report, transfer) => page.postMessage(report, transfer));
addEventListener("message", ({ data }: MessageEvent<Order>) => runner.take(data));
