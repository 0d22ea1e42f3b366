#!/usr/bin/env node
// Nothing of ours is imported before the version is known: an older Node would stop at a file with its own words.
import { existsSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
const main = new URL("../dist/kernel/main.js", import.meta.url);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`lowbit: this is Node ${process.versions.node}, expected 20.19 or newer (nodejs.org)`);
  process.exitCode = 1;
} else if (existsSync(main)) {
  await import(main.href);
} else {
  console.error("lowbit: this copy of the repository is not built yet: npm ci && npm run build");
  process.exitCode = 1;
}
