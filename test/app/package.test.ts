/** The packed package, installed where nothing else is: it runs notebooks and serves the app without what we develop
 * with. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { emptyFolder, root } from "../support/kernel.js";
import { chromium, need, type Peer, pythonWith } from "../support/peers.js";
import { openPypi } from "./pypi.js";
import { notebook } from "./support.js";

/** Used to build or to test, or left out of the app: no code of them is shipped. */
const leftOut = new Set([
  "@jupyter-widgets/schema",
  "@jupyterlab/htmlviewer-extension",
  "@jupyterlab/nbformat",
  "@jupyterlab/pdf-extension",
  "@jupyterlab/rendermime-interfaces",
  "@jupyterlab/terminal-extension",
  "@jupyterlab/theme-dark-extension",
  "@jupyterlab/theme-dark-high-contrast-extension",
  "@jupyterlab/theme-light-extension",
]);
const folder = emptyFolder("lowbit-package-");
const modules = join(folder, "node_modules");
const bin = join(modules, "lowbit", "bin", "lowbit.js");
const running: ChildProcess[] = [];

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** Packs the repository and installs the file. The packages come from npm's registry. */
function install(): Peer & { readonly tarball?: string } {
  const quiet = { encoding: "utf8" as const, stdio: "pipe" as const, timeout: 200_000 };
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], { ...quiet, cwd: root });
  const [{ filename }] = JSON.parse(packed) as [{ readonly filename: string }];
  const tarball = join(folder, filename);
  writeFileSync(join(folder, "package.json"), "{}");
  try {
    execFileSync("npm", ["install", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", tarball], {
      ...quiet,
      cwd: folder,
    });
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr);
    if (!/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENOTCACHED/.test(said)) throw error;
    return { reason: `npm's registry cannot be reached: ${said.split("\n")[0]}` };
  }
  return { path: modules, tarball };
}

describe("the packed package", () => {
  const installed = install();

  test("is at most 100 MB, packed and unpacked, and holds what is used and nothing else", (context) => {
    need(context, installed);
    expect(statSync(installed.tarball as string).size).toBeLessThan(100e6);
    const package_ = join(modules, "lowbit");
    expect(readdirSync(package_).sort()).toEqual([
      ...["LICENSE", "README.md", "THIRD_PARTY_NOTICES", "bin", "dist", "notebooks", "package.json"],
    ]);
    expect(folderSize(package_)).toBeLessThan(100e6);
    expect(readdirSync(join(package_, "dist")).sort()).toEqual([
      ...["amd", "app", "export", "index.js", "kernel", "labextension", "src", "widgets"],
    ]);
  });

  test("names every package that its bundles contain, with a licence", (context) => {
    need(context, installed);
    const text = readFileSync(join(modules, "lowbit", "THIRD_PARTY_NOTICES"), "utf8");
    const development = Object.entries(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies);
    const inTheApp = development.filter(([name]) => /^@jupyter(lab|-widgets)\//.test(name) && !leftOut.has(name));
    expect(inTheApp.length).toBeGreaterThan(40);
    const inside = [...inTheApp, ...development.filter(([name]) => name === "plotly.js")];
    expect(inside.filter(([name, version]) => !text.includes(`\n${name} ${version} (`))).toEqual([]);
    // One inside a bundle of Plotly's, and one that only a chunk of the app's imports.
    expect(text).toContain("\nd3-selection ");
    expect(text).toContain("\nvega-view ");
    expect(text).not.toMatch(/\((undefined|UNLICENSED)\)/);
  });

  test("brings none of the packages that are needed to develop it", (context) => {
    need(context, installed);
    const development = ["vitest", "typescript", "@biomejs", "@rspack", "playwright-core", "plotly.js"];
    expect(development.filter((name) => existsSync(join(modules, name)))).toEqual([]);
  });

  test("runs a notebook with the library, a widget and the compiler", (context) => {
    need(context, installed);
    const file = join(folder, "n.ipynb");
    const cells = [
      'import { check, random, sparsity } from "lowbit";\nimport { MaskViewer } from "lowbit/widgets";\nconst W = random.normal(random.key(1), [8, 12]);',
      "new MaskViewer({ weights: W, keep: 2, group: 4 })",
      'check("2 of 4", sparsity.isNm(sparsity.transposableMask(W, { keep: 2, group: 4 }), { keep: 2, group: 4 }))',
    ];
    writeFileSync(file, JSON.stringify(notebook(...cells)));
    const said = execFileSync(process.execPath, [bin, "run", file, "--check"], { encoding: "utf8", stdio: "pipe" });
    expect(said).toBe("1 of 1 as expected\n");
  });

  test("installs its kernel and its widgets, and JupyterLab shows a mask with them", async (context) => {
    need(context, installed);
    const python = need(context, pythonWith("jupyterlab", "jupyterlab_widgets"));
    const executablePath = need(context, chromium());
    const code = [
      'import { random } from "lowbit";',
      'import { MaskViewer } from "lowbit/widgets";',
      "new MaskViewer({ weights: random.normal(random.key(1), [8, 12]), keep: 2, group: 4 })",
    ].join("\n");
    const notebooks = { "n.ipynb": notebook(code) };
    const lab = await openPypi({ app: "jupyterlab", python, executablePath, notebooks, bin });
    try {
      const spec = join(lab.data, "kernels", "lowbit", "kernel.json");
      expect(readFileSync(spec, "utf8")).toContain(JSON.stringify(join(modules, "lowbit", "dist")).slice(1, -1));
      await lab.open("n.ipynb");
      await lab.command("notebook:run-all-cells");
      await lab.page.locator(".jp-OutputArea .lowbit-mask-grid [role=gridcell]").nth(95).waitFor();
      expect(lab.complaints).toEqual([]);
    } finally {
      await lab.close();
    }
  });

  test("serves the app, its notebooks and its widgets", async (context) => {
    need(context, installed);
    const server = spawn(process.execPath, [bin, "start", "--no-open", "--root", join(modules, "lowbit")], {
      env: { ...process.env, LOWBIT_STATE_DIR: emptyFolder() },
      stdio: ["ignore", "pipe", "inherit"],
    });
    running.push(server);
    const address = await new Promise<URL>((resolve, reject) => {
      server.stdout?.setEncoding("utf8").on("data", (text: string) => {
        const found = /http:\S+/.exec(text)?.[0];
        if (found) resolve(new URL(found));
      });
      server.once("exit", (code) => reject(new Error(`lowbit start ended (${code})`)));
    });
    expect(address.pathname).toBe("/lab/tree/notebooks/00-tour.ipynb");
    const headers = { authorization: `token ${address.searchParams.get("token")}` };
    for (const path of [address.pathname, "/widgets/lab.js", "/api/contents/notebooks"]) {
      const answer = await fetch(new URL(path, address), { headers });
      expect([path, answer.status]).toEqual([path, 200]);
      await answer.arrayBuffer();
    }
  });
});

function folderSize(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
