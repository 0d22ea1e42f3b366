/** One line on the process's real stderr, from any thread and also while the main thread is busy. Never user content. */
import { writeSync } from "node:fs";

/** Writes `lowbit kernel: <line>`; a closed stderr is no reason to die. */
export function log(line: string): void {
  try {
    writeSync(2, `lowbit kernel: ${line.replaceAll("\n", " ")}\n`);
  } catch {
    // Nobody is listening.
  }
}
