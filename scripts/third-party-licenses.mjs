// The licenses of the packages that a bundle contains, in the form that JupyterLab's "Licenses" tab shows.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Packages of which a finished bundle is used: what they depend on is inside, and no module of it is seen. */
const bundled = new Set(["plotly.js"]);

/** Returns name, version, license and its text for every package that one of the module *paths* is from. */
export function licensesOf(paths) {
  const folders = new Set();
  for (const path of paths) {
    // The last node_modules in a path is the one that the module's package is in.
    const [, folder] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(path) ?? [];
    if (folder !== undefined && existsSync(join(folder, "package.json"))) folders.add(folder);
  }
  for (const folder of folders) for (const inside of dependenciesOf(folder)) folders.add(inside);
  const packages = [...folders].map(describe).filter(({ name }) => name !== undefined);
  const unique = new Map(packages.map((entry) => [`${entry.name}@${entry.versionInfo}`, entry]));
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The folders of all packages that a finished bundle of this one contains, at any depth. */
function dependenciesOf(folder) {
  const { name, dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!bundled.has(name)) return [];
  return Object.keys(dependencies).flatMap((dependency) => withDependencies(dependency, folder, new Set()));
}

function withDependencies(name, from, seen) {
  let place = from;
  while (!existsSync(join(place, "node_modules", name, "package.json"))) {
    // An optional or a bundled dependency may not be installed.
    if (dirname(place) === place) return [];
    place = dirname(place);
  }
  const folder = join(place, "node_modules", name);
  if (seen.has(folder)) return [];
  seen.add(folder);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return [folder, ...Object.keys(dependencies).flatMap((one) => withDependencies(one, folder, seen))];
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
