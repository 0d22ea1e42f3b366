/** What `lowbit doctor` says of the widgets in front ends that are already there: JupyterLab and Notebook 7. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding, PackageFacts } from "./doctor.js";
import { type FrontEnd, frontEnds, installedIn, labextension, packageName } from "./front-ends.js";
import { configFolders, dataFolders } from "./jupyter-paths.js";

/** The widgets of ipywidgets for JupyterLab; Lowbit's are registered with them. */
const manager = "@jupyter-widgets/jupyterlab-manager";
const again = "lowbit install, with the same --prefix or --sys-prefix if it is not your own folder";

/** Every installed front end; of JupyterLab's also whether it can work there. */
export function frontEndFindings({ version }: PackageFacts): Finding[] {
  const found = frontEnds.flatMap((frontEnd) => dataFolders().flatMap((data) => installation(frontEnd, data, version)));
  const inLab = dataFolders().some((data) => existsSync(labextension.folderIn(data)));
  if (inLab) return [...found, ipywidgets(), ...disabled()];
  const detail = "Lowbit's are not installed in JupyterLab; `lowbit start` and `lowbit run` do not need it";
  return [...found, { check: "widgets", status: "note", detail, mend: "lowbit install" }];
}

function installation(frontEnd: FrontEnd, data: string, version: string): Finding[] {
  const folder = frontEnd.folderIn(data);
  const installed = installedIn(folder);
  if (installed === undefined) return [];
  const check = "widgets";
  if (!installed.ours) {
    const detail = `${folder} belongs to another program, so Lowbit's cannot be installed there`;
    return [{ check, status: "note", detail, mend: `move ${folder} away` }];
  }
  const missing = [...scriptsOf(frontEnd, folder)].find((file) => !existsSync(file));
  if (missing !== undefined) {
    return [{ check, status: "problem", detail: `${folder}: ${missing} is not there`, mend: again }];
  }
  if (installed.version !== version) {
    const detail = `${folder}: written by ${installed.version ?? "an unknown version"}, this is ${version}`;
    return [{ check, status: "problem", detail, mend: again }];
  }
  return [{ check, status: "ok", detail: `${frontEnd.title}: ${folder}` }];
}

/** The files that a front end loads first. */
function scriptsOf(frontEnd: FrontEnd, folder: string): string[] {
  if (frontEnd !== labextension) return ["index.js", "extension.js"].map((file) => join(folder, file));
  const manifest = readJson(join(folder, "package.json")) as
    | { jupyterlab?: { _build?: { load?: unknown } } }
    | undefined;
  const load = manifest?.jupyterlab?._build?.load;
  return [join(folder, typeof load === "string" ? load : "static/remoteEntry.js")];
}

/** Without it JupyterLab shows no widgets at all, neither Lowbit's nor ipywidgets'. */
function ipywidgets(): Finding {
  const check = "jupyterlab_widgets";
  const folders = dataFolders().map((data) => join(data, "labextensions", manager));
  const found = folders.find((folder) => existsSync(join(folder, "package.json")));
  if (found !== undefined) return { check, status: "ok", detail: found };
  const detail = "not found beside Lowbit's widgets; without it JupyterLab and Notebook show no widgets";
  return { check, status: "note", detail, mend: "pip install jupyterlab_widgets, in JupyterLab's environment" };
}

/** Extensions that a page_config.json switches off: ours, or the one that ours are registered with. */
function disabled(): Finding[] {
  const files = [
    ...configFolders().map((folder) => join(folder, "labconfig", "page_config.json")),
    ...dataFolders().map((folder) => join(folder, "lab", "settings", "page_config.json")),
  ];
  return files.flatMap((file) =>
    disabledIn(file).map((name): Finding => {
      const detail = `${file} switches ${name} off`;
      return { check: "widgets", status: "problem", detail, mend: `jupyter labextension enable ${name}` };
    }),
  );
}

/** JupyterLab takes a list of names, or an object whose values are true; a name is an extension or one plugin of it. */
function disabledIn(file: string): string[] {
  const config = readJson(file) as { disabledExtensions?: unknown } | undefined;
  const listed = config?.disabledExtensions;
  if (typeof listed !== "object" || listed === null) return [];
  const names = Array.isArray(listed) ? listed.map(String) : Object.keys(listed).filter((name) => isOn(listed, name));
  return names.filter((name) => [packageName, manager].some((own) => name === own || name.startsWith(`${own}:`)));
}

function isOn(values: object, name: string): boolean {
  return (values as Readonly<Record<string, unknown>>)[name] === true;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
