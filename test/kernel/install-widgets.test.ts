/** The widgets that `lowbit install` puts into a Jupyter; the oracle of their places is JupyterLab's own tool. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { prefixDataFolder, userDataFolder } from "../../kernel/cli/jupyter-paths.js";
import { type NewFolder, placeFolders } from "../../kernel/cli/place-folders.js";
import { emptyFolder, root } from "../support/kernel.js";
import { doctor, labextensionOf, lowbit, nbextensionOf, placesOf, readSpec, specOf } from "../support/lowbit.js";
import { need, pythonWith } from "../support/peers.js";

describe("the widgets", () => {
  const manifest = (folder: string): { readonly version: string; readonly name: string } =>
    JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

  test("are whole, as the package has them; one of an older version leaves nothing behind", async () => {
    const prefix = emptyFolder();
    const data = prefixDataFolder(prefix);
    for (const folder of [labextensionOf(data), nbextensionOf(data)]) {
      mkdirSync(join(folder, "static"), { recursive: true });
      writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "lowbit", version: "0.0.1" }));
      writeFileSync(join(folder, "static", "old.js"), "");
    }
    const { stdout } = await lowbit(["install", "--prefix", prefix]);
    expect(stdout.match(/^\w+/gm)).toEqual(["Installed", "Replaced", "Replaced"]);
    const files = (folder: string): string[] => (readdirSync(folder, { recursive: true }) as string[]).sort();
    const built = join(root, "dist", "labextension");
    expect(files(labextensionOf(data))).toEqual([...files(built), "install.json"].sort());
    expect(manifest(labextensionOf(data))).toEqual(manifest(built));
    expect(existsSync(join(nbextensionOf(data), "static"))).toBe(false);
    expect(readFileSync(join(nbextensionOf(data), "index.js"))).toEqual(readFileSync(join(root, "dist", "index.js")));
  });

  test("--no-widgets: the kernel alone, and what an earlier installation had is gone", async () => {
    const prefix = emptyFolder();
    const data = prefixDataFolder(prefix);
    await lowbit(["install", "--no-widgets", "--prefix", prefix]);
    expect(readdirSync(data)).toEqual(["kernels"]);
    await lowbit(["install", "--prefix", prefix]);
    expect(placesOf(data).filter(existsSync)).toEqual(placesOf(data));
    const { stdout } = await lowbit(["install", "--no-widgets", "--prefix", prefix]);
    expect(stdout.match(/^\w+/gm)).toEqual(["Replaced", "Removed", "Removed"]);
    expect(placesOf(data).filter(existsSync)).toEqual([specOf(data)]);
  });

  test.for(["labextensions", "nbextensions"])(
    "of another program in %s: nothing is written, nothing removed",
    async (room) => {
      const prefix = emptyFolder();
      const data = prefixDataFolder(prefix);
      const folder = join(data, room, "lowbit");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "other", version: "1.0.0" }));
      const { code, stderr } = await lowbit(["install", "--prefix", prefix]);
      expect([code, stderr]).toEqual([
        1,
        `lowbit: install: ${folder} belongs to another program; move it away first\n`,
      ]);
      expect(readdirSync(data)).toEqual([room]);
      writeFileSync(join(folder, "index.js"), "theirs");
      rmSync(join(folder, "package.json"));
      expect((await lowbit(["uninstall", "--prefix", prefix])).code).toBe(1);
      expect(existsSync(folder)).toBe(true);
    },
  );

  test("empty folders are taken and removed: what an interrupted copy left is nobody's", async () => {
    const prefix = emptyFolder();
    const data = prefixDataFolder(prefix);
    for (const folder of placesOf(data)) mkdirSync(folder, { recursive: true });
    expect((await lowbit(["install", "--prefix", prefix])).code).toBe(0);
    expect(placesOf(data).map((folder) => readdirSync(folder).length > 0)).toEqual(placesOf(data).map(() => true));
    for (const folder of placesOf(data)) {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
    }
    expect((await lowbit(["uninstall", "--prefix", prefix])).stdout.match(/^Removed/gm)).toHaveLength(3);
    expect(placesOf(data).filter(existsSync)).toEqual([]);
  });

  test("a place that cannot be written leaves the earlier installation as it was", async () => {
    const prefix = emptyFolder();
    const data = prefixDataFolder(prefix);
    await lowbit(["install", "--no-widgets", "--prefix", prefix]);
    writeFileSync(join(specOf(data), "kernel.json"), JSON.stringify({ ...readSpec(data), display_name: "earlier" }));
    writeFileSync(join(data, "nbextensions"), "a file");
    const { code, stderr } = await lowbit(["install", "--prefix", prefix]);
    expect([code, /cannot be written/.test(stderr)]).toEqual([1, true]);
    expect(readSpec(data).display_name).toBe("earlier");
    expect(readdirSync(join(data, "kernels"))).toEqual(["lowbit"]);
    expect(readdirSync(join(data, "labextensions"))).toEqual([]);
  });

  test("folders are put in place together: when one cannot be moved, those before it are put back", () => {
    const home = emptyFolder();
    const at = (name: string): string => join(home, name, "x");
    const text = (name: string): string => readFileSync(join(at(name), "text"), "utf8");
    const folder = (name: string, content: string): NewFolder => ({
      folder: at(name),
      fill: (to) => writeFileSync(join(to, "text"), content),
    });
    placeFolders([folder("a", "1"), folder("b", "1")]);
    const breaker: NewFolder = {
      folder: at("c"),
      fill: () => {
        const [temporary] = readdirSync(join(home, "b")).filter((name) => name.startsWith(".x-"));
        rmSync(join(home, "b", temporary as string), { recursive: true });
      },
    };
    expect(() => placeFolders([folder("a", "2"), folder("b", "2"), breaker])).toThrow(/ENOENT/);
    expect([text("a"), text("b")]).toEqual(["1", "1"]);
    expect(["a", "b", "c"].map((name) => readdirSync(join(home, name)))).toEqual([["x"], ["x"], []]);
  });

  test("JupyterLab's own tool finds them, and doctor sees what that tool switches off", {
    timeout: 240_000,
  }, async (context) => {
    const python = need(context, pythonWith("jupyterlab", "jupyterlab_widgets"));
    const tool = join(python, "..", "jupyter-labextension");
    const [HOME, prefix] = [emptyFolder(), emptyFolder()];
    await lowbit(["install", "--prefix", prefix]);
    const ours = { HOME, JUPYTER_PATH: prefixDataFolder(prefix), VIRTUAL_ENV: join(root, ".venv") };
    const env = { ...process.env, ...ours };
    const labextension = (...args: string[]): string => {
      const { stdout, stderr } = spawnSync(tool, args, { env, encoding: "utf8", timeout: 120_000 });
      return stdout + stderr;
    };
    const { version } = manifest(root);
    expect(labextension("list")).toMatch(new RegExp(`lowbit v${version} .*enabled.* .*OK`));
    const findings = async (): Promise<string[]> => (await doctor(ours)).of("widgets", "jupyterlab_widgets");
    const data = prefixDataFolder(prefix);
    const manager = join(root, ".venv/share/jupyter/labextensions/@jupyter-widgets/jupyterlab-manager");
    const well = [
      `ok: widgets for JupyterLab and Notebook 7: ${labextensionOf(data)}`,
      `ok: widgets' AMD module: ${nbextensionOf(data)}`,
      `ok: ${manager}`,
    ];
    expect(await findings()).toEqual(well);
    labextension("disable", "--level=user", "lowbit");
    const config = join(HOME, ".jupyter", "labconfig", "page_config.json");
    expect(await findings()).toEqual([...well, `problem: ${config} switches lowbit off`]);
    labextension("enable", "--level=user", "lowbit");
    expect(await findings()).toEqual(well);
  });

  test("doctor sees widgets of another version, half of them, and that ipywidgets' are missing", {
    timeout: 240_000,
  }, async () => {
    const HOME = emptyFolder();
    await lowbit(["install"], { HOME });
    const data = userDataFolder({ env: {}, platform: process.platform, home: HOME });
    expect((await doctor({ HOME })).of("jupyterlab_widgets")[0]).toMatch(/^note: not found/);
    const file = join(labextensionOf(data), "package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...manifest, version: "0.0.1" }));
    rmSync(join(nbextensionOf(data), "index.js"));
    const { code, of } = await doctor({ HOME });
    expect(code).toBe(1);
    expect(of("widgets")).toEqual([
      `problem: ${labextensionOf(data)}: written by 0.0.1, this is ${manifest.version}`,
      `problem: ${nbextensionOf(data)}: ${join(nbextensionOf(data), "index.js")} is not there`,
    ]);
    rmSync(join(labextensionOf(data), "static"), { recursive: true });
    expect((await doctor({ HOME })).of("widgets")[0]).toMatch(/^problem: .*remoteEntry\.\w+\.js is not there$/);
    expect((await lowbit(["install"], { HOME })).code).toBe(0);
    expect((await doctor({ HOME })).of("widgets").map((one) => one.slice(0, 2))).toEqual(["ok", "ok"]);
  });
});
