// Writes THIRD_PARTY_NOTICES: every package whose code is in a bundle that Lowbit ships, with its licence. Each build
// that bundles packages leaves a licenses.json below dist/, and this joins them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const rule = "-".repeat(80);

/** Every licenses.json below dist/, by its path there. */
function lists() {
  const files = readdirSync(join(root, "dist"), { recursive: true });
  return files.filter((file) => /(^|[\\/])licenses\.json$/.test(file)).sort();
}

/** Returns each package once, by name and version. */
export function joinLicenses(entries) {
  const unique = new Map(entries.map((entry) => [`${entry.name}@${entry.versionInfo}`, entry]));
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Most packages share a handful of texts: each text stands once, below all that it is for. */
function notices(entries) {
  const parts = [...byText(entries)].map(([text, packages]) => {
    const names = packages.map(({ name, versionInfo, licenseId }) => `${name} ${versionInfo} (${licenseId})`);
    return `${rule}\n${names.join("\n")}\n\n${text || "The package has no licence file; its licence is the one named above."}\n`;
  });
  return `Lowbit ships code of these packages in its bundles.\n\n${parts.join("\n")}`;
}

function byText(entries) {
  const groups = new Map();
  for (const entry of entries) {
    const text = entry.extractedText.trim();
    groups.set(text, [...(groups.get(text) ?? []), entry]);
  }
  return groups;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = lists().flatMap((file) => JSON.parse(readFileSync(join(root, "dist", file), "utf8")));
  const text = notices(joinLicenses(all));
  const file = join(root, "THIRD_PARTY_NOTICES");
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}
