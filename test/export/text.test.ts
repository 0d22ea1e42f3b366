/** The parts of an exported page that need no browser: text, formulas, code, colours, and what is taken out of HTML. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { ansiHtml } from "../../app/export/ansi.js";
import { scriptJson } from "../../app/export/escape.js";
import { highlight } from "../../app/export/highlight.js";
import { createMarkdown } from "../../app/export/markdown.js";
import { latexHtml } from "../../app/export/math.js";
import { titleOf } from "../../app/export/notebook.js";
import { sanitizeHtml } from "../../app/export/sanitize.js";
import { markdown, notebookOf } from "./notebooks.js";

function dom(html: string): HTMLElement {
  return new JSDOM(`<body>${html}</body>`).window.document.body;
}

function render(source: string, folder = tmpdir(), more: object = {}): HTMLElement {
  return dom(createMarkdown(folder).render(source, markdown(source, more)));
}

describe("terminal colours", () => {
  test("become classes, end where they end, and escape what is between them", () => {
    const body = dom(ansiHtml("\u001b[1;31m<no>\u001b[22m thin\u001b[0m plain\u001b[92;44myes\u001b[39;49m."));
    expect([...body.children].map((span) => [span.className, span.textContent])).toEqual([
      ["ansi-bold ansi-red", "<no>"],
      ["ansi-red", " thin"],
      ["ansi-bright-green ansi-back-blue", "yes"],
    ]);
    expect(body.textContent).toBe("<no> thin plainyes.");
  });

  test("of 256 and of 16 million are colours", () => {
    // xterm's table: 196 is the cube's (5, 0, 0), 244 the grey 8 + 10 * 12.
    const body = dom(ansiHtml("\u001b[38;5;196ma\u001b[0m\u001b[48;5;244mb\u001b[0m\u001b[38;2;1;2;255mc\u001b[0m"));
    expect([...body.children].map((span) => span.getAttribute("style"))).toEqual([
      "color:#ff0000",
      "background-color:#808080",
      "color:#0102ff",
    ]);
  });

  test("a progress line shows what it ended with; cursor movements and titles leave nothing", () => {
    expect(ansiHtml("10 %\r50 %\r100 %\nab\bc\n")).toBe("100 %\nac\n");
    expect(ansiHtml("\u001b[2K\u001b[1Adone\u001b]0;title\u0007!")).toBe("done!");
  });
});

describe("Markdown", () => {
  test("formulas are MathML, in text, on their own, and in tables; prices are not", () => {
    const body = render(
      "It costs $5 or $6. Take $x_1 < y$ and \\\\(a\\\\).\n\n$$\\sum_i i^2$$\n\n| a |\n|---|\n| $W^\\top$ |\n\n`$no$`",
    );
    expect([...body.querySelectorAll("math")].map((math) => math.getAttribute("display"))).toEqual([
      null,
      null,
      "block",
      null,
    ]);
    expect(body.querySelector("annotation")?.textContent).toBe("x_1 < y");
    expect(body.querySelector("p")?.textContent).toContain("It costs $5 or $6.");
    expect(body.querySelector("td math")).not.toBeNull();
    expect(body.querySelector("code")?.textContent).toBe("$no$");
  });

  test("environments of LaTeX need no dollars; a wrong formula is shown as typed, with the reason", () => {
    expect(render("\\begin{align}a &= b\\\\ c &= d\\end{align}").querySelectorAll("mtr")).toHaveLength(2);
    const wrong = render("$\\frac{1}$").querySelector(".lb-bad-math");
    expect(wrong?.textContent).toBe("\\frac{1}");
    expect(wrong?.getAttribute("title")).toContain("KaTeX parse error");
  });

  test("headings have anchors that links reach; two of one name are told apart", () => {
    const renderer = createMarkdown(tmpdir());
    const source = "# The *first* one\n\n# Twice $x$\n\n# Twice $y$\n\n[up](#The-first-one)";
    const body = dom(renderer.render(source, markdown(source)));
    const ids = [...body.querySelectorAll("h1")].map((heading) => heading.id);
    expect(ids).toEqual(["nb-The-first-one", "nb-Twice", "nb-Twice-1"]);
    expect(body.querySelector("p a")?.getAttribute("href")).toBe("#nb-The-first-one");
    expect(renderer.headings.map(({ id }) => id)).toEqual(ids);
    expect(renderer.headings[1]?.html).toContain("<math");
  });

  test("pictures are embedded when they are attached or in the folder, and named when not", () => {
    const folder = mkdtempSync(join(tmpdir(), "lowbit-pictures-"));
    const bytes = Buffer.from("89504e470d0a1a0a", "hex");
    writeFileSync(join(folder, "a b.png"), bytes);
    const outside = mkdtempSync(join(tmpdir(), "lowbit-outside-"));
    writeFileSync(join(outside, "secret.png"), bytes);
    const attachments = { "dot.gif": { "image/gif": "R0lGOD==" } };
    const body = render(
      `![in](a%20b.png) ![at](attachment:dot.gif) ![out](${join("..", outside.slice(tmpdir().length), "secret.png")}) ![web](https://example.org/x.png)`,
      folder,
      { attachments },
    );
    expect([...body.querySelectorAll("img")].map((image) => [image.alt, image.src])).toEqual([
      ["in", `data:image/png;base64,${bytes.toString("base64")}`],
      ["at", "data:image/gif;base64,R0lGOD=="],
    ]);
    expect(body.textContent).toContain("[out]");
    expect(body.querySelector("a")?.getAttribute("href")).toBe("https://example.org/x.png");
  });

  test("code has its words marked in the languages that are known", () => {
    const body = render("```ts\nconst a = 1; // one\n```\n\n```python\nlambda: 1\n```");
    expect([...body.querySelectorAll("pre")].map((pre) => pre.textContent)).toEqual([
      "const a = 1; // one",
      "lambda: 1",
    ]);
    expect(body.querySelector(".tok-keyword")?.textContent).toBe("const");
    expect(body.querySelector(".tok-comment")?.textContent).toBe("// one");
    expect(body.querySelectorAll("pre")[1]?.querySelector("span")).toBeNull();
  });

  test("a title is the metadata's, the first heading, or the file's name", () => {
    const cells = [markdown("text\n\n## A *title* ##")];
    expect(titleOf(notebookOf(cells), "name")).toBe("A title");
    expect(titleOf({ ...notebookOf(cells), metadata: { title: "Mine" } }, "name")).toBe("Mine");
    expect(titleOf(notebookOf([]), "name")).toBe("name");
  });
});

test("text/latex keeps what is between its formulas as text", () => {
  const body = dom(latexHtml("$$a<b$$ and <i>$c$</i>"));
  expect(body.querySelectorAll("math")).toHaveLength(2);
  expect(body.querySelector("i")).toBeNull();
  expect(body.textContent).toContain("and <i>");
});

test("code of any text comes out as that text", () => {
  for (const source of [
    "const s = `</script>${1}`;\n\tlet x: A<B> = <C>d;",
    "",
    "\n\n",
    "@@ not code ((",
    "a\u2028b",
  ]) {
    expect(dom(`<pre>x${highlight(source, "typescript")}</pre>`).textContent).toBe(`x${source}`);
  }
});

test("JSON in a script has no character that could end it, and is the same JSON", () => {
  const value = { "</script>": "<!-- <script>", line: "\u2028\u2029", list: [null, 1.5, "\\"] };
  const text = scriptJson(value);
  expect(text).not.toMatch(/[<>\u2028\u2029]/);
  expect(JSON.parse(text)).toEqual(value);
});

describe("HTML of outputs", () => {
  test("keeps tables, styles, and pictures that are inside", () => {
    const source =
      '<section role="group" aria-label="x" style="border-left:5px solid #1a7f37;padding:1px 8px"><b>bold</b></section>' +
      '<table><tr><td colspan="2" style="text-align:right">1</td></tr></table><img alt="dot" src="data:image/png;base64,AA==">';
    const body = dom(sanitizeHtml(source));
    expect(body.querySelector("section")?.getAttribute("style")).toBe("border-left:5px solid #1a7f37;padding:1px 8px");
    expect(body.querySelector("section")?.getAttribute("aria-label")).toBe("x");
    expect(body.querySelector("td")?.getAttribute("colspan")).toBe("2");
    expect(body.querySelector("img")?.getAttribute("src")).toBe("data:image/png;base64,AA==");
  });

  test("a drawing becomes a picture, so that no script in it runs", () => {
    const body = dom(
      sanitizeHtml('<p><svg viewBox="0 0 1 1"><title>A "dot"</title><script>alert(1)</script></svg>after</p>'),
    );
    expect(body.querySelector("svg, script")).toBeNull();
    expect(body.querySelector("img")?.alt).toBe('A "dot"');
    expect(body.textContent).toBe("after");
  });

  test("a colour stays beside one that names a variable, which is taken out", () => {
    const source = '<i style="background: #dddddd; background: var(--lb-back, #dddddd)">i</i>';
    expect(sanitizeHtml(source)).toBe('<i style="background:#dddddd">i</i>');
  });

  test.each([
    ["a script", "<script>alert(1)</script>"],
    ["a script in pieces", "<scr<script>ipt>alert(1)</scr</script>ipt>"],
    ["a handler", "<b onclick=alert(1) onmouseover='alert(1)'>b</b>"],
    ["a picture that fails", "<img src=x onerror=alert(1)>"],
    ["an address that runs", "<a href='java\tscript:alert(1)'>a</a><a href=' javascript:alert(1)'>b</a>"],
    ["a frame", "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data=x></object><embed src=x>"],
    ["a style sheet", "<style>*{background:url(//x)}</style><link rel=stylesheet href=//x>"],
    [
      "a style that fetches",
      "<b style='background:url(//x)'>b</b><b style='background-image:image-set(\"//x\")'>c</b>",
    ],
    ["a style that covers the page", "<div style='position:fixed;inset:0;z-index:99'>x</div>"],
    ["a form", "<form action=//x><input name=a><button>b</button></form>"],
    ["a base and a refresh", "<base href=//x><meta http-equiv=refresh content='0;url=//x'>"],
    ["a comment that does not end", "<!-- <b> --!><script>alert(1)</script>"],
    [
      "math with a script",
      "<math><mtext><script>alert(1)</script></mtext><annotation-xml encoding=text/html><img src=x onerror=alert(1)></math>",
    ],
    ["a picture of the web", "<img src=//x/y.png srcset='//x 1x'><video src=//x poster=//y></video>"],
    ["a place of the page's own", "<div data-model=a class=lb-widget></div>"],
  ])("%s is taken out", (_, source) => {
    const body = dom(sanitizeHtml(source));
    expect(
      body.querySelector(
        "script, style, link, iframe, object, embed, form, input, button, base, meta, video, math, [data-model]",
      ),
    ).toBeNull();
    for (const node of body.querySelectorAll("*")) {
      for (const { name, value } of node.attributes) {
        expect(name).not.toMatch(/^on|srcset|srcdoc/);
        expect(value).not.toMatch(/url\(|image-set|position|javascript:/i);
        if (name === "src") expect(value).toMatch(/^data:image\//);
      }
    }
  });

  test("an id of the page cannot be taken", () => {
    expect(dom(sanitizeHtml('<p id="lb-page">x</p>')).querySelector("p")?.id).toBe("nb-lb-page");
  });
});
