/** The exported page of `your-own-weights`: without kernel and network, another layer, another file, a file that is none. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { dtypes, io, random } from "lowbit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emptyFolder, root } from "../support/kernel.js";
import { chromium, need } from "../support/peers.js";
import { becomesLive, closeBrowser, openFile } from "./browser.js";
import { lowbit } from "./command.js";

const file = join(emptyFolder("lowbit-export-weights-"), "weights.html");

beforeAll(() => {
  const { status, stderr } = lowbit(["export", join(root, "notebooks/your-own-weights.ipynb"), "--run", "-o", file]);
  expect(status, stderr).toBe(0);
  expect(gzipSync(readFileSync(file)).length).toBeLessThan(3_000_000);
}, 120_000);

afterAll(closeBrowser);

test("layers are compared, and files dropped, in the page alone", { timeout: 90_000 }, async (context) => {
  const opened = await openFile(need(context, chromium()), file);
  await becomesLive(opened);
  const { page } = opened;
  const caption = (): Promise<string | null> => page.locator(".lb-widget caption").first().textContent();
  const layers = page.locator(".lb-widget select").filter({ has: page.locator("option", { hasText: /weight|W/ }) });
  const points = (): Promise<number> => page.locator(".scatterlayer .point").count();
  const drop = async (name: string, buffer: Uint8Array): Promise<void> => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: /another file/ }).click();
    await (await chooser).setFiles({ name, mimeType: "", buffer: Buffer.from(buffer) });
  };
  expect(await caption()).toBe("attention.qkv.weight: 192 x 256, BF16");
  await layers.first().selectOption("head.weight");
  await expect.poll(caption).toBe("head.weight: 10 x 256, F32");
  expect(await page.locator(".lb-widget table").first().innerText()).toContain("multiples of group = 8");
  await expect.poll(points).toBe(16);
  await expect.poll(() => page.locator(".lowbit-mask").innerText()).toContain("8 x 256");

  await drop("none.safetensors", new TextEncoder().encode("nothing of the kind"));
  await expect.poll(() => page.locator(".lb-widget").first().innerText()).toContain("none.safetensors");
  expect(await caption()).toBe("head.weight: 10 x 256, F32");

  const codes = dtypes.encode(dtypes.float16, random.normal(random.key(1), [32, 128]));
  await drop("other.safetensors", io.writeSafetensors({ "<b>W": { dtype: "F16", codes } }));
  await expect.poll(caption).toBe("<b>W: 32 x 128, F16");
  await expect.poll(points).toBe(18);
  await expect.poll(() => page.locator(".lowbit-mask").innerText()).toContain("32 x 128");
  await expect.poll(() => page.locator(".gtitle").first().textContent()).toContain("<b>W");
  expect([opened.complaints, opened.asked, opened.dialogs]).toEqual([[], [], []]);
  await page.close();
});
