/** Where a person's things are kept when their surroundings do not say. */
import { execFileSync } from "node:child_process";
import { isAbsolute, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/kernel.js";

test.each(["", "relative/home"])("with HOME=%j no folder is relative to where one happens to be", (home) => {
  const code = `
    import { stateFolder } from "./dist/app/server/state-folder.js";
    import { historyFile } from "./dist/kernel/io/history.js";
    import { userDataFolder } from "./dist/kernel/cli/jupyter-paths.js";
    console.log(JSON.stringify([stateFolder(), historyFile(), userDataFolder()]));`;
  const { HOME, XDG_DATA_HOME, XDG_STATE_HOME, LOWBIT_STATE_DIR, LOWBIT_HISTORY, JUPYTER_DATA_DIR, ...rest } =
    process.env;
  const env = { ...rest, HOME: home, XDG_STATE_HOME: "" };
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: root, env, encoding: "utf8" });
  const folders = JSON.parse(out) as string[];
  expect(folders.map((folder) => [folder, isAbsolute(folder)])).toEqual(folders.map((folder) => [folder, true]));
  expect(folders.some((folder) => folder.startsWith(join(root, "lowbit")))).toBe(false);
});
