import { expect, test } from "vitest";
import { display, displaySymbol, escapeHtml, host, html, md, svg, tex } from "../src/display.js";

test("html escapes what is interpolated, and only that", () => {
  expect(html`<b>${'<i title="x">&\''}</b>`[displaySymbol]()).toEqual({
    "text/html": "<b>&lt;i title=&quot;x&quot;&gt;&amp;&#39;</b>",
    "text/plain": "<b>&lt;i title=&quot;x&quot;&gt;&amp;&#39;</b>",
  });
});

test("md and tex keep their text; tex keeps backslashes", () => {
  expect(md`kept **${48}**`[displaySymbol]()).toEqual({ "text/markdown": "kept **48**", "text/plain": "kept **48**" });
  expect(tex`\binom{4}{2} = ${6}`[displaySymbol]()).toMatchObject({ "text/latex": "$$\\binom{4}{2} = 6$$" });
});

test("svg shows its title as plain text, unescaped", () => {
  const picture = `<svg><title>${escapeHtml('A < B & "C"')}</title></svg>`;
  expect(svg(picture)[displaySymbol]()).toEqual({ "image/svg+xml": picture, "text/plain": 'A < B & "C"' });
  expect(svg("<svg/>")[displaySymbol]()).toMatchObject({ "text/plain": "picture" });
});

test("without a kernel everything is silent, comms included", () => {
  expect(() => display(1)).not.toThrow();
  const comm = host().openComm({ targetName: "t", data: {} });
  expect(() => {
    comm.send({});
    comm.close();
    host().clearOutput();
    host().registerCommTarget("t", () => undefined);
  }).not.toThrow();
});
