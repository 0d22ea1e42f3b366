/** Widgets that a page shows although their kernel does not answer, and although it is gone. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createWidgetStates } from "../../app/server/journal/widget-states.js";
import type { ChannelMessage } from "../../app/server/kernels/frames.js";
import { eventually } from "../support/eventually.js";
import { type Lab, openLab } from "./browser.js";
import { notebook } from "./support.js";

describe("the server's memory of widgets", () => {
  const comm = (type: string, content: object, ...buffers: Uint8Array[]): ChannelMessage => ({
    channel: "iopub",
    parts: [{ msg_type: type }, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part))),
    buffers,
  });
  const open = (id: string, state: object, paths: unknown[] = [], ...buffers: Uint8Array[]): ChannelMessage =>
    comm("comm_open", { comm_id: id, target_name: "jupyter.widget", data: { state, buffer_paths: paths } }, ...buffers);
  const change = (id: string, method: string, state: object, paths: unknown[] = [], ...buffers: Uint8Array[]) =>
    comm("comm_msg", { comm_id: id, data: { method, state, buffer_paths: paths } }, ...buffers);
  const names = { _model_name: "M", _model_module: "m", _model_module_version: "1" };

  test("follows what the kernel says, and what it repeats of a front end", () => {
    const states = createWidgetStates();
    states.take(open("a", { ...names, value: 1, label: "x" }));
    states.take(change("a", "update", { value: 2 }));
    states.take(change("a", "echo_update", { label: "y" }));
    states.take(change("a", "custom", { value: 9 }));
    states.take(comm("comm_open", { comm_id: "other", target_name: "my.own", data: { state: { a: 1 } } }));
    expect(states.all()).toEqual({
      states: {
        a: { model_name: "M", model_module: "m", model_module_version: "1", state: { ...names, value: 2, label: "y" } },
      },
      buffers: [],
    });
    states.take(comm("comm_close", { comm_id: "a", data: {} }));
    expect(states.all().states).toEqual({});
  });

  test("keeps buffers up to a mebibyte, the newest of each place; a widget with a larger one waits for the kernel", () => {
    const states = createWidgetStates();
    const path = ["w", "data"];
    states.take(open("a", { ...names, w: { shape: [3] } }, [path], Uint8Array.of(1, 2, 3)));
    expect(states.all().buffers).toEqual([{ path: ["a", "state", "w", "data"], data: "AQID" }]);
    states.take(change("a", "update", { w: { shape: [2 ** 20 + 1] } }, [path], new Uint8Array(2 ** 20 + 1)));
    expect(states.all()).toEqual({ states: {}, buffers: [] });
    states.take(change("a", "update", { w: { shape: [2 ** 20] } }, [path], new Uint8Array(2 ** 20)));
    expect(states.all().buffers.map(({ data }) => Buffer.from(data, "base64").length)).toEqual([2 ** 20]);
    states.take(change("a", "update", { w: null }));
    expect(states.all()).toMatchObject({ states: { a: { state: { w: null } } }, buffers: [] });
  });
});

describe("in a page", () => {
  const path = "widgets.ipynb";
  let opened: Lab | undefined;
  let lab: Lab;
  beforeEach(async (context) => {
    opened ??= await openLab(context);
    lab = opened;
  }, 120_000);
  afterAll(() => opened?.close());

  const readouts = (): Promise<string[]> => lab.page.locator(".widget-readout").allInnerTexts();

  test("that is opened while a cell computes, they are shown and can be moved; then the kernel takes it up", async () => {
    const { app, page, cell, open, kernelIs, run } = lab;
    const code = [
      'import { IntSlider, VBox, jslink } from "lowbit/widgets";\nconst n = new IntSlider({ value: 3 });\nconst copy = new IntSlider({ value: 3 });\njslink([n, "value"], [copy, "value"]);\nnew VBox([n, copy])',
      'import { display } from "lowbit";\nimport { existsSync } from "node:fs";\ndisplay(new IntSlider({ value: 11 }));\nn.value = 4;\nwhile (!existsSync("stop")) {}',
      "n.value",
    ];
    app.file(path, JSON.stringify(notebook(...code)));
    await open(path);
    await run(0);
    await cell(1).locator(".jp-InputPrompt").click();
    await page.keyboard.press("Control+Enter");
    await cell(1).locator(".noUi-handle").waitFor();
    await page.reload();
    await cell(1).locator(".noUi-handle").waitFor();
    await eventually(readouts).toEqual(["4", "4", "11"]);
    await kernelIs("busy", path);
    // Linked in the page: one follows the other without the kernel.
    const handle = cell(0).locator(".noUi-handle").first();
    await handle.focus();
    await page.keyboard.press("End");
    await eventually(readouts).toEqual(["100", "100", "11"]);
    writeFileSync(join(app.root, "stop"), "");
    await kernelIs("idle", path);
    await run(2);
    await eventually(() => cell(2).locator(".jp-OutputArea-output").innerText()).toBe("100");
    expect(await page.locator(".jupyter-widgets-disconnected").count()).toBe(0);
  });

  test("whose kernel was shut down, they show what was saved, move, stay linked, and say that they are not connected", async () => {
    const { app, page, cell, command, reload } = lab;
    await command("docmanager:save");
    const [session] = (await app.request("GET", "/api/sessions")).json<{ id: string }[]>();
    expect((await app.request("DELETE", `/api/sessions/${session?.id}`)).status).toBe(204);
    await reload(path);
    await cell(0).locator(".noUi-handle").first().waitFor();
    await eventually(readouts).toEqual(["100", "100", "11"]);
    await cell(0).locator(".noUi-handle").first().focus();
    await page.keyboard.press("Home");
    await eventually(readouts).toEqual(["0", "0", "11"]);
    const words = (index: number): Promise<string> =>
      cell(index)
        .locator(".jp-OutputArea-output")
        .first()
        .evaluate((element) => getComputedStyle(element, "::after").content);
    expect(await words(0)).toContain("Saved state, not connected to a kernel.");
    expect(await words(2)).toBe("none");
    const chain = await cell(0)
      .locator(".jupyter-widgets-disconnected")
      .first()
      .evaluate((element) => getComputedStyle(element, "::before").content);
    expect(chain).toBe("none");
  });

  test("a change that the kernel makes before the page has its comms is not missed", async () => {
    const mine = await lab.another();
    const { app, page, cell, open, run, kernelIs } = mine;
    const name = "early.ipynb";
    const code = [
      'import { IntSlider } from "lowbit/widgets";\nimport { existsSync } from "node:fs";\nconst early = new IntSlider({ value: 3 });\nearly',
      'while (!existsSync("five")) {}\nearly.value = 5;\nwhile (!existsSync("end")) {}',
    ];
    app.file(name, JSON.stringify(notebook(...code)));
    await open(name);
    await run(0);
    await cell(1).locator(".jp-InputPrompt").click();
    await page.keyboard.press("Control+Enter");
    await kernelIs("busy", name);
    const sessions = (await app.request("GET", "/api/sessions")).json<{ path: string; kernel: { id: string } }[]>();
    const id = sessions.find(({ path: own }) => own === name)?.kernel.id;
    let asked = 0;
    await page.route(new RegExp(`kernels/${id}/widgets(\\?|$)`), async (route) => {
      asked++;
      const response = await route.fetch();
      if (asked === 1) {
        writeFileSync(join(app.root, "five"), "");
        await eventually(async () => JSON.stringify(await (await route.fetch()).json())).toContain('"value":5');
      }
      await route.fulfill({ response });
    });
    await page.reload();
    await eventually(() => cell(0).locator(".widget-readout").allInnerTexts()).toEqual(["5"]);
    expect(asked).toBeGreaterThan(1);
    await kernelIs("busy", name);
    writeFileSync(join(app.root, "end"), "");
    await kernelIs("idle", name);
    await page.close();
  });

  test("those that come after the last look of a page that is too busy to look again are found", async () => {
    const mine = await lab.another();
    const { app, page, complaints, cell, open, run } = mine;
    const name = "late.ipynb";
    app.file(
      name,
      JSON.stringify(notebook('import { IntSlider } from "lowbit/widgets";\nnew IntSlider({ value: 6 })')),
    );
    await open(name);
    await run(0);
    // A busy page does not come to the looks that are due every 100 ms: they wait until it is told.
    await page.addInitScript(() => {
      const { setTimeout: real } = window;
      const held: (() => void)[] = [];
      let holds = true;
      const hold = (action: () => void, delay?: number): number => {
        if (delay !== 100 || !holds) return real(action, delay);
        return held.push(action);
      };
      Object.assign(window, {
        setTimeout: hold,
        looking: () => held.length > 0,
        letGo: () => {
          holds = false;
          for (const action of held) action();
        },
      });
    });
    const loading = (): Promise<unknown> =>
      page.waitForFunction(() => (globalThis as unknown as { looking(): boolean }).looking());
    await page.route(/kernels\/[^/]+\/widgets(\?|$)/, async (route) => {
      await loading();
      await route.continue();
    });
    const answered = new Promise<void>((resolve) => {
      page.on("websocket", (socket) =>
        socket.on("framereceived", ({ payload }) => payload.includes("update_states") && resolve()),
      );
    });
    await page.reload();
    await answered;
    const now = await page.evaluate(() => Date.now());
    await page.waitForFunction((start) => Date.now() - start > 2_100, now);
    await page.evaluate(() => (globalThis as unknown as { letGo(): void }).letGo());
    await eventually(() => cell(0).locator(".widget-readout").allInnerTexts()).toEqual(["6"]);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
