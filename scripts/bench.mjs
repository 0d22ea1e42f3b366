// `npm run bench [-- name …] [--runs=N]`: runs the benchmarks in bench/, or those named, and writes bench/results/. A
// comparison of programs also goes into README.md, between <!-- bench:name --> and <!-- /bench:name -->. Other options
// are for the benchmark itself.
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const all = readdirSync(join(root, "bench"))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.replace(/\.ts$/, ""));
const given = process.argv.slice(2);
const options = given.filter((arg) => arg.startsWith("--"));
const asked = given.filter((arg) => !arg.startsWith("--"));
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
  const source = join(root, "bench", `${name}.ts`);
  // The peer's script lies beside the source, not beside the bundle.
  const define = { "import.meta.url": JSON.stringify(pathToFileURL(source).href) };
  const { run } = await bundle(source, join(folder, `${name}.mjs`), define);
  const report = await run(options);
  const lib = await bundle(join(root, "bench", "lib", "report.ts"), join(folder, "report.mjs"), {});
  lib.writeReport(join(root, "bench", "results"), name, report);
  lib.writeReadme(join(root, "README.md"), name, report);
  console.log(lib.toMarkdown(report));
}

async function bundle(source, outfile, define) {
  const target = { platform: "node", format: "esm", target: "node20", packages: "external" };
  await build({ entryPoints: [source], outfile, bundle: true, ...target, define });
  return import(pathToFileURL(outfile).href);
}
