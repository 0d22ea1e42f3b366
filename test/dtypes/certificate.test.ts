/** The certificates of the number formats are those of the committed file, here, in Chromium, and from the command. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { sha256 } from "../support/sha256.js";
import { launch } from "../widgets/browser.js";
import { type Certificate, certificates } from "./certificate.js";
import { floats, ints } from "./oracle.js";

const committed: Certificate[] = JSON.parse(
  readFileSync(new URL("../fixtures/dtypes-certificates.json", import.meta.url), "utf8"),
);

test("SHA-256 is Node's", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 167) & 0xff);
    expect(sha256(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});

test("Node gives the committed certificates, of every format", () => {
  expect(certificates()).toEqual(committed);
  expect(committed.map(({ name }) => name)).toEqual(
    expect.arrayContaining([...floats, ...ints].map(({ name }) => name)),
  );
}, 120_000);

test("Chromium gives them too", async (context) => {
  const path = need(context, chromium());
  const entry = fileURLToPath(new URL("./certificate.ts", import.meta.url));
  const options = { bundle: true, write: false, format: "iife", globalName: "lowbit" } as const;
  const bundled = await build({ entryPoints: [entry], ...options });
  const browser = await launch(path);
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: bundled.outputFiles[0]?.text ?? "" });
    expect(await page.evaluate("lowbit.certificates()")).toEqual(committed);
  } finally {
    await browser.close();
  }
}, 120_000);

test("npm run certify says so, a line per format", () => {
  const script = fileURLToPath(new URL("../../scripts/certify.mjs", import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  expect([stderr, status]).toEqual(["", 0]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.slice(0, -1).every((line) => line.endsWith("  ok"))).toBe(true);
  expect(lines.at(-1)).toBe(`ok: ${committed.length} formats, Node ${process.version}`);
}, 120_000);
