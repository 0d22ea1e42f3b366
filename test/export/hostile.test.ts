/** Notebooks that try to break out of their page: nothing of theirs runs, nothing is fetched, no dialog opens. */
import { JSDOM } from "jsdom";
import { afterAll, expect, test } from "vitest";
import { exportPage } from "../../app/export/index.js";
import { chromium, need } from "../support/peers.js";
import { becomesLive, closeBrowser, openFile } from "./browser.js";
import { code, control, markdown, model, notebookOf, shows, showsWidget, writePage } from "./notebooks.js";

afterAll(closeBrowser);

const run = "globalThis.broken = true; alert(1)";
const attacks = [
  `</script><script>${run}</script>`,
  `<!-- <script> --><script>${run}</script><!--`,
  `"><img src=x onerror="${run}"><img src="https://example.org/x.png">`,
  `</style><script>${run}</script>`,
  `</title><script>${run}</script>`,
  `\u2028${run}\u2029`,
  `<svg onload="${run}"></svg><iframe srcdoc="<script>parent.broken = true</script>"></iframe>`,
  `<a href="javascript:${run}">x</a><form action="https://example.org"><button>x</button></form>`,
];

function cellsOf(attack: string): ReturnType<typeof code>[] {
  const types = [
    "text/html",
    "text/markdown",
    "text/latex",
    "text/plain",
    "image/svg+xml",
    "image/png",
    "application/json",
  ];
  return [
    markdown(`# ${attack}\n\n${attack}\n\n[x](${attack})\n\n\`\`\`${attack}\n${attack}\n\`\`\``),
    ...types.map((type) => code(attack, shows({ [type]: attack }))),
    code(
      attack,
      { output_type: "stream", name: attack, text: attack },
      { output_type: "error", ename: attack, evalue: attack, traceback: [attack] },
      shows({
        "application/javascript": run,
        "application/vnd.plotly.v1+json": {
          data: [{ type: "bar", x: [attack], y: [1] }],
          layout: { title: { text: attack } },
        },
      }),
      showsWidget("html"),
      showsWidget(attack),
    ),
  ];
}

const modelsOf = (attack: string): Record<string, unknown> => ({
  layout: model("@jupyter-widgets/base", "Layout", { width: attack }),
  html: control("HTML", { layout: "IPY_MODEL_layout", value: attack, description: attack, disabled: undefined }),
  [attack]: control("Button", { layout: "IPY_MODEL_layout", description: attack, tooltip: attack, icon: attack }),
  __proto__x: model(attack, attack, { [attack]: attack }),
});

test.each(attacks.map((attack) => [attack]))("%j stays what it is", { timeout: 60_000 }, async (attack) => {
  const context = {
    skip: (reason?: string): never => {
      throw new Error(reason);
    },
  };
  const notebook = notebookOf(cellsOf(attack), modelsOf(attack));
  const title = { ...notebook, metadata: { ...notebook.metadata, title: attack } };
  const html = await exportPage(title, { folder: ".", name: attack, toc: true });
  const opened = await openFile(need(context as never, chromium()), writePage(html));
  await becomesLive(opened);
  const { page } = opened;
  const click = (selector: string): Promise<void> =>
    page.evaluate((wanted) => {
      const nodes = document.querySelectorAll(`main :is(${wanted})`);
      for (const node of nodes) node.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    }, selector);
  // A link that leads elsewhere may be followed; what else can be clicked is.
  await click('a[href^="#"], a[href^="j"], img');
  expect(await page.evaluate(() => "broken" in globalThis)).toBe(false);
  expect(await page.title()).toBe(attack.trim().replace(/\s+/g, " "));
  await click("button");
  expect(opened.dialogs).toEqual([]);
  expect(opened.asked.filter((url) => !url.startsWith("file:"))).toEqual([]);
  await page.close();
});

test("a static page of hostile cells has no script at all", async () => {
  for (const attack of attacks) {
    const html = await exportPage(notebookOf(cellsOf(attack), modelsOf(attack)), {
      folder: ".",
      name: attack,
      static: true,
    });
    const { document } = new JSDOM(html).window;
    expect(document.querySelector("script, iframe, form, object, embed, base, svg")).toBeNull();
    for (const node of document.querySelectorAll("*")) {
      for (const { name, value } of node.attributes) {
        expect(name).not.toMatch(/^on/);
        if (name === "src") expect(value).toMatch(/^data:image\//);
        if (name === "href") expect(value).toMatch(/^(#|https:\/\/example\.org|data:,)/);
      }
    }
  }
});
