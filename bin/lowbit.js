#!/usr/bin/env node
// Nothing is imported before the version is known: an older Node would stop at a file with a message of its own.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  await import("../dist/kernel/main.js");
} else {
  console.error(`lowbit: this is Node ${process.versions.node}, expected 20.19 or newer (nodejs.org)`);
  process.exitCode = 1;
}
