// Preloaded into every thread of a kernel: each collects its garbage and tells its heap when asked on a channel that
// only these threads know. The main thread gets `reportHeaps()`, which asks them all.
const { BroadcastChannel, isMainThread, workerData } = require("node:worker_threads");

const heap = () => {
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};
const name = workerData?.connectionFile ? "io" : "compiler";
if (isMainThread) {
  globalThis.reportHeaps = async () => {
    const channel = new BroadcastChannel("lowbit-test-heaps");
    const heaps = {};
    await new Promise((done) => {
      channel.onmessage = ({ data }) => {
        if (data.ask) return;
        heaps[data.name] = data.used;
        if (Object.keys(heaps).length === 2) done();
      };
      channel.postMessage({ ask: true });
    });
    channel.close();
    return { main: heap(), ...heaps };
  };
} else {
  const channel = new BroadcastChannel("lowbit-test-heaps");
  channel.onmessage = ({ data }) => {
    if (data.ask) channel.postMessage({ name, used: heap() });
  };
  channel.unref();
}
