/** Nothing outside of the root is read or written, whatever the path says. */
import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyFolder } from "../support/kernel.js";
import { startTestServer, type TestServer } from "./support.js";

let app: TestServer;
let outside: string;
const text = (content: string): object => ({ type: "file", format: "text", content });

beforeAll(async () => {
  app = await startTestServer();
  outside = emptyFolder();
  writeFileSync(join(outside, "secret.txt"), "secret");
  app.file("inside.txt", "inside");
  app.file("folder/deep.txt", "deep");
  symlinkSync(join(outside, "secret.txt"), join(app.root, "link.txt"));
  symlinkSync(outside, join(app.root, "link-folder"));
  symlinkSync(join(outside, "not-yet.txt"), join(app.root, "dangling.txt"));
  symlinkSync("inside.txt", join(app.root, "good-link.txt"));
});
afterAll(() => app.close());

const escapes = [
  "../secret.txt",
  "folder/../../secret.txt",
  "..%2fsecret.txt",
  "%2e%2e/secret.txt",
  "%2e%2e%2fsecret.txt",
  "..%5csecret.txt",
  "link.txt",
  "link-folder",
  "link-folder/secret.txt",
  "link-folder/new/deeper.txt",
  "dangling.txt",
];

describe.each(escapes)("%s", (path) => {
  test("is not read", async () => {
    for (const prefix of ["/api/contents/", "/files/"]) {
      const answer = await app.request("GET", `${prefix}${path}`);
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain('secret"');
    }
  });

  test("is not written, created in, renamed, copied or deleted", async () => {
    const before = readFileSync(join(outside, "secret.txt"), "utf8");
    const decoded = decodeURIComponent(path);
    const answers = [
      await app.request("PUT", `/api/contents/${path}`, { body: text("overwritten") }),
      await app.request("POST", `/api/contents/${path}`, { body: { type: "file" } }),
      await app.request("DELETE", `/api/contents/${path}`),
      await app.request("PATCH", `/api/contents/${path}`, { body: { path: "stolen.txt" } }),
      await app.request("PATCH", "/api/contents/inside.txt", { body: { path: decoded } }),
      await app.request("POST", "/api/contents/folder", { body: { copy_from: decoded } }),
      await app.request("POST", `/api/contents/${path}/checkpoints`),
    ];
    for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(400);
    for (const { status } of answers) expect(status).toBeLessThan(500);
    expect(readFileSync(join(outside, "secret.txt"), "utf8")).toBe(before);
    expect(existsSync(join(outside, "not-yet.txt"))).toBe(false);
    expect(existsSync(join(outside, "new"))).toBe(false);
    expect(existsSync(join(app.root, "stolen.txt"))).toBe(false);
    expect(readFileSync(join(app.root, "inside.txt"), "utf8")).toBe("inside");
  });
});

test("an absolute path is a path below the root", async () => {
  const answer = await app.request("GET", `/api/contents/${outside}/secret.txt`);
  expect(answer.status).toBe(404);
  await app.request("PUT", `/api/contents//tmp/lowbit-absolute.txt`, { body: text("x") });
  expect(existsSync("/tmp/lowbit-absolute.txt")).toBe(false);
});

test("a path with NUL is refused", async () => {
  expect((await app.request("GET", "/api/contents/inside.txt%00.png")).status).toBe(400);
  expect((await app.request("PUT", "/api/contents/a%00b.txt", { body: text("x") })).status).toBe(400);
});

test("a broken percent escape is refused", async () => {
  expect((await app.request("GET", "/api/contents/%E0%A4%A")).status).toBe(400);
});

test("a kernel does not start outside either", async () => {
  const answer = await app.request("POST", "/api/sessions", {
    body: { path: "../x.ipynb", type: "notebook", name: "x", kernel: { name: "lowbit" } },
  });
  expect(answer.status).toBe(404);
});

test("a link that leads outside is not listed; one that stays inside is, and can be opened", async () => {
  const listing = (await app.request("GET", "/api/contents")).json<{ content: { name: string }[] }>();
  expect(listing.content.map(({ name }) => name)).toEqual(["folder", "good-link.txt", "inside.txt"]);
  const file = await app.request("GET", "/api/contents/good-link.txt");
  expect(file.json()).toMatchObject({ content: "inside", path: "good-link.txt" });
});

test("saving through a link inside changes the file it names and keeps the link", async () => {
  app.file("target.txt", "old");
  symlinkSync("target.txt", join(app.root, "to-target.txt"));
  expect((await app.request("PUT", "/api/contents/to-target.txt", { body: text("new") })).status).toBe(200);
  expect(readFileSync(join(app.root, "target.txt"), "utf8")).toBe("new");
  expect(lstatSync(join(app.root, "to-target.txt")).isSymbolicLink()).toBe(true);
});

test("a checkpoint folder that is a link outside is refused", async () => {
  mkdirSync(join(app.root, "trap"));
  app.file("trap/a.txt", "a");
  symlinkSync(outside, join(app.root, "trap/.ipynb_checkpoints"));
  expect((await app.request("POST", "/api/contents/trap/a.txt/checkpoints")).status).toBe(404);
  expect(existsSync(join(outside, "a-checkpoint.txt"))).toBe(false);
});

test("a save replaces the name, not a file that shares its content through a hard link", async () => {
  linkSync(join(outside, "secret.txt"), join(app.root, "hard.txt"));
  await app.request("PUT", "/api/contents/hard.txt", { body: text("new") });
  expect(readFileSync(join(outside, "secret.txt"), "utf8")).toBe("secret");
});
