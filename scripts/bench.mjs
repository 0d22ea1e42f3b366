// `npm run bench [-- name]`: runs the benchmarks in bench/, or the one named, and writes bench/results/.
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const all = readdirSync(join(root, "bench"))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.replace(/\.ts$/, ""));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));

if (unknown.length > 0) {
  console.error(`bench: ${unknown.join(", ")}, expected one of ${all.join(", ")}`);
  process.exitCode = 1;
} else {
  for (const name of asked.length > 0 ? asked : all) await runOne(name);
}

/** Bundles one benchmark with the sources it times, runs it, and prints and writes its report. */
async function runOne(name) {
  const folder = join(root, ".cache", "bench");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name}.mjs`);
  const source = join(root, "bench", `${name}.ts`);
  // The peer's script lies beside the source, not beside the bundle.
  const define = { "import.meta.url": JSON.stringify(pathToFileURL(source).href) };
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    define,
  });
  const { run } = await import(pathToFileURL(outfile).href);
  const report = await run();
  const { toMarkdown, writeReport } = await import(pathToFileURL(await bundleReport(folder)).href);
  writeReport(join(root, "bench", "results"), name, report);
  console.log(toMarkdown(report));
}

async function bundleReport(folder) {
  const outfile = join(folder, "report.mjs");
  const entryPoints = [join(root, "bench", "lib", "report.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", target: "node20" });
  return outfile;
}
