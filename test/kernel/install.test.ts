/** `lowbit install`, `uninstall` and `doctor`, as a user calls them; the oracle of the places is jupyter_core itself. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { isAbsolute, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { satisfies } from "../../kernel/cli/doctor.js";
import {
  configFolders,
  dataFolders,
  prefixDataFolder,
  surroundings,
  sysPrefix,
  userDataFolder,
} from "../../kernel/cli/jupyter-paths.js";
import { emptyFolder, root } from "../support/kernel.js";
import { doctor, labextensionOf, lowbit, nbextensionOf, placesOf, readSpec, specOf } from "../support/lowbit.js";
import { need, pythonWith } from "../support/peers.js";

/** What jupyter_core says of the same surroundings. */
function jupyterSays(python: string, expression: string, env: NodeJS.ProcessEnv): unknown {
  const script = `import json; from jupyter_core import paths; print(json.dumps(${expression}))`;
  return JSON.parse(execFileSync(python, ["-W", "ignore", "-c", script], { encoding: "utf8", env }));
}

describe("the places are those of jupyter_core", () => {
  const home = emptyFolder();
  const cases: Record<string, NodeJS.ProcessEnv> = {
    "by default": {},
    "with XDG_DATA_HOME": { XDG_DATA_HOME: join(home, "data") },
    "with JUPYTER_DATA_DIR": { JUPYTER_DATA_DIR: join(home, "jupyter data") },
    "with JUPYTER_CONFIG_DIR": { JUPYTER_CONFIG_DIR: join(home, "config") },
    "with JUPYTER_CONFIG_PATH": { JUPYTER_CONFIG_PATH: `${join(home, "c")}:${join(home, "d")}` },
    "with JUPYTER_PATH": { JUPYTER_PATH: `${join(home, "a")}:${join(home, "b")}` },
  };
  test.for(Object.entries(cases))("%s", ([, added], context) => {
    const python = need(context, pythonWith("jupyter_core"));
    const env = { HOME: home, ...added };
    const where = { env, platform: process.platform, home };
    expect(userDataFolder(where)).toBe(jupyterSays(python, "paths.jupyter_data_dir()", env));
    // The order of user and environment depends on the Python at hand; the folders do not.
    const theirs = jupyterSays(python, "paths.jupyter_path()", env) as string[];
    const environment = prefixDataFolder(join(root, ".venv"));
    const active = { ...where, env: { ...env, VIRTUAL_ENV: join(root, ".venv") } };
    expect([...dataFolders(active)].sort()).toEqual([...new Set([...theirs, environment])].sort());
    const configuration = jupyterSays(python, "paths.jupyter_config_path()", env) as string[];
    expect([...configFolders(active)].sort()).toEqual([...configuration].sort());
  });
});

test("an empty HOME is none: the home is the one of the account", () => {
  vi.stubEnv("HOME", "");
  try {
    expect(isAbsolute(surroundings().home)).toBe(true);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("an older Node is told what is needed, before anything else is loaded", () => {
  const older = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.18.3'}})";
  const { status, stderr } = spawnSync(process.execPath, ["--import", older, join(root, "bin", "lowbit.js")]);
  expect([status, String(stderr)]).toEqual([1, "lowbit: this is Node 20.18.3, expected 20.19 or newer (nodejs.org)\n"]);
});

describe("the active Python environment", () => {
  const { platform } = process;
  const where = (env: NodeJS.ProcessEnv) => ({ env, platform, home: "/nonexistent" });

  test("is that of VIRTUAL_ENV, then of CONDA_PREFIX", () => {
    expect(sysPrefix(where({ VIRTUAL_ENV: "/v", CONDA_PREFIX: "/c" }))).toBe("/v");
    expect(sysPrefix(where({ CONDA_PREFIX: "/c" }))).toBe("/c");
  });

  test("else that of the jupyter command on the path, also through a link from elsewhere", () => {
    const prefix = emptyFolder();
    mkdirSync(join(prefix, "bin"));
    writeFileSync(join(prefix, "bin", "jupyter"), "#!/bin/sh\n");
    writeFileSync(join(prefix, "pyvenv.cfg"), "");
    const links = join(emptyFolder(), "bin");
    mkdirSync(links);
    symlinkSync(join(prefix, "bin", "jupyter"), join(links, "jupyter"));
    expect(sysPrefix(where({ PATH: join(prefix, "bin") }))).toBeUndefined();
    chmodSync(join(prefix, "bin", "jupyter"), 0o755);
    expect(sysPrefix(where({ PATH: join(prefix, "bin") }))).toBe(prefix);
    expect(sysPrefix(where({ PATH: `/nonexistent:${links}` }))).toBe(prefix);
    expect(sysPrefix(where({ PATH: "/nonexistent" }))).toBeUndefined();
  });
});

describe("lowbit install", () => {
  test("writes a kernelspec that everybody can read, into the person's own folder", async () => {
    const HOME = emptyFolder();
    const { code, stdout } = await lowbit(["install"], { HOME });
    const data = userDataFolder({ env: {}, platform: process.platform, home: HOME });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: [
        `Installed the kernel "TypeScript (Lowbit)" in ${specOf(data)}\n`,
        `Installed the widgets for JupyterLab and Notebook 7 in ${labextensionOf(data)}\n`,
        `Installed the widgets' AMD module in ${nbextensionOf(data)}\n`,
      ].join(""),
    });
    expect(readdirSync(join(data, "kernels"))).toEqual(["lowbit"]);
    expect(readdirSync(specOf(data)).sort()).toEqual(["kernel.json", "logo-svg.svg"]);
    expect(statSync(specOf(data)).mode & 0o777).toBe(0o755);
    expect(readSpec(data)).toMatchObject({
      display_name: "TypeScript (Lowbit)",
      language: "typescript",
      interrupt_mode: "message",
    });
    expect((readSpec(data).argv as string[]).every((part) => !part.startsWith("/") || existsSync(part))).toBe(true);
  });

  test("twice replaces the first; uninstall removes it, and says so when there is nothing", async () => {
    const prefix = emptyFolder();
    const at = ["--prefix", prefix];
    await lowbit(["install", ...at]);
    expect((await lowbit(["install", ...at])).stdout).toContain("Replaced the kernel");
    expect((await lowbit(["uninstall", ...at])).stdout).toContain("Removed the kernel");
    expect(placesOf(prefixDataFolder(prefix)).filter(existsSync)).toEqual([]);
    const again = await lowbit(["uninstall", ...at]);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^lowbit: uninstall: there is no kernel in /);
  });

  test("many at once leave one kernelspec, and none of them fails", async () => {
    const prefix = emptyFolder();
    const results = await Promise.all(Array.from({ length: 6 }, () => lowbit(["install", "--prefix", prefix])));
    expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(Array(6).fill([0, ""]));
    const data = prefixDataFolder(prefix);
    expect(readdirSync(data).map((room) => [room, readdirSync(join(data, room))])).toEqual([
      ["kernels", ["lowbit"]],
      ["labextensions", ["lowbit"]],
      ["nbextensions", ["lowbit"]],
    ]);
    expect(readSpec(data)).toMatchObject({ language: "typescript" });
  });

  test("replaces and removes a link to a folder, not what it leads to", async () => {
    const [prefix, elsewhere] = [emptyFolder(), emptyFolder()];
    const folder = specOf(prefixDataFolder(prefix));
    mkdirSync(join(folder, ".."), { recursive: true });
    writeFileSync(join(elsewhere, "mine.txt"), "mine");
    const link = (): void => symlinkSync(elsewhere, folder);
    link();
    expect((await lowbit(["install", "--prefix", prefix])).code).toBe(0);
    expect(lstatSync(folder).isSymbolicLink()).toBe(false);
    cpSync(join(folder, "kernel.json"), join(elsewhere, "kernel.json"));
    rmSync(folder, { recursive: true });
    link();
    expect((await lowbit(["uninstall", "--prefix", prefix])).code).toBe(0);
    expect(readdirSync(elsewhere).sort()).toEqual(["kernel.json", "mine.txt"]);
    expect(existsSync(folder)).toBe(false);
  });

  test("uninstall names the other places that have one", async () => {
    const env = { VIRTUAL_ENV: emptyFolder() };
    expect((await lowbit(["install", "--sys-prefix"], env)).code).toBe(0);
    const { code, stderr } = await lowbit(["uninstall"], env);
    expect(code).toBe(1);
    expect(stderr).toContain(`there is one in ${specOf(prefixDataFolder(env.VIRTUAL_ENV))}`);
  });

  test("leaves a kernel of another program alone", async () => {
    const prefix = emptyFolder();
    const folder = specOf(prefixDataFolder(prefix));
    mkdirSync(folder, { recursive: true });
    const other = JSON.stringify({ argv: ["other"], display_name: "Other" });
    writeFileSync(join(folder, "kernel.json"), other);
    for (const command of ["install", "uninstall"]) {
      const { code, stderr } = await lowbit([command, "--prefix", prefix]);
      expect([code, /another program/.test(stderr)]).toEqual([1, true]);
    }
    expect(readFileSync(join(folder, "kernel.json"), "utf8")).toBe(other);
  });

  test("one place at a time, one that is there, and one that can be written", async () => {
    const file = join(emptyFolder(), "file");
    writeFileSync(file, "");
    const messages = await Promise.all([
      lowbit(["install", "--user", "--sys-prefix"]),
      lowbit(["install", "--sys-prefix"]),
      lowbit(["install", "--prefix", file]),
      lowbit(["install", "--prefix", ""]),
      ...(existsSync("/proc/self") ? [lowbit(["install", "--prefix", "/proc/nobody/at/all"])] : []),
    ]);
    expect(new Set(messages.map(({ code }) => code))).toEqual(new Set([1]));
    expect(messages[0]?.stderr).toMatch(/several places .* expected one of/);
    expect(messages[1]?.stderr).toMatch(/no Python environment is active .* name it with --prefix/);
    expect(messages[2]?.stderr).toMatch(/cannot be written/);
    expect(messages[3]?.stderr).toMatch(/--prefix: an empty text, expected a folder/);
    expect(messages[4]?.stderr ?? "cannot be written").toMatch(/cannot be written/);
  });

  test("Jupyter's own tools find the kernel and run it", async (context) => {
    const python = need(context, pythonWith("jupyter_client", "nbclient"));
    const prefix = emptyFolder();
    await lowbit(["install", "--prefix", prefix]);
    const env = { ...process.env, JUPYTER_PATH: prefixDataFolder(prefix), LOWBIT_HISTORY: join(emptyFolder(), "h") };
    const script = [
      "import json",
      "from jupyter_client.kernelspec import KernelSpecManager",
      "from jupyter_client.manager import start_new_kernel",
      "spec = KernelSpecManager().get_kernel_spec('lowbit')",
      "manager, client = start_new_kernel(kernel_name='lowbit')",
      "reply = client.execute_interactive('const a: number = 40; a + 2', output_hook=lambda m: None, timeout=60)",
      "manager.shutdown_kernel()",
      "print(json.dumps([spec.display_name, spec.interrupt_mode, reply['content']['status']]))",
    ].join("\n");
    const said = execFileSync(python, ["-c", script], { encoding: "utf8", env, timeout: 60_000 });
    expect(JSON.parse(said)).toEqual(["TypeScript (Lowbit)", "message", "ok"]);
  });
});

describe("lowbit doctor", () => {
  test("finds all that is needed, starts a kernel, and says what is not installed", async () => {
    const { code, of } = await doctor({});
    expect(of("Node")[0]).toMatch(/^ok: v\d+\.\d+\.\d+ \(\w+ \w+\), heap limit \d/);
    expect(of("zeromq")).toEqual(["ok: 6.8.0"]);
    expect(of("tslab")).toEqual(["ok: 1.0.22"]);
    expect(of("kernel")[0]).toMatch(/^ok: starts and runs a cell/);
    expect(of("kernelspec")[0]).toMatch(/^note: not installed/);
    expect(of("widgets")[0]).toMatch(/^note: Lowbit's are not installed/);
    expect(of("Jupyter")[0]).toMatch(/^note: no jupyter command/);
    expect(code).toBe(0);
  });

  test("sees a kernelspec that is well, one of a Node that is gone, and one that is broken", async () => {
    const HOME = emptyFolder();
    await lowbit(["install"], { HOME });
    const data = userDataFolder({ env: {}, platform: process.platform, home: HOME });
    expect((await doctor({ HOME })).of("kernelspec")).toEqual([`ok: ${specOf(data)}`]);

    const file = join(specOf(data), "kernel.json");
    const spec = readSpec(data) as { argv: string[] };
    writeFileSync(file, JSON.stringify({ ...spec, argv: ["/gone/node", ...spec.argv.slice(1)] }));
    const gone = await doctor({ HOME });
    expect(gone.of("kernelspec")).toEqual([`problem: ${specOf(data)}: /gone/node is not there any more`]);
    expect(gone.code).toBe(1);

    writeFileSync(file, "{ broken");
    expect((await doctor({ HOME })).of("kernelspec")[0]).toMatch(/^problem: .*cannot be read/);
    expect((await lowbit(["install"], { HOME })).code).toBe(0);
    expect((await doctor({ HOME })).of("kernelspec")).toEqual([`ok: ${specOf(data)}`]);
  });

  test("in words, a line each, with what mends it", async () => {
    const { stdout } = await lowbit(["doctor"]);
    expect(stdout).toMatch(/^ok {6}Node: v/);
    expect(stdout).toMatch(/note {4}kernelspec: .*\n {8}mend: lowbit install\n/);
    expect(stdout).toMatch(/Everything that Lowbit needs is there\.\n$/);
  });

  test("compares versions by number", () => {
    const cases = ["v20.19.0", "v20.18.3", "v20.9.9", "v22.0.0", "v9.30.0", "v20.19"];
    expect(cases.map((version) => satisfies(version, ">=20.19"))).toEqual([true, false, false, true, false, true]);
  });
});
