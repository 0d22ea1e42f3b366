// A paper is complete when its siblings exist. This test names the one that is missing: it is the contributor's guide.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Paper } from "../../src/claims.js";

const root = new URL("../../", import.meta.url);
const at = (path: string): string => fileURLToPath(new URL(path, root));

/** Papers with a computation worth timing against a peer. */
const hot = new Set(["hubara2021-transposable-mask"]);

const slugs = readdirSync(at("src/papers"), { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map(({ name }) => name.replace(/\.ts$/, ""));

interface Cell {
  readonly id?: string;
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly metadata: { readonly tags?: readonly string[] };
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

interface Notebook {
  readonly nbformat: number;
  readonly nbformat_minor: number;
  readonly metadata: { readonly kernelspec?: object };
  readonly cells: readonly Cell[];
}

const readNotebook = (path: string): Notebook => JSON.parse(readFileSync(at(path), "utf8")) as Notebook;
const code = ({ cells }: Notebook): string =>
  cells
    .filter(({ cell_type }) => cell_type === "code")
    .map(({ source }) => [source].flat().join(""))
    .join("\n");

test("there are papers, named by first author, year and two or three words", () => {
  expect(slugs.length).toBeGreaterThan(0);
  for (const slug of slugs) expect(slug).toMatch(/^[a-z]+\d{4}(-[a-z0-9]+){1,4}$/);
});

describe.each(slugs)("%s", (slug) => {
  const notebook = `notebooks/${slug}.ipynb`;
  const siblings = [`src/papers/${slug}.ts`, notebook, `test/papers/${slug}.test.ts`];
  if (hot.has(slug)) siblings.push(`bench/${slug}.ts`);

  test.each(siblings)("has %s", (path) => {
    expect(existsSync(at(path)), `missing: ${path}`).toBe(true);
  });

  test("exports a `paper` that cites itself and has claims", async () => {
    const { paper } = (await import(at(`src/papers/${slug}.ts`))) as { paper: Paper };
    expect(paper.slug).toBe(slug);
    expect(paper.arxiv).toMatch(/^\d{4}\.\d{4,5}$/);
    expect(slug).toContain(String(paper.year));
    expect(paper.claims.length).toBeGreaterThan(0);
  });

  test("its notebook shows every claim, and has parameters", async () => {
    const { paper } = (await import(at(`src/papers/${slug}.ts`))) as { paper: Paper };
    const text = code(readNotebook(notebook));
    const missing = paper.claims.map(({ id }) => id).filter((id) => !text.includes(`paper.claim("${id}")`));
    expect(missing, `claims not shown in ${notebook}`).toEqual([]);
    const tagged = readNotebook(notebook).cells.filter(({ metadata }) => metadata.tags?.includes("parameters"));
    expect(tagged).toHaveLength(1);
  });

  test("its notebook uses a widget that exists", async () => {
    const imported = [...code(readNotebook(notebook)).matchAll(/import \{([^}]*)\} from "lowbit\/widgets"/g)]
      .flatMap(([, names]) => (names as string).split(","))
      .map((name) => name.trim())
      .filter((name) => name !== "");
    expect(imported.length, `no widget imported in ${notebook}`).toBeGreaterThan(0);
    const widgets = (await import(at("widgets/index.ts"))) as Record<string, unknown>;
    expect(imported.filter((name) => !(name in widgets))).toEqual([]);
  });
});

describe.each(readdirSync(at("notebooks")).filter((name) => name.endsWith(".ipynb")))("notebooks/%s", (name) => {
  const notebook = readNotebook(`notebooks/${name}`);

  test("is nbformat 4.5 for our kernel, with a different id on every cell", () => {
    expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
    expect(notebook.metadata.kernelspec).toEqual({
      name: "lowbit",
      display_name: "TypeScript (Lowbit)",
      language: "typescript",
    });
    const ids = notebook.cells.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[a-zA-Z0-9_-]{1,64}$/.test(id ?? ""))).toBe(true);
  });

  test("is stored without outputs, and checks something", () => {
    const run = notebook.cells.filter(({ outputs, execution_count }) => outputs?.length || execution_count);
    expect(run.map(({ id }) => id)).toEqual([]);
    expect(code(notebook)).toMatch(/\bcheck\(|paper\.claim\(/);
  });
});
