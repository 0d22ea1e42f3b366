import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
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

describe("reading", () => {
  test("a text file: content, type, size and times", async () => {
    const file = app.file("read/notes.md", "# Größe\n");
    utimesSync(file, 1_700_000_000, 1_700_000_000.25);
    expect(await get("read/notes.md")).toMatchObject({
      name: "notes.md",
      path: "read/notes.md",
      type: "file",
      format: "text",
      mimetype: "text/markdown",
      content: "# Größe\n",
      size: 10,
      writable: true,
      last_modified: "2023-11-14T22:13:20.250Z",
    });
  });

  test("bytes that are not UTF-8 come as base64, and as text only with an error", async () => {
    app.file("read/raw.bin", Buffer.from([0, 255, 254, 10]));
    expect(await get("read/raw.bin")).toMatchObject({
      format: "base64",
      content: "AP/+Cg==",
      mimetype: "application/octet-stream",
    });
    expect((await app.request("GET", "/api/contents/read/raw.bin?format=text")).status).toBe(400);
  });

  test("a byte order mark stays in the text", async () => {
    app.file("read/bom.csv", "\ufeffa,b\n");
    expect((await get("read/bom.csv")).content).toBe("\ufeffa,b\n");
  });

  test("without content the file is not read", async () => {
    app.file("read/broken.ipynb", "not json");
    const model = (await app.request("GET", "/api/contents/read/broken.ipynb?content=0")).json<Model>();
    expect(model).toMatchObject({ type: "notebook", content: null, format: null, mimetype: null, size: 8 });
    expect((await app.request("GET", "/api/contents/read/broken.ipynb")).status).toBe(400);
    expect(await get("read/broken.ipynb?type=file")).toMatchObject({ content: "not json", format: "text" });
  });

  test("the hash is the file's SHA-256, if asked", async () => {
    app.file("read/hash.txt", "abc");
    const model = (await app.request("GET", "/api/contents/read/hash.txt?content=0&hash=1")).json<Model>();
    expect(model.hash).toBe(createHash("sha256").update("abc").digest("hex"));
    expect(model.hash_algorithm).toBe("sha256");
    expect((await get("read/hash.txt")).hash).toBeUndefined();
  });

  test("a folder lists its visible entries without their content", async () => {
    app.file("list/b.txt", "b");
    app.file("list/a.ipynb", JSON.stringify(notebook("1")));
    app.file("list/.hidden", "h");
    app.file("list/sub/c.txt", "c");
    const model = await get("list");
    expect(model).toMatchObject({ type: "directory", format: "json", size: null });
    const entries = model.content as Model[];
    expect(entries.map(({ path, type, content }) => [path, type, content])).toEqual([
      ["list/a.ipynb", "notebook", null],
      ["list/b.txt", "file", null],
      ["list/sub", "directory", null],
    ]);
  });

  test("the wrong type, a missing file and a hidden one are told apart from success", async () => {
    app.file("read/x.txt", "x");
    app.file("read/.secret", "s");
    expect((await app.request("GET", "/api/contents/read/x.txt?type=directory")).status).toBe(400);
    expect((await app.request("GET", "/api/contents/read?type=file")).status).toBe(400);
    expect((await app.request("GET", "/api/contents/read/none.txt")).json()).toEqual({
      message: "read/none.txt: file or folder does not exist",
      reason: null,
    });
    expect((await app.request("GET", "/api/contents/read/.secret")).status).toBe(404);
    expect((await app.request("GET", "/api/contents/read/x.txt?content=2")).status).toBe(400);
  });
});

describe("saving", () => {
  test("text and base64 become bytes; the answer has no content but the hash", async () => {
    expect((await put("w.txt", { type: "file", format: "text", content: "héllo" })).status).toBe(201);
    const again = await put("w.txt", { type: "file", format: "base64", content: "AP/+Cg==" });
    expect(again.status).toBe(200);
    expect(again.json<Model>()).toMatchObject({ content: null, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect([...readFileSync(join(app.root, "w.txt"))]).toEqual([0, 255, 254, 10]);
  });

  test("damaged base64 is refused and the old file stays", async () => {
    app.file("b64.bin", "old");
    for (const content of ["AP/+C*==", "A", "AP/+ üg=="]) {
      expect((await put("b64.bin", { type: "file", format: "base64", content })).status).toBe(400);
    }
    expect(readFileSync(join(app.root, "b64.bin"), "utf8")).toBe("old");
  });

  test("a change on the disk shows in last_modified and hash, by which a front end notices it", async () => {
    const first = (await put("race.txt", { type: "file", format: "text", content: "mine" })).json<Model>();
    writeFileSync(join(app.root, "race.txt"), "theirs");
    utimesSync(join(app.root, "race.txt"), new Date(), new Date(Date.now() + 2000));
    const now = (await app.request("GET", "/api/contents/race.txt?content=0&hash=1")).json<Model>();
    expect(now.hash).not.toBe(first.hash);
    expect(Date.parse(now.last_modified)).toBeGreaterThan(Date.parse(first.last_modified) + 500);
  });

  test("a large upload comes in parts and appears when it is complete", async () => {
    const part = (content: string, chunk: number): ReturnType<typeof put> =>
      put("upload.bin", { type: "file", format: "base64", content: Buffer.from(content).toString("base64"), chunk });
    expect((await part("one,", 1)).status).toBe(201);
    expect((await part("two,", 2)).status).toBe(201);
    expect(existsSync(join(app.root, "upload.bin"))).toBe(false);
    expect((await get("")).content).not.toContainEqual(expect.objectContaining({ name: /upload/ }));
    const last = await part("three", -1);
    expect(last.json<Model>().size).toBe(13);
    expect(readFileSync(join(app.root, "upload.bin"), "utf8")).toBe("one,two,three");
    expect((await part("x", 2)).status).toBe(400);
    expect(readdirSync(app.root).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a part of an upload that is never finished does not stay", async () => {
    const own = await startTestServer();
    const body = { type: "file", format: "base64", content: "AAAA", chunk: 1 };
    await own.request("PUT", "/api/contents/half.bin", { body });
    await own.close();
    expect(readdirSync(own.root)).toEqual([]);
  });

  test("hidden files, the root and broken requests are refused", async () => {
    expect((await put(".hidden", { type: "file", format: "text", content: "" })).status).toBe(400);
    expect((await put("", { type: "directory" })).status).toBe(400);
    expect((await put("x.txt", { type: "other", content: "" })).status).toBe(400);
    expect((await put("x.txt", { type: "file", format: "text", content: 1 })).status).toBe(400);
    expect((await app.request("PUT", "/api/contents/x.txt", { body: "{" })).status).toBe(400);
    expect((await app.request("PUT", "/api/contents/x.txt")).status).toBe(400);
  });
});

describe("the file browser", () => {
  const post = async (folder: string, body?: object): Promise<Model> => {
    const answer = await app.request("POST", `/api/contents/${folder}`, body === undefined ? {} : { body });
    expect(answer.status).toBe(201);
    return answer.json<Model>();
  };

  test("makes files, notebooks and folders under the next free name", async () => {
    app.file("new/keep.txt", "");
    expect((await post("new", { type: "notebook" })).path).toBe("new/Untitled.ipynb");
    expect((await post("new", { type: "notebook" })).path).toBe("new/Untitled1.ipynb");
    expect((await post("new", { type: "directory" })).path).toBe("new/Untitled Folder");
    expect((await post("new", { type: "directory" })).path).toBe("new/Untitled Folder 1");
    expect((await post("new", { type: "file", ext: "md" })).path).toBe("new/untitled.md");
    expect((await post("new")).path).toBe("new/untitled.txt");
    expect((await get("new/Untitled.ipynb")).content).toEqual({
      cells: [],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    });
  });

  test("copies beside the original", async () => {
    app.file("copy/a.txt", "a");
    expect((await post("copy", { copy_from: "copy/a.txt" })).path).toBe("copy/a-Copy1.txt");
    expect((await post("copy", { copy_from: "copy/a-Copy1.txt" })).path).toBe("copy/a-Copy2.txt");
    expect(readFileSync(join(app.root, "copy/a-Copy2.txt"), "utf8")).toBe("a");
    expect((await app.request("POST", "/api/contents/copy", { body: { copy_from: "list" } })).status).toBe(400);
  });

  test("renames, but never onto another file", async () => {
    app.file("move/a.txt", "a");
    app.file("move/b.txt", "b");
    const rename = (from: string, path: string): ReturnType<TestServer["request"]> =>
      app.request("PATCH", `/api/contents/${from}`, { body: { path } });
    expect((await rename("move/a.txt", "move/b.txt")).status).toBe(409);
    expect(readFileSync(join(app.root, "move/b.txt"), "utf8")).toBe("b");
    expect((await rename("move/a.txt", "move/c.txt")).json<Model>().path).toBe("move/c.txt");
    expect((await rename("move/none.txt", "move/d.txt")).status).toBe(404);
    expect((await rename("move/c.txt", "nowhere/c.txt")).status).toBe(404);
    expect((await rename("move/c.txt", "move/.c")).status).toBe(400);
    expect((await rename("move", "moved")).status).toBe(200);
    expect(readFileSync(join(app.root, "moved/c.txt"), "utf8")).toBe("a");
  });

  test("deletes files and empty folders, and no others", async () => {
    app.file("del/a.txt", "a");
    app.file("del/sub/b.txt", "b");
    const remove = async (path: string): Promise<number> =>
      (await app.request("DELETE", `/api/contents/${path}`)).status;
    expect(await remove("del")).toBe(400);
    expect(await remove("del/sub/b.txt")).toBe(204);
    expect(await remove("del/sub")).toBe(204);
    expect(await remove("del/sub")).toBe(404);
    expect(await remove("")).toBeGreaterThanOrEqual(400);
    expect(readdirSync(join(app.root, "del"))).toEqual(["a.txt"]);
  });
});

describe("checkpoints", () => {
  test("are made, listed, restored and deleted, where Jupyter keeps them", async () => {
    app.file("cp/a.txt", "first");
    const url = "/api/contents/cp/a.txt/checkpoints";
    expect((await app.request("GET", url)).json()).toEqual([]);
    const made = await app.request("POST", url);
    expect(made.status).toBe(201);
    const { id } = made.json<{ id: string }>();
    expect(readFileSync(join(app.root, "cp/.ipynb_checkpoints/a-checkpoint.txt"), "utf8")).toBe("first");
    app.file("cp/a.txt", "second");
    expect((await app.request("GET", url)).json<{ id: string }[]>()).toMatchObject([{ id }]);
    expect((await app.request("POST", `${url}/${id}`)).status).toBe(204);
    expect(readFileSync(join(app.root, "cp/a.txt"), "utf8")).toBe("first");
    expect((await app.request("POST", `${url}/other`)).status).toBe(404);
    expect((await app.request("DELETE", `${url}/${id}`)).status).toBe(204);
    expect((await app.request("DELETE", `${url}/${id}`)).status).toBe(404);
    expect(existsSync(join(app.root, "cp/.ipynb_checkpoints"))).toBe(false);
  });

  test("follow a rename and go with a deletion", async () => {
    app.file("cp2/a.txt", "first");
    await app.request("POST", "/api/contents/cp2/a.txt/checkpoints");
    await app.request("PATCH", "/api/contents/cp2/a.txt", { body: { path: "cp2/b.txt" } });
    expect((await app.request("GET", "/api/contents/cp2/b.txt/checkpoints")).json<unknown[]>()).toHaveLength(1);
    await app.request("DELETE", "/api/contents/cp2/b.txt");
    expect(readdirSync(join(app.root, "cp2"))).toEqual([]);
  });

  test("a file that is called checkpoints is a file", async () => {
    app.file("cp3/checkpoints", "plain");
    expect(await get("cp3/checkpoints")).toMatchObject({ type: "file", content: "plain" });
  });
});

describe("/files", () => {
  test("sends bytes with their type; as a download on request", async () => {
    app.file("files/größe 1.svg", "<svg/>");
    const path = `/files/files/${encodeURIComponent("größe 1.svg")}`;
    const shown = await app.request("GET", path);
    expect(shown.text).toBe("<svg/>");
    expect(shown.headers["content-type"]).toBe("image/svg+xml; charset=utf-8");
    expect(shown.headers["content-disposition"]).toBeUndefined();
    const download = await app.request("GET", `${path}?download=1`);
    expect(download.headers["content-disposition"]).toBe("attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe%201.svg");
    expect(statSync(join(app.root, "files/größe 1.svg")).size).toBe(Number(download.headers["content-length"]));
  });

  test("hidden files and folders are not there", async () => {
    app.file("files/.env", "KEY=1");
    for (const path of ["/files/files/.env", "/files/files", "/files/none"]) {
      expect([path, (await app.request("GET", path)).status]).toEqual([path, 404]);
    }
  });
});
