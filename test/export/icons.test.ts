/** The icons of exported pages, which have no font of them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { iconStyles } from "../../app/export/assets.js";
import { root } from "../support/kernel.js";

/** Those that the core widgets name in their code. */
function namedByWidgets(): string[] {
  const library = join(root, "node_modules", "@jupyter-widgets", "controls", "lib");
  const files = readdirSync(library, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
  const names = files.flatMap((name) => [
    ...readFileSync(join(library, name), "utf8").matchAll(/["' ]fa-([a-z][a-z-]*)["']/g),
  ]);
  // A width, not a picture.
  return [...new Set(names.map(([, name = ""]) => name))].filter((name) => name !== "fw").sort();
}

test("each icon that a core widget shows by itself is drawn", () => {
  const names = namedByWidgets();
  expect(names).toContain("caret-down");
  const styles = iconStyles([]);
  expect(names.filter((name) => !styles.includes(`.fa-${name}{background:currentColor;`))).toEqual([]);
});

test("an icon that is asked for is drawn, an unknown one or a name of an object is left out", () => {
  expect(iconStyles(["rocket"])).toContain(".fa-rocket{");
  expect(iconStyles(["no-such-icon", "constructor"])).toBe(iconStyles([]));
});
