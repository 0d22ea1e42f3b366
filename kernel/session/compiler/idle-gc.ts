/** Gives memory back while nobody waits: each cell leaves a few megabytes that V8 would keep until it runs short. */
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How long a thread must have been idle, in milliseconds. */
const patience = 1500;
/** How much must have been left since the last collection, in bytes. */
const worthwhile = 16 * 1024 * 1024;

/**
 * Returns a function to be called after each piece of work of this thread. Some time after the last of them it
 * collects the thread's garbage, if there is enough.
 * @param rest what else may be done the first time
 */
export function createIdleCollector(rest: () => void): () => void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  // V8 refuses code that was compiled under other flags: the next start would not take what this one keeps.
  setFlagsFromString("--no-expose-gc");
  const used = (): number => getHeapStatistics().used_heap_size;
  let floor = 0;
  const timer = setTimeout(() => {
    if (floor === 0) rest();
    if (used() - floor < worthwhile) return;
    collect();
    floor = used();
  }, patience);
  timer.unref();
  return () => {
    timer.refresh();
  };
}
