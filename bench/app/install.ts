/** How large an installation is and how long it takes, from the packed tarball and from PyPI. */
import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An installation into an empty folder, without what development needs. */
export interface Installation {
  /** Bytes of the packed file; undefined when there are several. */
  readonly packed?: number;
  /** Bytes of the package itself, unpacked. */
  readonly own?: number;
  /** Bytes of everything that was installed. */
  readonly all: number;
  readonly seconds: number;
}

/** Packs the repository, installs the file in an empty folder with npm, and runs a notebook cell from there. */
export function installFromTarball(root: string): Installation {
  return inEmptyFolder((folder) => {
    const npm = (args: readonly string[], cwd: string): string =>
      execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const [packed] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], root)) as [{ filename: string }];
    const tarball = join(folder, packed.filename);
    writeFileSync(join(folder, "package.json"), "{}");
    const started = performance.now();
    npm(["install", "--omit=dev", "--no-audit", "--no-fund", tarball], folder);
    const seconds = (performance.now() - started) / 1000;
    const modules = join(folder, "node_modules");
    // Fails when no cell can be run.
    execFileSync(process.execPath, [join(modules, "lowbit", "bin", "lowbit.js"), "doctor"], { stdio: "ignore" });
    return { packed: statSync(tarball).size, own: size(join(modules, "lowbit")), all: size(modules), seconds };
  });
}

/** Installs packages from PyPI into an empty virtual environment. */
export function installFromPyPI(...packages: readonly string[]): Installation {
  return inEmptyFolder((folder) => {
    const environment = join(folder, "venv");
    const python = join(environment, "bin", "python");
    const started = performance.now();
    execFileSync("python3", ["-m", "venv", environment], { stdio: "ignore" });
    execFileSync(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages], {
      stdio: "ignore",
    });
    const seconds = (performance.now() - started) / 1000;
    execFileSync(python, ["-m", "jupyterlab", "--version"], { stdio: "ignore" });
    return { all: size(environment), seconds };
  });
}

/** Returns the bytes of all files below a path; links are not followed. */
function size(path: string): number {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), 0);
}

function inEmptyFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "lowbit-bench-install-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
