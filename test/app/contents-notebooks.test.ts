import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentsOf, type Model } from "./contents.js";
import { notebook, startTestServer, type TestServer } from "./support.js";

let app: TestServer;
beforeAll(async () => {
  app = await startTestServer();
});
afterAll(() => app.close());

const { get, put } = contentsOf(() => app);

describe("notebooks", () => {
  test("are written as nbformat writes them, and come back as they were", async () => {
    const content = notebook("const a = 1;\nconst b = 2;\n", "");
    expect((await put("nb/form.ipynb", { type: "notebook", content })).status).toBe(404); // no such folder
    app.file("nb/keep.txt", "");
    expect((await put("nb/form.ipynb", { type: "notebook", format: "json", content })).status).toBe(201);
    // What `nbformat.write` of Python makes of the same notebook.
    expect(readFileSync(join(app.root, "nb/form.ipynb"), "utf8")).toBe(`{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": null,
   "id": "cell-0",
   "metadata": {},
   "outputs": [],
   "source": [
    "const a = 1;\\n",
    "const b = 2;\\n"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "id": "cell-1",
   "metadata": {},
   "outputs": [],
   "source": []
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "TypeScript (Lowbit)",
   "language": "typescript",
   "name": "lowbit"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`);
    const model = await get("nb/form.ipynb");
    expect(model).toMatchObject({ type: "notebook", format: "json", mimetype: null });
    expect((model.content as typeof content).cells).toMatchObject([
      { source: "const a = 1;\nconst b = 2;\n" },
      { source: "" },
    ]);
    expect(model.message).toBeUndefined();
  });

  test("keep JSON outputs as they are and join lines of text outputs", async () => {
    const content = notebook("1");
    const outputs = [
      {
        output_type: "display_data",
        metadata: {},
        data: {
          "application/vnd.lowbit.check+json": { list: ["a\n", "b"], __proto__x: 1 },
          "text/plain": "two\nlines",
          "application/json": ["x\n", "y"],
        },
      },
      { output_type: "stream", name: "stdout", text: "a\n\nb\n" },
    ];
    (content.cells as { outputs: unknown }[])[0]!.outputs = outputs;
    await put("nb-outputs.ipynb", { type: "notebook", content });
    const stored = JSON.parse(readFileSync(join(app.root, "nb-outputs.ipynb"), "utf8")) as typeof content;
    const written = (stored.cells as { outputs: { data: Record<string, unknown>; text: unknown }[] }[])[0]!.outputs;
    expect(written[0]!.data["text/plain"]).toEqual(["two\n", "lines"]);
    expect(written[0]!.data["application/json"]).toEqual(["x\n", "y"]);
    expect(written[1]!.text).toEqual(["a\n", "\n", "b\n"]);
    const read = ((await get("nb-outputs.ipynb")).content as { cells: { outputs: unknown }[] }).cells[0];
    expect(read?.outputs).toEqual(outputs);
  });

  test('data with a "__proto__" key is stored, not merged and not refused', async () => {
    const body = JSON.stringify({ type: "notebook", content: notebook("1") }).replace(
      '"metadata":{}',
      '"metadata":{"__proto__":{"polluted":true}}',
    );
    expect((await app.request("PUT", "/api/contents/proto.ipynb", { body })).status).toBe(201);
    expect(readFileSync(join(app.root, "proto.ipynb"), "utf8")).toContain('"__proto__"');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each([
    ["a cell without metadata", (cell: Record<string, unknown>) => delete cell.metadata, /cells\.0\.metadata/],
    ["an unknown output", (cell: Record<string, unknown>) => (cell.outputs = [{ output_type: "x" }]), /outputs\.0/],
    ["a cell without id", (cell: Record<string, unknown>) => delete cell.id, /cells\.0: has no id/],
    ["an id with a space", (cell: Record<string, unknown>) => (cell.id = "a b"), /cells\.0\.id/],
  ])("that are not valid open and save with a message: %s", async (_, spoil, message) => {
    const content = notebook("1");
    spoil((content.cells as Record<string, unknown>[])[0] as Record<string, unknown>);
    const saved = await put("invalid.ipynb", { type: "notebook", content });
    expect(saved.json<Model>().message).toMatch(message);
    expect((await get("invalid.ipynb")).message).toMatch(message);
  });

  test("an id that is used twice is named", async () => {
    const content = notebook("1", "2");
    for (const cell of content.cells as Record<string, unknown>[]) cell.id = "twice";
    expect((await put("twice.ipynb", { type: "notebook", content })).json<Model>().message).toContain('"twice"');
  });

  test.each([
    ["an older format", { nbformat: 3, nbformat_minor: 0, metadata: {}, worksheets: [] }, "notebook format 3"],
    ["a newer format", { nbformat: 5, nbformat_minor: 0, metadata: {}, cells: [] }, "notebook format 5"],
    ["a list", [], "no list of cells"],
    ["text", "x", "no list of cells"],
  ])("that are none are refused: %s", async (_, content, message) => {
    const answer = await put("none.ipynb", { type: "notebook", content });
    expect(answer.status).toBe(400);
    expect(answer.json().message).toContain(message);
    expect(existsSync(join(app.root, "none.ipynb"))).toBe(false);
  });
});

describe("trust", () => {
  const withHtml = (trusted: boolean, source = "1"): Record<string, unknown> => {
    const content = notebook(source);
    const output = { output_type: "display_data", data: { "text/html": "<b>x</b>" }, metadata: {} };
    Object.assign((content.cells as object[])[0] as object, { outputs: [output], metadata: { trusted } });
    return content;
  };
  const isTrusted = async (path: string): Promise<unknown> =>
    ((await get(path)).content as { cells: { metadata: { trusted?: boolean } }[] }).cells[0]?.metadata.trusted;

  test("an output that was made here is trusted when the notebook is opened again, and the mark is not on disk", async () => {
    await put("trusted.ipynb", { type: "notebook", content: withHtml(true) });
    expect(await isTrusted("trusted.ipynb")).toBe(true);
    expect(readFileSync(join(app.root, "trusted.ipynb"), "utf8")).not.toContain("trusted");
  });

  test("a notebook from elsewhere is not, even if it says so", async () => {
    app.file("foreign.ipynb", JSON.stringify(withHtml(true)));
    expect(await isTrusted("foreign.ipynb")).toBe(false);
  });

  test("an output that was added to a trusted file is not", async () => {
    await put("changed.ipynb", { type: "notebook", content: withHtml(true) });
    const file = join(app.root, "changed.ipynb");
    writeFileSync(file, readFileSync(file, "utf8").replace("<b>x</b>", "<b>y</b>"));
    expect(await isTrusted("changed.ipynb")).toBe(false);
  });

  test("saving untrusted output does not make it trusted", async () => {
    await put("untrusted.ipynb", { type: "notebook", content: withHtml(false, "untrusted") });
    expect(await isTrusted("untrusted.ipynb")).toBe(false);
  });

  test("is remembered by the next server of the same person, and not by another's", async () => {
    await put("remembered.ipynb", { type: "notebook", content: withHtml(true) });
    const same = await startTestServer({ root: app.root, state: app.state });
    const other = await startTestServer({ root: app.root });
    try {
      const trusted = async (server: TestServer): Promise<unknown> =>
        (await server.request("GET", "/api/contents/remembered.ipynb")).json<{
          content: { cells: { metadata: { trusted: boolean } }[] };
        }>().content.cells[0]?.metadata.trusted;
      expect(await trusted(same)).toBe(true);
      expect(await trusted(other)).toBe(false);
    } finally {
      await same.close();
      await other.close();
    }
  });
});
