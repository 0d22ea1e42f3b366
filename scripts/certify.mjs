// `npm run certify`: what every code of every number format decodes to, and the codes of all values around every
// rounding boundary, as hashes; one line per format, compared with test/fixtures/dtypes-certificates.json. Exit 1 when
// one differs. `--write` writes that file anew: look at the difference before you commit it.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (name) => fileURLToPath(new URL(`../test/${name}`, import.meta.url));
const file = path("fixtures/dtypes-certificates.json");
const entry = { entryPoints: [path("dtypes/certificate.ts")], bundle: true, write: false, format: "esm" };
const { outputFiles } = await build(entry);
const code = Buffer.from(outputFiles[0].contents).toString("base64");
const { certificates } = await import(`data:text/javascript;base64,${code}`);

const found = certificates();
if (process.argv.includes("--write")) {
  writeFileSync(file, `[\n${found.map((line) => `  ${JSON.stringify(line)}`).join(",\n")}\n]\n`);
}
const expected = new Map(JSON.parse(readFileSync(file, "utf8")).map((line) => [line.name, line]));
let wrong = 0;
for (const line of found) {
  const known = expected.get(line.name);
  expected.delete(line.name);
  const different = ["codes", "decode", "encode"].filter((field) => known?.[field] !== line[field]);
  if (different.length > 0) wrong++;
  const verdict = different.length === 0 ? "ok" : known ? `DIFFERS: ${different.join(", ")}` : "NOT IN THE FILE";
  console.log(
    `${line.name.padEnd(20)} ${String(line.codes).padStart(5)} codes  ${line.decode}  ${line.encode}  ${verdict}`,
  );
}
for (const name of expected.keys()) console.log(`${name.padEnd(20)} IS IN THE FILE ONLY`);
wrong += expected.size;
console.log(wrong === 0 ? `ok: ${found.length} formats, Node ${process.version}` : `${wrong} differ`);
process.exitCode = wrong === 0 ? 0 : 1;
