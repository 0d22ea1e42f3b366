/** Why a kernel process ended, in words for the person whose variables are gone. */
import type { KernelExit } from "./launch.js";

/** Returns how to start a kernel with a heap of so many megabytes. */
export function moreMemory(megabytes: number): string {
  return `For more, start Lowbit or Jupyter with NODE_OPTIONS=--max-old-space-size=${megabytes}`;
}

/** What Node and V8 write around the reason; it explains nothing to a user. */
const noise =
  /^(Waiting for the debugger to disconnect|Debugger (attached|listening|ending)|<---|\[\d+:0x|\s*\d+: 0x|-----|#)/;

/**
 * Returns the reason in words: memory, a signal, the exit code; then the last lines of the kernel's stderr, if they
 * say anything.
 * @example describeDeath({ code: null, signal: "SIGKILL", stderr: "" }) // "killed by SIGKILL: by hand, or …"
 */
export function describeDeath(exit: KernelExit): string {
  const reason = reasonOf(exit);
  const lines = exit.stderr.split("\n").filter((line) => line.trim() !== "" && !noise.test(line));
  return [reason, ...lines.slice(-5)].join("\n");
}

function reasonOf({ code, signal, stderr }: KernelExit): string {
  if (/heap out of memory|heap limit/i.test(stderr)) return `out of memory: ${heapAdvice(stderr)}`;
  if (/InternalCallbackScope|async hook stack/.test(stderr)) {
    return "Node ended it (SIGABRT): code that uses async_hooks was stopped half-way";
  }
  switch (signal) {
    case "SIGKILL":
      return "killed by SIGKILL: by hand, or by the system because memory ran out";
    case "SIGSEGV":
    case "SIGBUS":
    case "SIGILL":
    case "SIGFPE":
      return `crashed in native code (${signal}): in an addon or in Node itself`;
    case null:
      return code === null ? "it could not be started" : `exit code ${code}`;
    case "SIGABRT":
      if (!stderr.includes("Napi::Error")) return "aborted (SIGABRT): by Node itself or by an addon";
      return "the thread that serves its sockets ended (SIGABRT), most likely for want of memory";
    default:
      return `ended by ${signal}`;
  }
}

/** V8's last words tell how large the heap was: `Mark-Compact 4045.0 (4110.5) -> 4044.9 (4110.0) MB`. */
function heapAdvice(stderr: string): string {
  const size = Number([...stderr.matchAll(/-> [\d.]+ \(([\d.]+)\) MB/g)].at(-1)?.[1]);
  const words = "the JavaScript heap reached its limit";
  if (!(size > 0)) return `${words}. ${moreMemory(8192)}`;
  return `${words} with ${Math.round(size)} MB. ${moreMemory(Math.max(8192, 2 * Math.round(size)))}`;
}
