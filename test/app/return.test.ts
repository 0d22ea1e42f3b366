/** A page is closed while its cells run, and opened again. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.js";
import { type AppGlobal, type Lab, openLab } from "./browser.js";
import { notebook } from "./support.js";

let lab: Lab | undefined;
let server: Lab;

beforeEach(async (context) => {
  lab ??= await openLab(context);
  server = lab;
}, 120_000);
afterAll(() => lab?.close());

/** Waits in a cell until the test makes this file. */
const until = (name: string): string =>
  `while (!(await import("node:fs")).existsSync("${name}")) await new Promise((done) => setTimeout(done, 20));`;
const go = (name: string): void => writeFileSync(join(server.app.root, name), "");

/** What a page shows of the notebook in front. */
async function shown({ cell }: Lab, count: number): Promise<string[]> {
  const cells = Array.from({ length: count }, async (_, index) => {
    const prompt = await cell(index).locator(".jp-InputArea-prompt").innerText();
    const outputs = await cell(index).locator(".jp-OutputArea-output").allInnerTexts();
    return [prompt, ...outputs.map((text) => text.trim())].join(" | ");
  });
  return await Promise.all(cells);
}

/** Waits for this text in the output of a cell; its code may hold it too. */
const printed = ({ cell }: Lab, index: number, text: string): Promise<void> =>
  cell(index).locator(".jp-OutputArea-output").filter({ hasText: text }).first().waitFor();

/** What a file holds of the outputs of its cells. */
const stored = (path: string): string =>
  JSON.stringify(
    (JSON.parse(readFileSync(join(server.app.root, path), "utf8")) as { cells: { outputs: unknown }[] }).cells.map(
      ({ outputs }) => outputs,
    ),
  );

const dirty = ({ page }: Lab): Promise<boolean | undefined> =>
  page.evaluate(() => (globalThis as unknown as AppGlobal).jupyterapp.shell.currentWidget?.context?.model.dirty);

/** Runs the first *count* cells from the top. */
async function runAll({ page, cell }: Lab, count: number): Promise<void> {
  await cell(0).locator(".jp-InputPrompt").click();
  for (let n = 0; n < count; n++) await page.keyboard.press("Shift+Enter");
}

/** Opens a notebook whose kernel may be busy. */
async function arrive({ app, page }: Lab, path: string): Promise<void> {
  const address = new URL(app.server.url);
  address.pathname = `/lab/tree/${path}`;
  await page.goto(address.href);
}

async function save(one: Lab): Promise<void> {
  // The server has been told what the notebook has when this is answered.
  const settled = one.page.waitForResponse((response) => response.url().includes("/journal/settled"));
  await one.command("docmanager:save");
  expect((await settled).status()).toBe(204);
  await eventually(() => dirty(one)).toBe(false);
}

test("what cells printed meanwhile is there on return, and what they go on to print comes live", async () => {
  const path = "long.ipynb";
  const code = [
    `console.log("before");\n${until("one")}\nconsole.log("meanwhile");\n${until("two")}\nconsole.log("live");\n41 + 1`,
    'throw new Error("third")',
  ];
  server.app.file(path, JSON.stringify(notebook(...code)));
  const first = await server.another();
  await first.open(path);
  await runAll(first, 2);
  await printed(first, 0, "before");
  await first.page.close();

  go("one");
  const second = await server.another();
  await arrive(second, path);
  await printed(second, 0, "meanwhile");
  await eventually(() => shown(second, 2)).toEqual(["[*]: | before\nmeanwhile", "[*]:"]);
  go("two");
  await printed(second, 1, "Error: third");
  await eventually(() => shown(second, 2)).toEqual([
    "[1]: | before\nmeanwhile\nlive | 42",
    expect.stringMatching(/^\[2\]: \| Error: third/),
  ]);
  expect(await dirty(second)).toBe(true);
  expect(stored(path)).not.toContain("meanwhile");

  // A reload without a save applies it anew, once.
  await second.reload(path);
  await printed(second, 0, "meanwhile");
  expect((await shown(second, 1))[0]).toBe("[1]: | before\nmeanwhile\nlive | 42");
  await save(second);
  expect(stored(path)).toContain("meanwhile");

  // What is saved is no news: neither for a reload nor after its outputs were cleared.
  await second.command("notebook:clear-all-cell-outputs");
  await save(second);
  await second.reload(path);
  expect(await shown(second, 2)).toEqual(["[ ]:", "[ ]:"]);
  expect(await dirty(second)).toBe(false);
  expect(second.complaints).toEqual([]);
  await second.page.close();
});

test("what is printed while the page connects to the kernel is neither lost nor there twice", async () => {
  server.app.file(
    "connecting.ipynb",
    JSON.stringify(
      notebook(
        `console.log("one");\n${until("connecting")}\nconsole.log("two");\n${until("connected")}\nconsole.log("three");`,
      ),
    ),
  );
  await server.open("connecting.ipynb");
  await server.command("docmanager:save");
  await runAll(server, 1);
  await printed(server, 0, "one");
  const late = await server.another();
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = new Promise<void>((resolve) => {
    void late.page.routeWebSocket(/channels/, async (socket) => {
      resolve();
      await released;
      socket.connectToServer();
    });
  });
  const journal: string[] = [];
  late.page.on("request", (request) => {
    if (/\/journal(\?|$)/.test(request.url())) journal.push(request.url());
  });
  await arrive(late, "connecting.ipynb");
  await held;
  // The notebook has its session, but hears nothing of the kernel.
  await late.page.waitForFunction(
    () => (globalThis as unknown as AppGlobal).jupyterapp.shell.currentWidget?.sessionContext?.isReady,
  );
  await late.cell(0).waitFor();
  expect(journal).toEqual([]);
  go("connecting");
  await printed(server, 0, "two");
  release();
  await eventually(() => shown(late, 1)).toEqual(["[*]: | one\ntwo"]);
  go("connected");
  await eventually(() => shown(late, 1)).toEqual(["[1]: | one\ntwo\nthree"]);
  await late.page.close();
});

test("a widget, a changed display and a cleared output of meanwhile are as if one had been there", async () => {
  const path = "shows.ipynb";
  const code = [
    'import { display, html } from "lowbit";\nconst bar = display(html`<b>0 %</b>`, { displayId: true });',
    `import { clearOutput } from "lowbit";\nimport { IntSlider } from "lowbit/widgets";\nconsole.log("waiting");\n${until("three")}\nclearOutput();\nbar.update(html\`<b>50 %</b>\`);\ndisplay(new IntSlider({ value: 7 }));\nconsole.log("made");\n${until("four")}\nbar.update(html\`<b>100 %</b>\`);`,
  ];
  server.app.file(path, JSON.stringify(notebook(...code)));
  const first = await server.another();
  await first.open(path);
  await runAll(first, 2);
  await printed(first, 1, "waiting");
  await first.cell(0).locator("b").filter({ hasText: "0 %" }).waitFor();
  await save(first);
  await first.page.close();
  go("three");

  const second = await server.another();
  await arrive(second, path);
  await printed(second, 1, "made");
  await second.cell(1).locator(".noUi-handle").waitFor();
  expect(await second.cell(1).locator(".widget-readout").innerText()).toBe("7");
  expect(await second.cell(1).locator(".jp-OutputArea").innerText()).not.toContain("waiting");
  expect(await second.cell(0).locator("b").allInnerTexts()).toEqual(["50 %"]);
  go("four");
  await second.kernelIs("idle", path);
  await eventually(() => second.cell(0).locator("b").allInnerTexts()).toEqual(["100 %"]);
  await second.page.close();
});

test("two windows show the same, and a cell that one of them runs anew leaves the other alone", async () => {
  const path = "two.ipynb";
  server.app.file(path, JSON.stringify(notebook(`console.log("A");\n${until("five")}\nconsole.log("B");`)));
  const first = await server.another();
  await first.open(path);
  await runAll(first, 1);
  await printed(first, 0, "A");
  const second = await server.another();
  await arrive(second, path);
  await eventually(() => shown(second, 1)).toEqual(["[*]: | A"]);
  go("five");
  for (const one of [first, second]) await eventually(() => shown(one, 1)).toEqual(["[1]: | A\nB"]);
  await second.run(0);
  await eventually(() => shown(second, 1)).toEqual(["[2]: | A\nB"]);
  expect(await shown(first, 1)).toEqual(["[1]: | A\nB"]);
  await Promise.all([first.page.close(), second.page.close()]);
});

describe("a cell that was never saved", () => {
  test("comes back with its output when one asks for it", async () => {
    const path = "lost.ipynb";
    server.app.file(path, JSON.stringify(notebook("1")));
    const first = await server.another();
    await first.open(path);
    await first.cell(0).locator(".cm-content").click();
    await first.page.keyboard.press("End");
    await first.page.keyboard.type(" + 1");
    await first.page.keyboard.press("Control+Enter");
    await eventually(() => shown(first, 1)).toEqual(["[1]: | 2"]);
    await first.page.close();
    const second = await server.another();
    await second.open(path);
    const told = second.page
      .locator(".Toastify__toast")
      .filter({ hasText: "A cell of lost.ipynb ran as the file does not" });
    await told.getByRole("button", { name: "Add to the end" }).click();
    await eventually(() => shown(second, 2)).toEqual(["[ ]:", "[1]: | 2"]);
    expect(await second.cell(1).locator(".cm-content").innerText()).toBe("1 + 1");
    await second.page.close();
  });
});

test("a kernel that died meanwhile says why in the cell that ran", async () => {
  const path = "dies.ipynb";
  server.app.file(
    path,
    JSON.stringify(notebook(`console.log("alive");\n${until("six")}\nprocess.kill(process.pid, "SIGKILL");`)),
  );
  const first = await server.another();
  await first.open(path);
  await runAll(first, 1);
  await printed(first, 0, "alive");
  await first.page.close();
  go("six");
  await eventually(() => server.app.log.join("\n")).toContain("ended");
  const second = await server.another();
  await second.open(path);
  await printed(second, 0, "The kernel ended: ");
  expect((await shown(second, 1))[0]).toMatch(
    /^\[[ \d]\]: \| alive \| The kernel ended: .*SIGKILL.*\nIts variables are gone\.$/s,
  );
  await second.page.close();
});
