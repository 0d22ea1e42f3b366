/** What the operating system knows of processes. */
import { readdirSync, readlinkSync } from "node:fs";

/** Tells whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether this system tells what files a process has open. */
export const listsOpenFiles: boolean = process.platform === "linux";

/** Returns what a process has open: paths, and `socket:[…]` and the like with their numbers taken out. */
export function openFiles(pid: number = process.pid): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((fd) => {
    try {
      return [readlinkSync(`${folder}/${fd}`).replace(/\[\d+\]/, "[…]")];
    } catch {
      return []; // closed meanwhile: the folder's own handle is one of them
    }
  });
}
