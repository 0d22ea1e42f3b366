/** Keys in the mask view: which of them the notebook around it gets; in Chromium. */
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { close, open, type PageModel } from "./playground.js";

declare const lowbitPlayground: { readonly models: Record<string, PageModel> };

afterAll(close);

const cell = (row: number, column: number): string => `[role="gridcell"][data-row="${row}"][data-column="${column}"]`;

test("keys in the view are kept from JupyterLab, those with Ctrl are not", { timeout: 60_000 }, async (context) => {
  const { page } = await open(need(context, chromium()), "mask");
  await page.evaluate(() => {
    const seen: string[] = [];
    const listen = (event: KeyboardEvent): void => {
      const kept = (event.target as Element).closest("[data-lm-suppress-shortcuts]") !== null;
      seen.push(`${event.key} ${kept}`);
    };
    document.addEventListener("keydown", listen, true);
    Object.assign(globalThis, { seen });
  });
  await page.locator(cell(0, 0)).focus();
  for (const key of ["ArrowDown", "Control+s", "+"]) await page.keyboard.press(key);
  const seen = (): Promise<string[]> => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  await expect.poll(seen).toEqual(["ArrowDown true", "Control false", "s false", "+ true"]);
  await page.close();
});

/** JupyterLab's command registry as a script that sets `commands`, the namespace. */
async function luminoScript(): Promise<string> {
  const contents = 'import * as commands from "@lumino/commands"; Object.assign(globalThis, { commands });';
  const result = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: "iife",
    logLevel: "error",
  });
  return result.outputFiles[0]?.text ?? "";
}

/** Makes the page a notebook in command mode with some of JupyterLab's bindings; returns the commands that run. */
async function becomeNotebook(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(await luminoScript());
  await page.evaluate(() => {
    const { CommandRegistry } = (globalThis as unknown as { commands: typeof import("@lumino/commands") }).commands;
    const registry = new CommandRegistry();
    const ran: string[] = [];
    const bind = (keys: string[], selector: string): void => {
      const id = keys.join(" ");
      registry.addCommand(id, { execute: () => void ran.push(id) });
      registry.addKeyBinding({ command: id, keys, selector });
    };
    const inCommandMode = ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus";
    for (const keys of [["D", "D"], ["R"], ["M"], ["X"], ["Z"], ["ArrowDown"], ["Enter"]]) bind(keys, inCommandMode);
    bind(["Ctrl S"], "body");
    bind(["Ctrl G"], inCommandMode);
    document.body.classList.add("jp-Notebook", "jp-mod-commandMode");
    document.addEventListener("keydown", (event) => registry.processKeydownEvent(event), true);
    Object.assign(globalThis, { takeRan: () => ran.splice(0) });
  });
  return () => page.evaluate(() => (globalThis as unknown as { takeRan(): string[] }).takeRan());
}

test("no notebook command runs by keys in the view, but for those with Ctrl", { timeout: 60_000 }, async (context) => {
  const { page } = await open(need(context, chromium()), "mask-large");
  const ran = await becomeNotebook(page);
  const keys = ["d", "d", "r", "m", "x", "z"];
  const view = page.locator(".lowbit-mask");
  const places = {
    weight: view.locator(cell(2, 3)),
    radio: view.getByRole("radio", { name: "Row-wise" }),
    select: view.getByLabel("weights per group", { exact: true }),
    button: view.getByRole("button", { name: "Transpose" }),
    canvas: view.getByRole("application"),
    number: view.getByRole("spinbutton"),
  };
  for (const [name, place] of Object.entries(places)) {
    await place.focus();
    for (const key of [...keys, "ArrowDown"]) await page.keyboard.press(key);
    expect([name, await ran()]).toEqual([name, []]);
    await place.focus();
    for (const key of ["Control+s", "Control+g"]) await page.keyboard.press(key);
    expect([name, await ran()]).toEqual([name, ["Ctrl S", "Ctrl G"]]);
  }
  await expect.poll(() => page.locator("[data-lm-suppress-shortcuts]").count()).toBe(0);
  // Outside the view they do run.
  await page.getByRole("button", { name: "Dark theme" }).focus();
  for (const key of keys) await page.keyboard.press(key);
  expect(await ran()).toEqual(["D D", "R", "M", "X", "Z"]);
  await page.close();
});

test("a key with Ctrl reaches the notebook however soon it follows another key in the view", {
  timeout: 60_000,
}, async (context) => {
  const { page } = await open(need(context, chromium()), "mask");
  const ran = await becomeNotebook(page);
  // Both in one task: no timer runs in between, as on a busy page.
  await page.locator(cell(2, 3)).evaluate((node) => {
    const codes = { ArrowDown: 40, d: 68, s: 83, z: 90 };
    for (const key of ["ArrowDown", "d", "d", "s", "z"] as const) {
      const init = { key, keyCode: codes[key], ctrlKey: key === "s", bubbles: true, cancelable: true };
      node.dispatchEvent(new KeyboardEvent("keydown", init));
    }
  });
  expect(await ran()).toEqual(["Ctrl S"]);
  await page.close();
});
