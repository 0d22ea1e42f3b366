import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, startTestKernel } from "../support/kernel.js";

test("every TypeScript example of the README runs as a cell", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  expect(examples.length).toBeGreaterThan(0);
  const kernel = await startTestKernel();
  for (const example of examples) {
    const ran = await kernel.run(example);
    expect(ran.reply.status, JSON.stringify(ran.reply)).toBe("ok");
    const cards = ran.messages.flatMap(({ content }) => {
      const card = (content.data as Record<string, { ok?: boolean }> | undefined)?.[
        "application/vnd.lowbit.check+json"
      ];
      return card ? [card.ok] : [];
    });
    expect(cards.every((ok) => ok === true)).toBe(true);
    if (example.includes("MaskViewer(")) {
      expect(ran.result).toHaveProperty(["application/vnd.jupyter.widget-view+json"]);
    }
  }
  await kernel.close();
});
