/** Markdown and formulas in Output widgets. The libraries are loaded when the first of them is shown. */

/** Markdown as HTML, which the front end then makes safe. */
export const markdownParser: { render(source: string): Promise<string> } = {
  render: async (source) => {
    const { marked } = await import("marked");
    return marked.parse(source, { gfm: true, async: false });
  },
};

/** Formulas as MathML, which browsers draw with the fonts they have. */
export const latexTypesetter: { typeset(node: HTMLElement): void } = {
  // A page that was exported without formulas has not what draws them; a text that became one later stays as it is.
  typeset: (node) => void typeset(node).catch(() => undefined),
};

const formula =
  /\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|\$((?:[^$\\\s]|\\.)(?:[^$\\]|\\.)*?)\$(?!\d)/g;

async function typeset(root: HTMLElement): Promise<void> {
  const texts = textsIn(root).filter((text) => text.data.search(formula) >= 0);
  if (texts.length === 0) return;
  const { default: katex } = await import("katex");
  for (const text of texts) {
    const parts: (Node | string)[] = [];
    let at = 0;
    for (const match of text.data.matchAll(formula)) {
      const display = match[1] ?? match[2];
      const span = document.createElement("span");
      const options = { output: "mathml", displayMode: display !== undefined, throwOnError: false } as const;
      katex.render(display ?? match[3] ?? match[4] ?? "", span, { ...options, maxExpand: 1000, strict: "ignore" });
      parts.push(text.data.slice(at, match.index), span);
      at = match.index + match[0].length;
    }
    text.replaceWith(...parts, text.data.slice(at));
  }
}

function textsIn(root: HTMLElement): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest("code, pre, script, style, math") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  return texts;
}
