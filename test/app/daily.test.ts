/** The app as a daily tool: what JupyterLab's users expect of files, kernels and consoles, through the page. */
import { existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.js";
import { type Lab, openLab } from "./browser.js";
import { notebook } from "./support.js";

const path = "first.ipynb";
let opened: Lab | undefined;
let lab: Lab;

beforeEach(async (context) => {
  if (!opened) {
    opened = await openLab(context);
    opened.app.file(path, JSON.stringify(notebook("const x = 20;\nx", "x + 1 // ratio", "x + 2 // ratio")));
    opened.app.file("folder/inner.txt", "inner");
    // Nothing but this server answers.
    const { app, page } = opened;
    await page.route(
      (url) => url.host !== `127.0.0.1:${app.server.port}`,
      (route) => route.abort(),
    );
    await opened.open(path);
  }
  lab = opened;
}, 120_000);
afterAll(() => opened?.close());
const inRoot = (name: string): string => join(lab.app.root, name);
const item = (name: string): Locator =>
  lab.page.locator(".jp-DirListing-item").filter({ has: lab.page.getByText(name, { exact: true }) });
const content = (): Locator => lab.page.locator(".lm-DockPanel-widget:not(.lm-mod-hidden)");
const dialog = (text: string): Locator => lab.page.locator(".jp-Dialog").filter({ hasText: text });

/** Chooses an entry of a file's context menu. */
async function choose(name: string, entry: string): Promise<void> {
  await item(name).click({ button: "right" });
  await lab.page.locator(".lm-Menu-item").filter({ hasText: entry }).first().click();
}

/** Chooses an entry of the menu bar. */
async function menu(title: string, entry: string): Promise<void> {
  await lab.page.locator(".lm-MenuBar-item").filter({ hasText: title }).first().click();
  await lab.page.locator(".lm-Menu-item").filter({ hasText: entry }).first().click();
}

describe("files", () => {
  test("are uploaded with the button, small and in chunks, byte for byte, whatever they are called", async () => {
    const { page } = lab;
    // Chunks begin at a mebibyte.
    const large = Uint8Array.from({ length: 3 * 2 ** 20 + 17 }, (_, index) => (index * 7919) % 251);
    const names = ["plain.csv", "ü 😀 #50%.txt", "binary.dat"];
    const contents = [Buffer.from("name,value\nä,1\nb,2\n"), Buffer.from("unicode"), Buffer.from(large)];
    const chooser = page.waitForEvent("filechooser");
    await page
      .locator(".jp-FileBrowser")
      .getByRole("button", { name: /Upload/ })
      .click();
    await (await chooser).setFiles(
      names.map((name, index) => ({ name, mimeType: "application/octet-stream", buffer: contents[index] as Buffer })),
    );
    for (const [index, name] of names.entries()) {
      await item(name).waitFor();
      await eventually(() => statSync(inRoot(name)).size).toBe(contents[index]?.length);
      expect(readFileSync(inRoot(name)).equals(contents[index] as Buffer)).toBe(true);
    }
  });

  test("are renamed, duplicated, copied, moved and deleted", async () => {
    const { page } = lab;
    await choose("plain.csv", "Rename");
    await page.locator(".jp-DirListing-editor").fill("täble #1.csv");
    await page.keyboard.press("Enter");
    await eventually(() => existsSync(inRoot("täble #1.csv"))).toBe(true);
    expect(existsSync(inRoot("plain.csv"))).toBe(false);
    // The list has caught up with the disk before the next file is chosen in it.
    await item("täble #1.csv").waitFor();

    await choose("täble #1.csv", "Duplicate");
    await eventually(() => existsSync(inRoot("täble #1-Copy1.csv"))).toBe(true);
    await item("täble #1-Copy1.csv").waitFor();

    await choose("täble #1.csv", "Copy");
    await item("folder").dblclick();
    await item("inner.txt").waitFor();
    await item("inner.txt").click({ button: "right" });
    await page.locator(".lm-Menu-item").filter({ hasText: "Paste" }).first().click();
    await eventually(() => existsSync(inRoot("folder/täble #1.csv"))).toBe(true);
    await page.locator(".jp-BreadCrumbs-home").click();

    await item("täble #1-Copy1.csv").waitFor();
    await item("täble #1-Copy1.csv").dragTo(item("folder"));
    await eventually(() => existsSync(inRoot("folder/täble #1-Copy1.csv"))).toBe(true);
    expect(existsSync(inRoot("täble #1-Copy1.csv"))).toBe(false);

    await choose("binary.dat", "Delete");
    await dialog("binary.dat")
      .getByRole("button", { name: /Delete/ })
      .click();
    await eventually(() => existsSync(inRoot("binary.dat"))).toBe(false);
  });

  test("and folders are created, edited and saved", async () => {
    const { page } = lab;
    await page
      .locator(".jp-FileBrowser")
      .getByRole("button", { name: /New Folder/ })
      .click();
    await page.locator(".jp-DirListing-editor").fill("new 文件夹");
    await page.keyboard.press("Enter");
    await eventually(() => existsSync(inRoot("new 文件夹"))).toBe(true);
    await item("ü 😀 #50%.txt").dblclick();
    await content().locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" and more");
    await page.keyboard.press("Control+s");
    await eventually(() => readFileSync(inRoot("ü 😀 #50%.txt"), "utf8")).toBe("unicode and more");
  });

  test("are downloaded as they are", async () => {
    const { page } = lab;
    const download = page.waitForEvent("download");
    await choose("täble #1.csv", "Download");
    const saved = await download;
    expect(saved.suggestedFilename()).toBe("täble #1.csv");
    expect(readFileSync(await saved.path(), "utf8")).toBe("name,value\nä,1\nb,2\n");
  });

  test("are shown: a table, JSON, an image, Markdown, HTML in a sandbox, a link inside the root", async () => {
    const { app, page, command } = lab;
    app.file("data.json", '{"list":[1,{"deep":null}]}');
    app.file("read.md", "# A *heading*");
    app.file("page.html", "<h1>Shown</h1><script>document.body.append('ran')</script>");
    const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
    app.file("dot.png", Buffer.from(pixel, "base64"));
    symlinkSync(inRoot("data.json"), inRoot("link.json"));
    const open = (name: string, factory?: string): Promise<void> =>
      command("docmanager:open", { path: name, ...(factory && { factory }) });
    await open("täble #1.csv");
    await content().locator(".jp-CSVViewer .lm-DataGrid").waitFor();
    for (const name of ["data.json", "link.json"]) {
      await open(name);
      await content().locator(".jp-RenderedJSON").filter({ hasText: "list" }).waitFor();
    }
    await open("dot.png");
    const image = content().locator(".jp-ImageViewer img");
    await image.waitFor();
    expect(await image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(1);
    await open("read.md", "Markdown Preview");
    await content().locator("h1 em").filter({ hasText: "heading" }).waitFor();
    await open("page.html", "HTML Viewer");
    const frame = page.frameLocator(".jp-HTMLViewer iframe");
    await frame.locator("h1").filter({ hasText: "Shown" }).waitFor();
    expect(await frame.locator("body").innerText()).toBe("Shown");
    expect(await page.locator(".jp-HTMLViewer iframe").getAttribute("sandbox")).not.toContain("allow-scripts");
    // That its script did not run is what the console says.
    lab.complaints.length = 0;
  });

  test("that are no text say so", async () => {
    const { app, command } = lab;
    app.file("latin1.txt", Buffer.from([0x4b, 0xf6, 0x6c, 0x6e]));
    await command("docmanager:open", { path: "latin1.txt" }).catch(() => undefined);
    const error = dialog("is not UTF-8 text");
    await error.getByRole("button").first().click();
    await error.waitFor({ state: "detached" });
    lab.complaints.length = 0;
  });

  test("that changed on the disk are not overwritten unasked", async () => {
    const { app, page, command } = lab;
    app.file("note.txt", "mine");
    await command("docmanager:open", { path: "note.txt" });
    await content().locator(".cm-content").filter({ hasText: "mine" }).click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" edited");
    app.file("note.txt", "theirs");
    await page.keyboard.press("Control+s");
    const asks = dialog("has changed on disk");
    await asks.getByRole("button", { name: "Revert" }).click();
    await content().locator(".cm-content").filter({ hasText: "theirs" }).waitFor();
    expect(readFileSync(inRoot("note.txt"), "utf8")).toBe("theirs");
    lab.complaints.length = 0;
  });
});

describe("a notebook", () => {
  test("is searched, and what is found is replaced", async () => {
    const { page, cell, command, kernelIs } = lab;
    await command("docmanager:open", { path });
    await kernelIs("idle", path);
    await cell(0).locator(".jp-InputPrompt").click();
    await page.keyboard.press("Control+f");
    const box = page.locator(".jp-DocumentSearch-overlay");
    await box.getByPlaceholder("Find").fill("ratio");
    await box.getByText("1/2").waitFor();
    await box.getByRole("button", { name: "Show Replace" }).click();
    await box.getByPlaceholder("Replace").fill("sum");
    await box.getByRole("button", { name: "Replace All" }).click();
    await eventually(() => cell(2).locator(".cm-content").innerText()).toBe("x + 2 // sum");
    await page.keyboard.press("Escape");
  });

  test("gives back a deleted cell", async () => {
    const { page, cell } = lab;
    await cell(2).locator(".jp-InputPrompt").click();
    await page.keyboard.press("d");
    await page.keyboard.press("d");
    await eventually(() => cell(2).count()).toBe(0);
    await page.keyboard.press("z");
    await eventually(() => cell(2).locator(".cm-content").innerText()).toBe("x + 2 // sum");
  });
});

describe("kernels", () => {
  test("serve a console beside their notebook, with the same variables", async () => {
    const { page, run, kernelIs } = lab;
    await run(0);
    await menu("File", "New Console for Notebook");
    const box = page.locator(".jp-CodeConsole:not(.lm-mod-hidden)");
    await box.locator(".jp-CodeConsole-promptCell .cm-content").click();
    await page.keyboard.type("x * 2 + 2");
    await page.keyboard.press("Shift+Enter");
    await box.locator(".jp-OutputArea-executeResult").filter({ hasText: "42" }).waitFor();
    await kernelIs("idle");
    expect((await lab.app.request("GET", "/api/kernels")).json<unknown[]>()).toHaveLength(1);
  });
});

test("terminals are not offered; nothing asked another server, for news or anything else", async () => {
  const { page, complaints } = lab;
  const commands = await page.evaluate(() =>
    (globalThis as unknown as { jupyterapp: { commands: { listCommands(): string[] } } }).jupyterapp.commands
      .listCommands()
      .filter((id) => id.startsWith("terminal:") || id.startsWith("extensionmanager:")),
  );
  expect(commands).toEqual([]);
  expect(complaints.filter((line) => line.startsWith("to:"))).toEqual([]);
});
