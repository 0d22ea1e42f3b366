import { homedir, tmpdir, userInfo } from "node:os";
import { isAbsolute } from "node:path";

/**
 * Returns the person's home folder, always as an absolute path: an empty or relative `HOME` would put settings and
 * history below whatever folder a program was started in. Who has no home at all gets the folder of temporary files.
 */
export function homeFolder(): string {
  return [homedir, () => userInfo().homedir].map(attempt).find(isAbsolute) ?? tmpdir();
}

/** In a container the user may have no entry in the password file, and then the system call throws. */
function attempt(ask: () => string): string {
  try {
    return ask();
  } catch {
    return "";
  }
}
