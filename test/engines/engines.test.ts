// The same functions give the same bits in Node and in a browser: what a notebook, a picture and a test show agrees.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { launch } from "../widgets/browser.js";
import { fingerprint, hasKernels } from "./fingerprint.js";

test("Node and Chromium, plain code and kernels agree in every bit", async (context) => {
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
    expect([hasKernels(), await page.evaluate("lowbit.hasKernels()")]).toEqual([true, true]);
    const here = fingerprint(true);
    const others = {
      "plain in Node": fingerprint(false),
      "kernels in Chromium": (await page.evaluate("lowbit.fingerprint(true)")) as Record<string, string>,
      "plain in Chromium": (await page.evaluate("lowbit.fingerprint(false)")) as Record<string, string>,
    };
    for (const [name, other] of Object.entries(others)) {
      expect(Object.keys(other)).toEqual(Object.keys(here));
      expect([name, ...Object.keys(here).filter((key) => here[key] !== other[key])]).toEqual([name]);
    }
  } finally {
    await browser.close();
  }
}, 60_000);
