import { join } from "node:path";
import { homeFolder } from "../../kernel/io/home.js";

/**
 * Returns the folder of this person's settings, workspaces and trusted notebooks: `$LOWBIT_STATE_DIR`, or the
 * platform's place for such things. It is created on first use.
 * @example stateFolder({ LOWBIT_STATE_DIR: "/tmp/lowbit" }) // "/tmp/lowbit"
 */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homeFolder(),
): string {
  if (env.LOWBIT_STATE_DIR) return env.LOWBIT_STATE_DIR;
  if (platform === "darwin") return join(home, "Library", "Application Support", "lowbit");
  if (platform === "win32") return join(env.APPDATA || join(home, "AppData", "Roaming"), "lowbit");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "lowbit");
}
