// `npm run check`: types, lint, format and import rules. Prints what failed; exit 1 when anything did.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const checks = [
  ["types", ["node_modules/typescript-native/bin/tsc", "-b"]],
  ["lint, format, imports", ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."]],
];
let failed = 0;
for (const [name, command] of checks) {
  const result = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  if (result.status !== 0) failed++;
  console.log(`${result.status === 0 ? "ok  " : "FAIL"} ${name}`);
}
process.exitCode = failed === 0 ? 0 : 1;
