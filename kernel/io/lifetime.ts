/** How a kernel process ends: when told to, when its parent is gone, and also while a cell is in a loop. */

/** How often the parent is looked for, in milliseconds. */
const parentPoll = 1000;
/** How long the main thread may take to exit by itself, in milliseconds. */
const grace = 1000;

/** How {@link endProcess} reaches the other threads. */
export interface Ending {
  /** Stops what runs on the main thread; `settled` is called when that thread is free. */
  stop(settled: () => void): void;
  /** Asks the main thread to exit, which runs the user's exit handlers. */
  exit(): void;
}

/**
 * Ends the whole process from the io thread, also while a cell is in a loop: the loop is stopped, main exits, and if
 * it does not come to that the process is killed. `process.exit` in a thread would end only the thread.
 */
export function endProcess({ stop, exit }: Ending): void {
  setTimeout(() => process.kill(process.pid, "SIGKILL"), grace);
  stop(exit);
}

/** Calls `gone` once the process that started this kernel (`JPY_PARENT_PID`) has ended; without one, never. */
export function watchParent(gone: () => void, env: NodeJS.ProcessEnv = process.env): void {
  const parent = Number(env.JPY_PARENT_PID);
  if (!Number.isInteger(parent) || parent <= 1) return;
  // An ended parent that nobody has waited for still has a process id, but its children get another parent.
  const adopted = process.ppid;
  const timer = setInterval(() => {
    if (isAlive(parent) && process.ppid === adopted) return;
    clearInterval(timer);
    gone();
  }, parentPoll);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
