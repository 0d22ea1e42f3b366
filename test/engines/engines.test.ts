// The same functions give the same bits in Node and in a browser: what a notebook, a picture and a test show agrees.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { launch } from "../widgets/browser.js";
import { fingerprint } from "./fingerprint.js";

test("Node and Chromium agree in every bit", async (context) => {
  const path = need(context, chromium());
  const entry = fileURLToPath(new URL("./fingerprint.ts", import.meta.url));
  const bundled = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "lowbit",
  });
  const browser = await launch(path);
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: bundled.outputFiles[0]?.text ?? "" });
    const there = (await page.evaluate("lowbit.fingerprint()")) as Record<string, string>;
    const here = fingerprint();
    expect(Object.keys(there)).toEqual(Object.keys(here));
    const different = Object.keys(here).filter((name) => here[name] !== there[name]);
    expect(different).toEqual([]);
  } finally {
    await browser.close();
  }
}, 60_000);
