/** The app's menu "Save and Export Notebook As → HTML". */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./support.js";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

function notebook(models: object = {}): string {
  const widgets = {
    "application/vnd.jupyter.widget-state+json": { version_major: 2, version_minor: 0, state: models },
  };
  const cells = [{ cell_type: "markdown", metadata: {}, source: ["# Größe\n", "text"] }];
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { widgets }, cells });
}

test("the menu offers HTML, and the page is a download under the notebook's name", async () => {
  expect((await server.request("GET", "/api/nbconvert")).json()).toEqual({ html: { output_mimetype: "text/html" } });
  server.file("ein Heft (1).ipynb", notebook());
  const answer = await server.request("GET", "/nbconvert/html/ein%20Heft%20(1).ipynb?download=true");
  expect(answer.status).toBe(200);
  expect(answer.headers["content-disposition"]).toBe("attachment; filename*=UTF-8''ein%20Heft%20%281%29.html");
  expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(answer.text).toContain("<title>Größe</title>");
});

test("without the token there is no page; what is no notebook is refused, and what is outside the folder", async () => {
  server.file("text.ipynb", "no JSON");
  const status = async (path: string, options = {}): Promise<number> =>
    (await server.request("GET", `/nbconvert/html/${path}`, options)).status;
  expect(await status("text.ipynb", { anonymous: true })).toBe(403);
  expect(await status("text.ipynb")).toBe(400);
  expect(await status("gone.ipynb")).toBe(404);
  expect(await status("..%2F..%2Fetc%2Fpasswd")).toBe(404);
});

test("a notebook cannot carry modules away from outside the folder", async () => {
  const outside = join(dirname(server.root), "outside-modules");
  mkdirSync(outside, { recursive: true });
  writeFileSync(join(outside, "secret.ts"), "export const f = () => 'secret';\n");
  const state = { kind: "interact", module: "../outside-modules/secret.ts", name: "f", inputs: {}, output: null };
  server.file("thief.ipynb", notebook({ b: { model_name: "BindingModel", model_module: "lowbit", state } }));
  const answer = await server.request("GET", "/nbconvert/html/thief.ipynb");
  expect(answer.status).toBe(400);
  expect(answer.text).toContain("outside the folder");
});
