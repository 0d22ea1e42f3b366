// Compiles src/wasm/kernels/*.ts (AssemblyScript) into src/wasm/modules/*.generated.ts: `node scripts/build-wasm.mjs
// [name …]`, or --check, which only compares. The output is committed, so that nobody needs the compiler to use Lowbit.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../src/wasm/", import.meta.url));

/** The 64 KiB page in which each module's constant tables lie; all modules share one memory. Pages 1..32. */
const pages = {
  "nm-mask": 1,
  transposable: 2,
  "transposable-blocks": 3,
  "float-round": 4,
  "float-draw": 5,
  "fake-quantize": 6,
  "value-range": 7,
  dequantize: 8,
  histogram: 9,
  huffman: 10,
  rans: 11,
  universal: 12,
  crc32: 13,
  dwt: 14,
  gemm: 15,
  binary: 16,
  decompositions: 17,
  channels: 18,
  dgemm: 19,
  "log-moments": 21,
  "float-bins": 22,
};

const flags = [
  ...["-O3", "--noAssert", "--runtime", "stub", "--importMemory", "--initialMemory", "34", "--maximumMemory", "65536"],
  ...["--enable", "simd", "--enable", "bulk-memory", "--use", "abort="],
];

/** The kernel files, by name; files that begin with an underscore are parts of others. */
export function kernelNames() {
  return readdirSync(`${folder}kernels`)
    .filter((file) => /^[a-z].*\.ts$/.test(file))
    .map((file) => file.slice(0, -3));
}

/** Returns the text of the module that carries a kernel file's bytes. */
export async function compile(name) {
  const page = pages[name];
  if (page === undefined) throw new Error(`build-wasm: ${name} has no page, expected one in scripts/build-wasm.mjs`);
  const { default: asc } = await import("assemblyscript/asc");
  let bytes;
  const { error, stderr } = await asc.main(
    [`${name}.ts`, "--outFile", `${name}.wasm`, "--memoryBase", String(page * 65536), ...flags],
    {
      readFile: (file) =>
        existsSync(`${folder}kernels/${file}`) ? readFileSync(`${folder}kernels/${file}`, "utf8") : null,
      writeFile: (file, contents) => {
        if (file.endsWith(".wasm")) bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`build-wasm: ${name}: ${error.message}\n${stderr.toString()}`);
  const limitsAt = importedLimits(bytes);
  return `// Written by scripts/build-wasm.mjs from ../kernels/${name}.ts.
import type { KernelModule } from "../machine.js";

export const ${camel(name)}: KernelModule = {
  name: "${name}",
  limitsAt: ${limitsAt},
  base64:
    "${Buffer.from(bytes).toString("base64")}",
};
`;
}

/** Returns where the flags of the one imported memory stand; refuses a module that imports anything else. */
function importedLimits(bytes) {
  const [only, ...others] = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  if (only?.kind !== "memory" || others.length > 0) throw new Error("build-wasm: expected one import, the memory");
  const path = Buffer.from("\x03env\x06memory\x02", "latin1");
  const at = Buffer.from(bytes).indexOf(path);
  if (at < 0 || bytes[at + path.length] !== 1) throw new Error("build-wasm: the imported memory was not found");
  return at + path.length;
}

function camel(name) {
  return `${name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())}Kernels`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2);
  const names = given.filter((name) => !name.startsWith("--"));
  for (const name of names.length > 0 ? names : kernelNames()) {
    const file = `${folder}modules/${name}.generated.ts`;
    const text = await compile(name);
    const before = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (before === text) continue;
    if (given.includes("--check")) {
      console.error(`build-wasm: ${name} is not what its source gives`);
      process.exitCode = 1;
    } else writeFileSync(file, text);
  }
}
