// The licenses of the packages that a bundle contains, in the form that JupyterLab's "Licenses" tab shows.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Returns name, version, license and its text for every package that one of the module *paths* is from. */
export function licensesOf(paths) {
  const folders = new Set();
  for (const path of paths) {
    // The last node_modules in a path is the one that the module's package is in.
    const [, folder] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(path) ?? [];
    if (folder !== undefined && existsSync(join(folder, "package.json"))) folders.add(folder);
  }
  const packages = [...folders].map(describe).filter(({ name }) => name !== undefined);
  const unique = new Map(packages.map((entry) => [`${entry.name}@${entry.versionInfo}`, entry]));
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe(folder) {
  const { name, version, license, licenses } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  return {
    name,
    versionInfo: version ?? "",
    licenseId: license?.type ?? license ?? licenses?.map(({ type }) => type).join(" OR ") ?? "see the text",
    extractedText: file === undefined ? "" : readFileSync(join(folder, file), "utf8"),
  };
}
