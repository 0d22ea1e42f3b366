// Preloaded into every thread of a kernel: ends the one that LOWBIT_TEST_THREAD names ("io" or "compiler") in the way
// that LOWBIT_TEST_END names, once the file LOWBIT_TEST_SIGNAL exists. It ends it once; its successor lives.
const { existsSync, rmSync } = require("node:fs");
const { isMainThread, workerData } = require("node:worker_threads");

const { LOWBIT_TEST_THREAD: wanted, LOWBIT_TEST_END: end, LOWBIT_TEST_SIGNAL: signal } = process.env;
const name = isMainThread ? "main" : workerData?.connectionFile ? "io" : "compiler";
const ways = {
  exit: () => process.exit(5),
  error: () => {
    throw new Error("planted");
  },
  memory: () => {
    const hoard = [];
    for (;;) hoard.push(new Array(1000).fill(hoard.length));
  },
};
if (name === wanted) {
  const timer = setInterval(() => {
    if (!existsSync(signal)) return;
    clearInterval(timer);
    rmSync(signal);
    ways[end]();
  }, 20);
  timer.unref();
}
